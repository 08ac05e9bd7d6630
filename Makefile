# make demo    a case from call to closed, on this machine     make up       the whole product on this machine
# make test    all checks: style, types, imports, tests        make bench    the benchmarks
# make lock    renew the lock files                            make clean    remove what make made
#
# Needs a Python >= 3.11; `make demo PYTHON=/path/to/python` names one.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate

.PHONY: demo up test bench lock clean

demo: $(VENV)/runtime.stamp
	@$(BIN)/curative demo

up: $(VENV)/runtime.stamp
	@$(BIN)/curative up

test: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest --numprocesses 3 --dist worksteal

bench: $(VENV)/dev.stamp
	@for benchmark in business_time codec_cost case_cost throughput opening; do \
		$(BIN)/python -m benchmarks.$$benchmark || exit 1; done

# The recipes below run once; a second `make` finds the stamps.

$(VENV)/bin/python:
	@python=$$(deploy/find-python "$(PYTHON)") && "$$python" -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once)"
	@$(PIP) install --only-binary :all: --no-deps --requirement requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@echo "Installing the tools of the checks into $(VENV) (once)"
	@$(PIP) install --only-binary :all: --no-deps --requirement requirements-dev.lock
	@touch $@

lock:
	@$(LOCK) pyproject.toml --group build --output-file requirements.lock
	@$(LOCK) pyproject.toml --group build --group dev --output-file requirements-dev.lock

clean:
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
