# Everything a person or a machine runs here. Needs make and one Python from 3.10 to 3.14; the rest is installed into
# .venv/, from requirements/*.txt, which pin every package by version and hash. Nothing here knows where the checkout
# lies: programs are run as `python -m`, because the scripts that pip makes name the folder that they were made in.

# What there is, as 3.10=/usr/bin/python3.10. With `sh`: an archive or a file system may lose the permission to execute.
PYTHONS := $(shell for p in $$(sh .ci/pythons); do $$p -c 'import sys; print("%d.%d=" % sys.version_info[:2] + sys.argv[1])' $$p; done)
VERSIONS := $(foreach python,$(PYTHONS),$(firstword $(subst =, ,$(python))))
# $(call python,version)
python = $(patsubst $(1)=%,%,$(filter $(1)=%,$(PYTHONS)))
MAIN := .venv/main
BIN := $(MAIN)/bin
# The first interpreter's environment also has the linters; each further version has one with the test set.
OTHERS := $(wordlist 2,9,$(VERSIONS))
PIP := -m pip --disable-pip-version-check --quiet --quiet --no-input
export PYTHONDONTWRITEBYTECODE := 1
# Processes that the tests of a further Python run in. `make test` runs all Pythons at once, so that no core waits for
# the slowest test of one of them; there each has one process (0: no further ones), which collects and imports once.
OTHER_WORKERS := 2
# What jobs that run at once print stays together, job by job, where make can do that (GNU make 4 and later).
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync)
# An environment that came with a copy from another machine may have no interpreter here: it is made again.
$(shell for ready in .venv/*/ready; do test -x "$${ready%ready}bin/python" || rm -f "$$ready"; done)

.DEFAULT_GOAL := help

help: ## What there is to run
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(MAIN)/ready ## The main job, end to end, on a fake cloud over real HTTP (DEMO=url or tdmq for one channel)
	@$(BIN)/python -m ops demo

test: ## Lint, types, and the tests on every Python there is
	@$(MAKE) --no-print-directory -j $(TOGETHER) OTHER_WORKERS=0 lint types $(addprefix test-,$(VERSIONS))
	@echo "tested on Python $(VERSIONS)"

environments: $(MAIN)/ready $(addprefix .venv/,$(addsuffix /ready,$(OTHERS))) toolkit

lint: $(MAIN)/ready ## Style and likely bugs
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(MAIN)/ready ## Static types
	$(BIN)/python -m mypy

format: $(MAIN)/ready ## Put the code into shape
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

lock: $(MAIN)/ready ## Renew requirements/*.txt from requirements/*.in
	$(call pip,$(MAIN)) uv
	for set in build deploy test dev; do \
	    $(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	        requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	done

readme: $(MAIN)/ready ## Renew the parts of the README that are made from the code
	@$(BIN)/python -m ops.readme

bundle: $(MAIN)/ready ## Build what is deployed: dist/cos-watermark.zip, and the folder build/bundle
	@$(BIN)/python -m ops bundle

deploy: $(MAIN)/ready ## Build, show what differs from what is deployed, and deploy
	@$(BIN)/python -m ops deploy

test-mutants: $(MAIN)/ready ## Break each guard in turn and show which test notices
	@$(BIN)/python -m tests.mutants

test-long: $(MAIN)/ready ## An hour of random schedules, and more examples of what is random
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n 2 tests/test_crash_matrix.py tests/test_interleaving.py tests/test_limit_faults.py \
	    tests/test_others_meanwhile.py tests/test_asked_meanwhile.py tests/test_settling.py tests/test_endings.py \
	    tests/test_write_back.py tests/shared tests/benchmarks tests/ops/test_production.py \
	    tests/ops/deploy/test_interrupted.py tests/ops/setup/test_cut_runs.py tests/ops/submit/test_kills.py
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -s tests/ops/submit/test_many.py
	$(BIN)/python -m tests.schedules --seconds 3600

toolkit: $(MAIN)/ready ## Install Tencent's own deployment library, which one test asks; needs npm
	@$(BIN)/python -m tests.toolkit.install

clean: ## Remove what was installed and built
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis

test-$(firstword $(VERSIONS)): $(MAIN)/ready toolkit
	$(BIN)/python -m pytest -n 2 --dist worksteal

$(addprefix test-,$(OTHERS)): test-%: .venv/%/ready
	HYPOTHESIS_PROFILE=few .venv/$*/bin/python -m pytest -n $(OTHER_WORKERS) --dist worksteal -m 'not once'

$(MAIN)/ready: requirements/build.txt requirements/dev.txt | python-found
	@$(call install,$(call python,$(firstword $(VERSIONS))),$(MAIN),dev)

.venv/%/ready: requirements/build.txt requirements/test.txt | python-found
	@$(call install,$(call python,$*),.venv/$*,test)

# $(call install,interpreter,environment,requirements): crcmod exists as source only; it is built with the pinned
# setuptools instead of with whatever is newest. pip's own configuration stays in force, for it may name the index that
# this machine needs; only what it may say of another place to install to (user, target, root, prefix) is undone.
define install
echo "installing $(3) requirements for $$($(1) --version) into $(2)" && \
rm -rf $(2) && $(1) -m venv $(2) && \
$(call pip,$(2)) --require-hashes -r requirements/build.txt && \
$(call pip,$(2)) --require-hashes --no-build-isolation --use-pep517 -r requirements/$(3).txt && \
touch $(2)/ready
endef
pip = $(1)/bin/python $(PIP) install --no-user --target= --root=/ --prefix="$(CURDIR)/$(1)"

python-found:
	@test -n "$(PYTHONS)" || { sh .ci/pythons --why >&2; exit 1; }

.PHONY: help environments test-mutants test-long demo test toolkit lint types format lock readme bundle deploy clean python-found $(addprefix test-,$(VERSIONS))
