# Every command a human or the CI types. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Without bytecode every start compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

# A service account's home may be missing or closed, and much looks there: caches, certificates, fonts.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.venv/home
endif

VENV := .venv/bin
# Two runs of make must not install at once; where flock is missing they might.
ONE_AT_A_TIME := $(if $(shell command -v flock),flock .install.lock)
# A killed make takes the run with it, in order: services first, database last.
WITH_MAKE := $(if $(shell command -v setpriv),setpriv --pdeathsig TERM --)

.PHONY: help
help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1mmake %-10s\033[0m %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  SAMPLE=none starts empty, PORT_BASE=9001 moves the ports, MOTCUA_HOME=dir moves the data (var/),"
	@echo "  DATABASE_URL=postgresql://… uses that server (18 or later) instead of the embedded one."

.PHONY: run
run: .venv/installed ## Start everything, with the sample of Lai Châu; Ctrl-C stops it
	@exec $(WITH_MAKE) $(VENV)/python -m motcua.run

.PHONY: test
test: .venv/installed.dev ## Run every test (ARGS='-k feed' narrows them)
	@$(VENV)/pytest -n 2 --dist loadgroup $(ARGS) </dev/null

.PHONY: bench
bench: .venv/installed.dev ## Measure speed against floors of the same run (QUICK=1: small sizes)
	@$(VENV)/python -m tests.bench </dev/null

.PHONY: check
check: .venv/installed.dev ## Lint, format, types and import contracts
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports

.PHONY: format
format: .venv/installed.dev ## Format the code and repair what can be repaired
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

.PHONY: migrate
migrate: .venv/installed ## Bring the schemas to their newest revision
	@$(VENV)/motcua migrate

.PHONY: revision
revision: .venv/installed ## Write a migration: make revision SCHEMA=dossier MESSAGE='add …'
	@$(VENV)/motcua revision "$(SCHEMA)" "$(MESSAGE)"

.PHONY: reference
reference: .venv/installed ## Write docs/problems.md and the OpenAPI document anew from the code
	@$(VENV)/python -m motcua.reference

COMPILE := $(VENV)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: lock
lock: .venv/installed ## Renew both lock files from pyproject.toml
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements.dev.lock

.PHONY: clean
clean: ## Remove the environment and the caches; var/ stays
	rm -rf .venv .install.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

INSTALLED_BY := pyproject.toml .ci/install .ci/uv.txt

.venv/installed: requirements.lock $(INSTALLED_BY)
	@$(ONE_AT_A_TIME) .ci/install requirements.lock

.venv/installed.dev: requirements.dev.lock $(INSTALLED_BY)
	@$(ONE_AT_A_TIME) .ci/install requirements.dev.lock
