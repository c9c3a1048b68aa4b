# Everything a person or a machine runs here. Needs make (3.81 will do) and one Python from 3.10 to 3.14; the rest is
# installed into .venv/, from requirements/*.txt, which pin every package by version and hash. Nothing here knows where
# the checkout lies: programs are run as `python -m`, because the scripts that pip makes name the folder that they were
# made in. What `make help` prints are the lines that begin with `#:`.

# With `sh`: an archive or a file system may lose the permission to execute.
PYTHONS := sh .ci/pythons
ifneq ($(origin VERSIONS),command line)
VERSIONS := $(shell $(PYTHONS))
endif
FIRST := $(firstword $(VERSIONS))
OTHERS := $(filter-out $(FIRST),$(VERSIONS))
# The first version's environment begins with what the demo and ./cos-watermark need, and is `ready`; with all that the
# tests and the linters need on top, it has its `tools`. Each further version has an environment with the test set.
MAIN := .venv/main
BIN := $(MAIN)/bin
# $(call install,version) MARK SET... makes an environment what its mark says.
install = "$$($(PYTHONS) $(1))" -m ops.install
export PYTHONDONTWRITEBYTECODE := 1
# They would show packages of elsewhere as if they were an environment's.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH
# Processes that the tests of a further Python run in. `make test` runs all Pythons at once, so that no core waits for
# the slowest test of one of them; there each has one process (0: no further ones), which collects and imports once.
OTHER_WORKERS := 2
# The tests that coverage is measured with, and that run by themselves for it: measuring makes a test half as slow again.
# These are the cheapest that reach nearly all of functions/ and shared/: of its parts, and of whole deployments.
MEASURED := $(shell cat tests/measured.txt)
# Before the first Python's tests, unless it is known to be done.
TOOLKIT := toolkit
# Says what `make test` is about to do, and keeps how long it took.
OUTLOOK = "$$($(PYTHONS) $(FIRST))" -m tests.outlook
# As many jobs at once as there are, unless the caller said how many.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j)
# What the tests of several Pythons print stays together, job by job, where make can do that (GNU make 4 and later).
TOGETHER := $(if $(OTHERS),$(if $(filter output-sync,$(.FEATURES)),--output-sync))
# The marks of environments that will not do: one that came with a copy from another machine has no interpreter here,
# and one may be of a Python that is not its own any more, because the first one is another since.
STALE := $(shell cd .venv 2>/dev/null && for ready in */ready; do \
    test -e $$ready || continue; read version digest <$$ready; name=$${ready%/ready}; \
    case $$name in (main) name=$(FIRST) ;; esac; \
    test -x $${ready%ready}bin/python && test "$$version" = "$$name" || echo .venv/$$ready; \
done 2>/dev/null)

.DEFAULT_GOAL := help

#: Try it
#:   make demo          Play the main job on a fake cloud: no account, no cost
#:                      (DEMO=url or DEMO=tdmq: by one channel only;
#:                      KEEP=1: the cloud keeps running until Ctrl-C)
demo: $(MAIN)/ready
	@$(BIN)/python -m ops demo

#:
#: Use it: ./cos-watermark --help lists its commands; these two are for make
#:   make bundle        Build what is deployed, dist/cos-watermark.zip
bundle: $(MAIN)/ready
	@$(BIN)/python -m ops bundle

#:   make deploy        Build, show what will change in your account, ask, deploy
deploy: $(MAIN)/ready
	@$(BIN)/python -m ops deploy

#:
#: Work on it
#:   make test          Lint, types, and the tests on every Python there is
test: python-found
	@$(OUTLOOK) plan $(VERSIONS)
	@$(if $(TOGETHER),echo "Each part prints its lines when it is done.")
	@INSTALL_LINES=1 $(MAKE) --no-print-directory $(JOBS) environments
	@$(OUTLOOK) begin $(VERSIONS)
	@rm -f build/failed
	@$(MAKE) --no-print-directory $(JOBS) $(TOGETHER) OTHER_WORKERS=0 TOOLKIT= VERSIONS="$(VERSIONS)" $(PARTS) || \
	    { test ! -e build/failed || echo "Failed: make $$(echo $$(cat build/failed)). What is wrong is above, where each ends." >&2; exit 1; }
	@$(BIN)/python -m tests.coverage_summary
	@$(OUTLOOK) end $(VERSIONS)

# A part of `make test`, which says at its end the parts that failed: those that end later have their lines below them.
PARTS = $(addprefix part-,lint types $(addprefix test-,$(VERSIONS)))
$(PARTS): part-%:
	@$(MAKE) --no-print-directory $* || { echo $* >>build/failed; exit 1; }

#:   make test-3.12     The tests on one Python, here 3.12
test-$(FIRST): measured unmeasured

measured: $(MAIN)/tools
	@mkdir -p build/coverage
	@echo "measuring coverage with some of the tests"
	@$(BIN)/python -m coverage run -m pytest $(MEASURED) >build/coverage/tests.txt 2>&1 || { cat build/coverage/tests.txt; exit 1; }
	@tail -n 1 build/coverage/tests.txt
	@$(BIN)/python -m tests.coverage_summary

unmeasured: $(MAIN)/tools $(TOOLKIT)
	@echo "$(BIN)/python -m pytest -n 2 --dist worksteal, without those that are measured"
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(MEASURED:%=--ignore=%)

$(addprefix test-,$(OTHERS)): test-%: .venv/%/ready
	HYPOTHESIS_PROFILE=few .venv/$*/bin/python -m pytest -n $(OTHER_WORKERS) --dist worksteal -m 'not once'

#:   make coverage      What the last tests ran of functions/ and shared/, by file
coverage: $(MAIN)/tools
	@test -e build/coverage/data || { echo "Nothing is measured yet: make test does that, or make measured alone." >&2; exit 1; }
	@$(BIN)/python -m coverage report --show-missing --skip-covered --fail-under=0 $(FORMAT)

#:   make bench         What an invocation costs, measured in 20 minutes
bench: $(MAIN)/tools
	@$(BIN)/python -m tests.benchmarks.production

#:   make test-long     An hour of random schedules, more examples, large numbers
test-long: $(MAIN)/tools
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n 2 tests/test_crash_matrix.py tests/test_interleaving.py tests/test_limit_faults.py \
	    tests/test_others_meanwhile.py tests/test_asked_meanwhile.py tests/test_settling.py tests/test_endings.py tests/test_patience.py tests/test_giving_up.py \
	    tests/test_write_back.py tests/shared tests/benchmarks tests/ops/test_production.py \
	    tests/ops/deploy/test_interrupted.py tests/ops/setup/test_cut_runs.py tests/ops/submit/test_kills.py
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -s tests/ops/submit/test_many.py
	$(BIN)/python -m tests.schedules --seconds 3600

#:   make test-mutants  Break each guard in turn, and show which test notices
test-mutants: $(MAIN)/tools
	@$(BIN)/python -m tests.mutants

#:   make lint          Style and likely bugs
lint: $(MAIN)/tools
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

#:   make types         Static types
types: $(MAIN)/tools
	$(BIN)/python -m mypy

#:   make format        Put the code into shape
format: $(MAIN)/tools
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

#:   make readme        Renew the parts of the documents that are made from code
readme: $(MAIN)/ready
	@$(BIN)/python -m ops.readme

# Stands at the head of what it makes, where Dependabot looks how to make it again.
COMPILE := uv pip compile --universal --python-version 3.10

#:   make lock          Renew requirements/*.txt from requirements/*.in
lock: $(MAIN)/tools
	$(BIN)/python -m pip install --quiet --no-user --target= --root=/ --prefix="$(CURDIR)/$(MAIN)" uv
	for set in build deploy run test dev; do \
	    $(BIN)/python -m $(COMPILE) --quiet --upgrade --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock: $(COMPILE)' \
	        requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	done
	$(BIN)/python -m tests.checkout.measure

#:
#: Install and remove; the others install what they need by themselves
#:   make environments  Install now what `make test` needs (it does so too)
environments: $(MAIN)/tools $(addprefix .venv/,$(addsuffix /ready,$(OTHERS))) toolkit

#:   make toolkit       Install what one test asks, Tencent's own library (npm)
toolkit: $(MAIN)/ready
	@$(BIN)/python -m tests.toolkit.install

#:   make clean         Remove what was installed and built: .venv, build, ...
clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis

#:   make help          This list
help:
	@echo "New here? Begin with: make demo"
	@echo
	@sed -n 's/^#: \{0,1\}//p' Makefile
	@echo
	@echo "Pythons here: $(VERSIONS)"

$(MAIN)/ready: requirements/build.txt requirements/run.txt | python-found
	@$(call install,$(FIRST)) $@ run

$(MAIN)/tools: $(MAIN)/ready requirements/dev.txt
	@$(call install,$(FIRST)) $@ run dev

.venv/%/ready: requirements/build.txt requirements/test.txt | python-found
	@$(call install,$*) $@ test

ifneq ($(STALE),)
$(STALE): stale
endif
stale:

python-found:
	@test -n "$(VERSIONS)" || { sh .ci/pythons --why >&2; exit 1; }
ifeq ($(MAKELEVEL)$(origin VERSIONS),0command line)
	@for version in $(VERSIONS); do \
	    test -n "$$($(PYTHONS) $$version)" || { echo "There is no usable Python $$version here; make help shows which there are." >&2; exit 1; }; \
	done
endif

# Of a version that is not here; others have rules of their own.
test-3.%:
	@echo "There is no usable Python 3.$* here; make help shows which there are." >&2; exit 1

.PHONY: bench demo bundle deploy test measured unmeasured coverage test-long test-mutants lint types format readme lock environments toolkit clean help python-found stale $(PARTS) $(addprefix test-,$(VERSIONS))
