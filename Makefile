# Rivalmap: two commands do everything on a machine with Python 3.11+ and make.
#   make demo            the sample market: crawled, sorted, opened in Datasette (Ctrl-C ends it)
#   make demo ARGS=--once  the same without the browser; ends by itself
#   make test            every test; what needs chromium skips with a reason where it is missing

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
WORKERS ?= 2

.PHONY: demo test fast lint format types contracts lock bench clean

demo: $(READY)
	$(BIN)/scrapy demo $(ARGS)

test: $(READY) lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

fast: $(READY)
	$(BIN)/pytest -m "not slow and not browser" $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Measurements: docs/accuracy.md, docs/performance.md. RIVALMAP_MEASURE_DATA names the data.
bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

# After a change of dependencies in pyproject.toml; exact versions for every platform.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header \
		--no-annotate --no-emit-index-url --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

# The environment: made once, made anew when the lock or the project's file changes.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rivalmap needs Python 3.11 or newer; name one: make PYTHON=python3.12 demo"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
