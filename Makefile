# Everything a developer types. The first of these makes its own environment; nothing else has to be installed.
#
#   make demo    the main job: compares the ways of handing out the fund on one committee in ten of Jing'an
#   make test    the tests, without the long ones
#   make docs    the pages of docs/ as HTML, in docs/_build
#
# PYTHON=python3.12 chooses the interpreter, VENV=.venv-3.12 the folder of its environment.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2

BIN := $(VENV)/bin
MINOR := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
LOCK := requirements/py$(MINOR).txt
ORACLES := requirements/oracles.txt
DOCS := requirements/docs.txt
READY := $(VENV)/.ready-$(MINOR)
DOCS_READY := $(VENV)/.docs-ready-$(MINOR)
LOCKED := 3.11 3.12 3.13 3.14
TRANSLATED := commsim/locale/zh/LC_MESSAGES/commsim

.PHONY: demo test study-test bench lint format types imports translations docs lock clean set-up python-is-new-enough

demo: $(READY)
	$(BIN)/commsim compare

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not study"

study-test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) -m study

bench: $(READY)
	$(BIN)/python -m benchmarks.run

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

translations: $(READY)
	$(BIN)/python tools/translations.py

docs: $(DOCS_READY)
	$(BIN)/sphinx-build -W --keep-going --quiet -E -b html docs docs/_build
	@echo "Open docs/_build/index.html"

lock: $(READY)
	for minor in $(LOCKED); do \
	  $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --no-annotate \
	    --only-binary :all: --python-version $$minor --extra test --extra dev \
	    $(addprefix --no-emit-package ,abcvoting cbcbox highspy pyscipopt) \
	    --output-file requirements/py$$minor.txt pyproject.toml || exit 1; \
	done
	$(BIN)/python -c 'import tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"]))' \
	  | $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --no-annotate \
	    --only-binary :all: --python-version $(firstword $(LOCKED)) \
	    --constraint requirements/py$(firstword $(LOCKED)).txt --output-file $(DOCS) -

clean:
	rm -rf $(VENV) build docs/_build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find commsim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

set-up: $(READY)

$(READY): $(LOCK) $(ORACLES) | python-is-new-enough
	@test -x $(VENV)/bin/python$(MINOR) || rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(ORACLES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Beside what a lock holds already; the versions that both name agree.
$(DOCS_READY): $(READY) $(DOCS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(DOCS)
	@touch $@

# A missing lock file would otherwise end in make's own "no rule to make target".
requirements/%.txt: | python-is-new-enough ;

python-is-new-enough:
	@if [ -z "$(MINOR)" ]; then \
	  echo "commsim needs Python 3.11 or later, and '$(PYTHON)' does not run here." >&2; \
	  echo "Install one, or name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "commsim needs Python 3.11 or later, and '$(PYTHON)' is $(MINOR)." >&2; \
	  echo "Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@test -f $(LOCK) || { \
	  echo "There is no lock file for Python $(MINOR); there are some for $(LOCKED)." >&2; \
	  echo "Name one of those (make PYTHON=python3.12 $(MAKECMDGOALS)), or install unlocked: pip install ." >&2; exit 2; }
