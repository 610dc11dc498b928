# Rivalmap: two commands do everything on a machine with Python 3.11+ and make.
#   make demo            the sample market: crawled, sorted, opened in Datasette (Ctrl-C ends it)
#   make demo ARGS=--once  the same without the browser; ends by itself
#   make test            every test; what needs chromium skips with a reason where it is missing
#   make test-alpha      the desk's tests on the newest alpha of Datasette 1.0

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ALPHA := $(VENV)/alpha
ALPHA_DATASETTE := datasette==1.0a41
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
ARGS ?=
WORKERS ?= 4

.PHONY: demo test test-alpha fast lint format lock bench bench-check screenshots clean

demo: $(READY)
	$(BIN)/scrapy demo $(ARGS)

test: $(READY) lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# In an environment of its own; the browser tests are the same on both lines and run in `test`.
test-alpha: $(ALPHA)/.ready
	$(ALPHA)/bin/pytest tests/analysis/web -m "not browser" -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

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

# How fast it is: the table of docs/performance.md; RIVALMAP_MEASURE_DATA names real pages.
# Every other measurement: python -m bench NAME.
bench: $(READY)
	$(BIN)/python -m bench speed --write $(ARGS)

# Fails where a figure fell below its floor in bench/floors.toml.
bench-check: $(READY)
	$(BIN)/python -m bench speed --check $(ARGS)

# The pictures of docs/desk.md, of the sample market; look at them.
screenshots: $(READY)
	$(BIN)/python -m bench.screenshots docs/pictures --lang en
	$(BIN)/python -m bench.screenshots docs/pictures --lang zh,vi --pages /,/customers
	$(BIN)/python -m bench.screenshots docs/pictures/dark --lang en --pages / --dark

# After a change of dependencies in pyproject.toml; exact versions for every platform.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header \
	--no-annotate --no-emit-index-url
lock: $(READY)
	$(COMPILE) --all-extras --output-file requirements.lock pyproject.toml
	echo "$(ALPHA_DATASETTE)" | $(COMPILE) --extra dev --override - \
		--output-file requirements-alpha.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

# The environment: made once, made anew when the lock or the project's file changes.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rivalmap needs Python 3.11 or newer; name one: make PYTHON=python3.12 demo"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) -r requirements.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps -e .
	@touch $@

$(ALPHA)/.ready: $(READY) requirements-alpha.lock
	$(PYTHON) -m venv --clear $(ALPHA)
	$(ALPHA)/bin/python $(PIP_INSTALL) -r requirements-alpha.lock
	$(ALPHA)/bin/python $(PIP_INSTALL) --no-deps -e .
	@touch $@
