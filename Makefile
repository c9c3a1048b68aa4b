# Everything a person or a machine runs here. Needs make and one Python from 3.10 to 3.13; the rest is installed into
# .venv/, from requirements/*.txt, which pin every package by version and hash.

PYTHONS := $(shell .ci/pythons)
PYTHON := $(firstword $(PYTHONS))
MAIN := .venv/main
BIN := $(MAIN)/bin
VERSIONS := $(shell for p in $(PYTHONS); do $$p -c 'import sys; print("%d.%d" % sys.version_info[:2])'; done)
# The first interpreter's environment also has the linters; each further version has one with the test set.
OTHERS := $(wordlist 2,9,$(VERSIONS))
PIP := -m pip --disable-pip-version-check --quiet --quiet --no-input
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help

help: ## What there is to run
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(MAIN)/ready ## The main job, end to end, on a fake cloud over real HTTP (DEMO=url or tdmq for one road)
	@$(BIN)/python -m ops demo

test: lint types $(addprefix test-,$(VERSIONS)) ## Lint, types, and the tests on every Python there is
	@echo "tested on Python $(VERSIONS)"

lint: $(MAIN)/ready ## Style and likely bugs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(MAIN)/ready ## Static types
	$(BIN)/mypy

format: $(MAIN)/ready ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(MAIN)/ready ## Renew requirements/*.txt from requirements/*.in
	$(BIN)/python $(PIP) install uv
	for set in build deploy test dev; do \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	        requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	done

readme: $(MAIN)/ready ## Renew the parts of the README that are made from the code
	@$(BIN)/python -m ops.readme

bundle: $(MAIN)/ready ## Build what is deployed: dist/cos-watermark.zip, and the folder build/bundle
	@$(BIN)/cos-watermark bundle

deploy: $(MAIN)/ready ## Check .env, build, and deploy with Tencent's own tool
	@$(BIN)/cos-watermark deploy

test-mutants: $(MAIN)/ready ## Break each guard in turn and show which test notices
	@$(BIN)/python -m tests.mutants

test-long: $(MAIN)/ready ## The random histories, many more and longer
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n 2 tests/test_state_machine.py tests/test_queue_histories.py tests/test_write_back.py

clean: ## Remove what was installed and built
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis *.egg-info tests/toolkit/node_modules

test-$(firstword $(VERSIONS)): $(MAIN)/ready
	$(BIN)/python -m pytest -n 2

$(addprefix test-,$(OTHERS)): test-%: .venv/%/ready
	.venv/$*/bin/python -m pytest -n 2 -m 'not once'

# Also the checkout itself, for the command `cos-watermark`.
$(MAIN)/ready: requirements/build.txt requirements/dev.txt | python-found
	@$(call install,$(PYTHON),$(MAIN),dev) && \
	$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable . && touch $@

.venv/%/ready: requirements/build.txt requirements/test.txt
	@$(call install,$(filter %,$(shell .ci/pythons | while read p; do $$p -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$*")' && echo $$p; done)),.venv/$*,test)

# $(call install,interpreter,environment,requirements): crcmod exists as source only; it is built with the pinned
# setuptools instead of with whatever is newest.
define install
echo "installing $(3) requirements for $$($(1) --version) into $(2)" && \
rm -rf $(2) && $(1) -m venv $(2) && \
$(2)/bin/python $(PIP) install --require-hashes -r requirements/build.txt && \
$(2)/bin/python $(PIP) install --require-hashes --no-build-isolation --use-pep517 -r requirements/$(3).txt && \
touch $(2)/ready
endef

python-found:
	@test -n "$(PYTHON)" || { echo "no Python from 3.10 to 3.13 (with venv) was found on PATH or in pyenv"; exit 1; }

.PHONY: help test-mutants test-long demo test lint types format lock readme bundle deploy clean python-found $(addprefix test-,$(VERSIONS))
