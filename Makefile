# `make` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --silent --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
ESTATE ?= examples/acme
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first interpreter that is new enough; `make PYTHON=…` overrides it.
PYTHON ?= $(firstword $(foreach p,python3.11 python3 python3.13 python3.12,\
  $(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))

.PHONY: help
help:  ## list the targets
	sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: up
up: $(VENV)/.installed  ## run the example estate on this machine (another: ESTATE=folder)
	exec $(BIN)/forecourt up --local $(ESTATE)

.PHONY: test
test: lint  ## everything that must hold before a change lands (pytest options: ARGS=…)
	command -v curl >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	       && apt-get -qq update && apt-get -qq install --yes curl >/dev/null; } \
	  || { echo 'the tests need curl; on Debian: apt-get install curl' >&2; exit 1; }
	$(BIN)/pytest $(ARGS)

.PHONY: search
search: $(VENV)/.installed-dev  ## let chance look for what no test has tried (again: ARGS=--hypothesis-seed=N)
	$(BIN)/pytest --hypothesis-profile=search -m hypothesis $(ARGS)

.PHONY: exhaustive
exhaustive: $(VENV)/.installed-dev  ## try all of what `make test` tries some of
	$(BIN)/pytest -m exhaustive $(ARGS)

.PHONY: conformance
conformance: $(VENV)/.installed-dev $(VENV)/schemathesis/.installed  ## let schemathesis look for an answer that its contract lacks
	$(BIN)/pytest -n 0 tests/end_to_end/conformance $(ARGS)

.PHONY: lint
lint: $(VENV)/.installed-dev  ## style, types and layers
	step() { \
	  printf '%-8s' "$$1"; \
	  if out=$$("$${@:2}" 2>&1); then echo ok; else failed=1; printf 'failed\n%s\n' "$$out"; fi; \
	}; \
	step style $(BIN)/ruff check --output-format=concise .; \
	step format $(BIN)/ruff format --check .; \
	step types $(BIN)/mypy; \
	step layers $(BIN)/lint-imports --no-logo; \
	test -z "$${failed:-}"

.PHONY: format
format: $(VENV)/.installed-dev  ## let ruff repair what it can
	$(BIN)/ruff check --quiet --fix --exit-zero .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.installed-dev  ## measure the edge against bare Envoy; fails where a goal is missed
	command -v wrk >/dev/null && command -v nginx >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	       && apt-get -qq update && apt-get -qq install --yes wrk nginx-light >/dev/null; } \
	  || { echo 'bench needs wrk and nginx; on Debian: apt-get install wrk nginx-light' >&2; exit 1; }
	$(BIN)/python -m bench $(ARGS)

.PHONY: lock
lock: $(VENV)/uv/bin/uv  ## write the lock files from pyproject.toml (newest versions: ARGS=--upgrade)
	compile() { $< pip compile --quiet --no-config --universal --generate-hashes \
	  --custom-compile-command 'make lock' $(ARGS) "$$@"; }; \
	compile --output-file requirements.lock --group build pyproject.toml; \
	compile --output-file requirements-dev.lock --group build --group dev \
	  --constraints requirements.lock pyproject.toml; \
	compile --output-file requirements-conformance.lock --group conformance

.PHONY: clean
clean:  ## remove what was built, cached or started; keeps .venv
	rm -rf build dist .coverage .forecourt examples/*/.forecourt \
	  .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bench src tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

$(VENV)/pyvenv.cfg:
	test -n '$(PYTHON)' \
	  && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo 'forecourt needs Python 3.11 or newer; name one with PYTHON=…' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo 'on Debian: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	echo 'installing forecourt into $(VENV)'
	$(BIN)/pip install -qq --require-hashes --requirement requirements.lock
	$(BIN)/pip install -qq --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	echo 'installing what the tests need into $(VENV)'
	$(BIN)/pip install -qq --require-hashes --requirement requirements-dev.lock
	touch $@

$(VENV)/schemathesis/.installed: requirements-conformance.lock | $(VENV)/pyvenv.cfg
	echo 'installing schemathesis into $(VENV)/schemathesis'
	$(BIN)/python -m venv $(VENV)/schemathesis
	$(VENV)/schemathesis/bin/pip install -qq --require-hashes --requirement $<
	touch $@

$(VENV)/uv/bin/uv: | $(VENV)/pyvenv.cfg
	$(BIN)/python -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install -qq uv
