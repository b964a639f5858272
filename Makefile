# make demo   the whole loop on a bundled dialogue
# make test   the tests
# make check  lint, types, import contracts, docs
# make bench  speed, side by side with others
# make peers  quality, side by side with others
# make llm    the language-model recognizer against a real llama.cpp (compiles it first: ten minutes or more)
# Each target sets up what it needs: Python 3.11 or newer and make are enough.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check docs bench peers llm lock clean

demo: $(READY)
	@$(BIN)/memveil demo

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY) docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(READY)
	$(BIN)/sphinx-build -q -W --keep-going -n -b html docs docs/_build

bench: $(READY) .venv-peers/.ready
	$(BIN)/python benchmarks/run.py

peers: $(READY) .venv-peers/.ready
	$(BIN)/python benchmarks/peers/compare.py

llm: $(READY) .venv-llm/.ready
	$(BIN)/python -m pytest tests/recognizers/test_llm_real.py

# Without the parts that read images.
.venv-llm/.ready: requirements/llm.txt requirements/llm-no-deps.txt pyproject.toml
	$(PYTHON) -m venv .venv-llm
	CMAKE_ARGS=-DLLAVA_BUILD=OFF .venv-llm/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r requirements/llm.txt
	.venv-llm/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/llm-no-deps.txt
	.venv-llm/bin/python -m pip install --quiet --disable-pip-version-check -e ".[llm]"
	@touch $@

# Tools of others live in an environment of their own.
.venv-peers/.ready: benchmarks/requirements-peers.txt benchmarks/requirements-peers-no-deps.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
	  -r benchmarks/requirements-peers-no-deps.txt
	@touch $@

$(READY): requirements/dev.lock requirements/no-deps.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/no-deps.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Needs uv; run after changing dependencies.
lock:
	uv pip compile -q pyproject.toml requirements/dev.in --universal --generate-hashes --no-emit-index-url \
	  --no-header --python-version 3.11 -o requirements/dev.lock

clean:
	rm -rf .venv docs/_build .pytest_cache .ruff_cache .mypy_cache
