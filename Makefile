# Every target sets up what it needs: `make run` and `make test` work on a bare machine with Python 3.11.
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
# Tiny models on few cores: more threads than one make the tests slower, not faster.
TEST_ENV := OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 GRADIO_ANALYTICS_ENABLED=False
# Databases wait for the disk, so what tests write lies in memory where Linux has a gigabyte to spare for it.
TEST_ENV += $(shell [ -w /dev/shm ] && [ $$(df --output=avail /dev/shm | tail -1) -ge 1000000 ] && echo TMPDIR=/dev/shm)
# Two workers, a file at a time in the order of their names: first the browser's, which are the longest.
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder

# Node checks the pages' scripts; nothing of what runs needs it.
HAS_NODE := command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1
SCRIPT_TESTS := if command -v node >/dev/null 2>&1; then node --test --test-reporter=dot tests/script/*.test.js; \
	else echo "Node is missing: the tests of the scripts in tests/script are skipped."; fi

.PHONY: run test test-long lint bench clean

run: $(VENV)/.runtime
	$(PY) app.py

# The scripts' own tests come first and take milliseconds; where they fail, pytest runs all the same and then make fails.
test: $(VENV)/.dev chromium postgresql
	@$(SCRIPT_TESTS) && scripts=0 || scripts=1; \
	$(TEST_ENV) $(PY) -m pytest $(IN_TWO) && exit $$scripts

# What takes minutes each and is no part of `make test`.
test-long: $(VENV)/.dev chromium postgresql
	$(TEST_ENV) $(PY) -m pytest $(IN_TWO) -m "slow and not gpu"

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	@if $(HAS_NODE); then $(MAKE) --no-print-directory lint-scripts; \
	else echo "Node is missing: the pages' scripts are not checked. They need it for their checks alone, not to run."; fi

.PHONY: lint-scripts
lint-scripts: node_modules/.package-lock.json
	node_modules/.bin/tsc --project tsconfig.json
	node_modules/.bin/biome lint --error-on-warnings

node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund --silent
	touch $@

bench: $(VENV)/.dev
	@ls benchmarks/*/*.py
	@echo "Each is run by: $(PY) -m benchmarks.ROOM.NAME"

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt $(VENV)/bin/python
	$(PY) -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt requirements-postgresql.txt $(VENV)/.runtime
	$(PY) -m pip install --quiet --requirement requirements-dev.txt
	touch $@

# The browser tests drive Debian's chromium; where it cannot be installed they skip and say why.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "Chromium is missing and cannot be installed here: the browser tests will be skipped. As root: apt-get install chromium"

# The database's tests run on SQLite and on Debian's PostgreSQL, which each run starts for itself on a free port.
.PHONY: postgresql
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } \
	  || echo "PostgreSQL is missing and cannot be installed here: its tests will be skipped. As root: apt-get install postgresql"

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
