# `make demo` and `make test` need Python 3.11+, git and make; everything else they bring in themselves (see browser below).

# The first that runs and is new enough: a name on the PATH may be a version manager's empty promise.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

# dbt, which tests/dbt hold us against, does not run on the newest Python yet.
DBT_PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3.10 python3; do \
	$$name -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$name; break; }; done)

.PHONY: demo test lint lowest locked lock fuzz mutants benchmark browser clean

# Install, scan the example repository, print the summary, write its site and name the page to open.
demo: $(VENV)/.demo
	$(BIN)/sqllineage-scan scan examples/shop --output demo/lineage.json
	$(BIN)/sqllineage-scan site examples/shop --output demo/site

# Install and run every check and every test.
test: $(VENV)/.test $(VENV)/.dbt browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto --dist loadgroup

# The tests once more with the oldest sqlglot that pyproject.toml allows.
lowest: $(VENV)/.lowest browser
	$(VENV)/lowest/bin/pytest tests --numprocesses auto --dist loadgroup --ignore tests/packaging --ignore tests/dbt

# The tests once more with exactly what requirements/dev.lock says, every file of it by its hash.
locked: $(VENV)/.locked browser
	$(VENV)/locked/bin/pytest tests --numprocesses auto --dist loadgroup --ignore tests/packaging --ignore tests/dbt

# Resolve what development needs anew, for every Python and system that we support.
lock: $(VENV)/.lock
	$(VENV)/lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --upgrade \
		--custom-compile-command "make lock" --quiet --output-file requirements/dev.lock

# Coverage-guided fuzzing, MINUTES of CPU time for each target. What it finds lies in demo/fuzz/*/findings.
MINUTES ?= 30
fuzz: $(VENV)/.fuzz
	for target in render parse documents; do $(VENV)/fuzz/bin/python -m benchmarks.fuzz $$target --minutes $(MINUTES) || exit 1; done

# Small changes of resolve, lineage and diff that some test must notice: make mutants SAMPLE=200, or all of them without.
mutants: $(VENV)/.mutants
	$(VENV)/mutants/bin/python -m benchmarks.mutants $(if $(SAMPLE),--sample $(SAMPLE))

# The figures in the README and in docs/benchmarks.md: make benchmark REPOSITORY=path/to/a/repository
benchmark: $(VENV)/.test
	$(BIN)/python benchmarks/cold_scan.py $(REPOSITORY)

# tests/site clicks through the site in a real browser: Debian's, since Selenium is told to download none.
browser:
	@if ! command -v chromedriver >/dev/null || ! { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null; \
		else echo "make: tests/site needs Chromium and chromedriver; on Debian: apt-get install chromium chromium-driver" >&2; exit 2; fi; fi
	@if ! command -v dot >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends graphviz >/dev/null; \
		else echo "make: tests/graph draws with Graphviz; on Debian: apt-get install graphviz" >&2; exit 2; fi; fi

clean:
	rm -rf $(VENV) demo build dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed, and none is on the PATH; try make PYTHON=/path/to/python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "make: $(PYTHON) has no venv; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

# In an environment of its own: it needs a newer DuckDB than tests/execution.
$(VENV)/.dbt: $(VENV)/bin/python pyproject.toml
	@test -n "$(DBT_PYTHON)" || { echo "make: dbt needs Python 3.10 to 3.13, and none is on the PATH; try make DBT_PYTHON=/path/to/python3.12" >&2; exit 2; }
	$(DBT_PYTHON) -m venv $(VENV)/dbt
	$(VENV)/dbt/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/dbt/bin/python -m pip install --quiet --group dbt
	@touch $@

$(VENV)/.locked: $(VENV)/bin/python requirements/dev.lock
	$(PYTHON) -m venv $(VENV)/locked
	$(VENV)/locked/bin/python -m pip install --quiet --require-hashes --requirement requirements/dev.lock
	$(VENV)/locked/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.lock: $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet "uv>=0.9"
	@touch $@

# Without sqlglot's compiled build, of which no coverage is seen.
$(VENV)/.fuzz: $(VENV)/bin/python pyproject.toml
	$(PYTHON) -m venv $(VENV)/fuzz
	$(VENV)/fuzz/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/fuzz/bin/python -m pip install --quiet --editable . --group fuzz
	$(VENV)/fuzz/bin/python -m pip uninstall --quiet --yes sqlglotc
	@touch $@

$(VENV)/.mutants: $(VENV)/bin/python pyproject.toml
	$(PYTHON) -m venv $(VENV)/mutants
	$(VENV)/mutants/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/mutants/bin/python -m pip install --quiet --editable . --group mutants
	@touch $@

$(VENV)/.lowest: $(VENV)/bin/python pyproject.toml
	$(PYTHON) -m venv $(VENV)/lowest
	$(VENV)/lowest/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/lowest/bin/python -m pip install --quiet --editable . --group test "sqlglot[c]==$$($(BIN)/python -c 'import re, tomllib; print(re.search(r"sqlglot>=([0-9.]+)", " ".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]))[1])')"
	@touch $@
