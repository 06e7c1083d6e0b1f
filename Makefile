# `make demo` and `make test` need Python 3.11+, git and make; everything else they bring in themselves.

PYTHON ?= $(shell command -v python3.14 || command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint lowest benchmark clean

# Install, scan the example repository, print the summary and where the output lies.
demo: $(VENV)/.demo
	$(BIN)/sqllineage-scan scan examples/shop --output demo/lineage.json

# Install and run every check and every test.
test: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto

# The tests once more with the oldest sqlglot that pyproject.toml allows.
lowest: $(VENV)/.lowest
	$(VENV)/lowest/bin/pytest tests --numprocesses auto --ignore tests/packaging

# The figures in the README and in docs/benchmarks.md: make benchmark REPOSITORY=path/to/a/repository
benchmark: $(VENV)/.test
	$(BIN)/python benchmarks/cold_scan.py $(REPOSITORY)

clean:
	rm -rf $(VENV) demo build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed, $(PYTHON) is older; try make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(VENV)/.lowest: $(VENV)/bin/python pyproject.toml
	$(PYTHON) -m venv $(VENV)/lowest
	$(VENV)/lowest/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/lowest/bin/python -m pip install --quiet --editable . --group test "sqlglot[c]==$$($(BIN)/python -c 'import re, tomllib; print(re.search(r"sqlglot>=([0-9.]+)", " ".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]))[1])')"
	@touch $@
