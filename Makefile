# The front door. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:

SUITABLE := 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
# The first Python that really starts and can make an environment; PYTHON=... names another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c $(SUITABLE) >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
TAG ?= $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' tollgate/__init__.py)
REGISTRY ?= tollgate
BASE ?= python:3.11-slim-bookworm
DOCKER_BUILD ?= docker build
export PYTHONSAFEPATH := 1

.PHONY: help run serve test check format compile images bench bench-serving e2e lock docs clean python

help: ## say what there is
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/.run ## simulate a loan book, train, judge, publish
	@test -e loans.csv || "$(BIN)/tollgate" simulate
	@"$(BIN)/tollgate" run

serve: $(VENV)/.run ## serve the published model on port 8080
	@"$(BIN)/tollgate" serve

test: $(VENV)/.dev ## the whole test suite, a worker for each core, up to 4 (TESTS: -m "not long" for a shorter one)
	@"$(BIN)/python" -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

check: $(VENV)/.dev ## lint, format, types, import rules
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/mypy"
	@"$(BIN)/lint-imports"

format: $(VENV)/.dev ## format the code
	@"$(BIN)/ruff" check --fix .
	@"$(BIN)/ruff" format .

compile: $(VENV)/.run ## compile the pipeline to pipeline.yaml
	@"$(BIN)/tollgate" compile --output pipeline.yaml

images: ## build the serving image (REGISTRY, TAG, BASE)
	$(DOCKER_BUILD) --build-arg BASE=$(BASE) -t $(REGISTRY)/serving:$(TAG) -f serving/Dockerfile .

bench: $(VENV)/.dev ## measure ours beside plain scikit-learn (DATA: the folder with the data sets)
	@"$(BIN)/python" benchmarks/single_row.py
	@PYTHONSAFEPATH= "$(BIN)/python" -m benchmarks.bootstrap
	@PYTHONSAFEPATH= "$(BIN)/python" -m benchmarks.gates
	@test -z "$(DATA)" || "$(BIN)/python" benchmarks/real_data.py "$(DATA)"

bench-serving: $(VENV)/.dev ## measure the endpoint beside its peers (BENCH: --quick, --only NAME ...)
	@PYTHONSAFEPATH= "$(BIN)/python" -m benchmarks.serving --page benchmarks/serving.md --plot benchmarks/serving.svg $(BENCH)

e2e: $(VENV)/.dev ## the tests that need a cluster (KUBECONFIG)
	@"$(BIN)/python" -m pytest tests/cluster

docs: $(VENV)/.run ## renew the schemas and the reference pages in docs/
	@"$(BIN)/tollgate" schema > docs/workflow.schema.json
	@"$(BIN)/tollgate" schema --evidence > docs/evidence.schema.json
	@"$(BIN)/tollgate" schema --reference > docs/workflow.md
	@"$(BIN)/tollgate" gates --reference > docs/gates.md

lock: $(VENV)/.dev ## renew the lock files
	@"$(BIN)/pip" install --quiet 'uv>=0.5'
	@"$(BIN)/uv" pip compile $(LOCK) --extra pipelines --extra serving pyproject.toml requirements/build.in -o requirements/run.lock
	@"$(BIN)/uv" pip compile $(LOCK) --extra pipelines --extra serving --extra dev -c requirements/run.lock pyproject.toml requirements/build.in -o requirements/dev.lock
	@"$(BIN)/uv" pip compile $(LOCK) -c requirements/run.lock requirements/serving.in -o requirements/serving.lock
LOCK := --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade

clean: ## remove what was made here, the published models too
	rm -rf .venv .venv-* .tollgate loans.csv loans.truth.txt pipeline.yaml build *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

python:
	@"$(PYTHON)" -c $(SUITABLE) >/dev/null 2>&1 || { echo "Python 3.11, 3.12 or 3.13 with venv is needed: install python3.13 (Debian: apt install python3 python3-venv; macOS: brew install python@3.13)"; exit 1; }

$(VENV)/.run: requirements/run.lock pyproject.toml | python
	@$(call install,requirements/run.lock)
	@touch "$@"

$(VENV)/.dev: requirements/dev.lock pyproject.toml | python
	@$(call install,requirements/dev.lock)
	@touch "$@" "$(VENV)/.run"

define install
set -e; echo "setting up $(VENV) with $$($(PYTHON) --version), once"; \
"$(PYTHON)" -m venv "$(VENV)"; \
"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
