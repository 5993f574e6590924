# Every target sets up what it needs: `make run` and `make test` work on a bare machine with Python 3.11.
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
# Tiny models on few cores: more threads than one make the tests slower, not faster.
TEST_ENV := OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 GRADIO_ANALYTICS_ENABLED=False
# Two workers, a file at a time in the order of their names: first the browser's, which are the longest.
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test test-long lint bench clean

run: $(VENV)/.runtime
	$(PY) app.py

test: $(VENV)/.dev chromium postgresql
	$(TEST_ENV) $(PY) -m pytest $(IN_TWO)

# What takes minutes each and is no part of `make test`.
test-long: $(VENV)/.dev chromium postgresql
	$(TEST_ENV) $(PY) -m pytest $(IN_TWO) -m "slow and not gpu"

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

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
