# make demo   the whole loop on a bundled dialogue
# make test   the tests
# make check  lint, types, import contracts, docs
# make integration  adapters before real servers: PostgreSQL, Redis, and Memobase where it can be fetched
# make bench  speed, side by side with others
# make peers  quality, side by side with others
# make peers-gateway  the gateway side by side with the LiteLLM proxy
# make referee  an outside referee for the gateway
# make recipes  clients from npm before the gateway: Claude Code, Codex, opencode, SDKs for Node (needs node and npm)
# make report what protection costs memory systems and what it saves: docs/evaluation.md
# make llm    the language-model recognizer against a real llama.cpp (compiles it first: ten minutes or more)
# make train-llm-dry-run  the recipe of the language model, all stages, on a random model of Qwen3's shape
# Each target sets up what it needs: Python 3.11 or newer and make are enough.

PYTHON ?= python3
PYTHON312 ?= python3.12
NPM_CLIENTS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/memveil-npm-clients
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test integration check docs bench peers peers-gateway referee recipes report llm train-llm-dry-run lock clean

demo: $(READY)
	@$(BIN)/memveil demo

test: $(READY)
	$(BIN)/python -m pytest

# Memobase's server (Apache-2.0) is on no package registry, so a checkout is fetched, without which it is left out.
# With MEMOBASE_SOURCE, the folder src/server/api of a checkout, nothing is fetched. It needs Python 3.12.
MEMOBASE_TAG := v0.0.40
MEMOBASE_SOURCE ?= .memobase/src/server/api

integration: .venv-integration/.ready
	@test -d $(MEMOBASE_SOURCE) || test $(origin MEMOBASE_SOURCE) != file || $(MAKE) --no-print-directory .memobase || true
	@test ! -d $(MEMOBASE_SOURCE) || $(MAKE) --no-print-directory .venv-memobase/.ready || true
	MEMOBASE_SOURCE=$(abspath $(MEMOBASE_SOURCE)) .venv-integration/bin/python -m pytest -rs tests/integrations/servers/check_*.py

.memobase:
	GIT_TERMINAL_PROMPT=0 git clone --quiet --depth 1 --branch $(MEMOBASE_TAG) https://github.com/memodb-io/memobase $@

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
	mkdir -p .venv-peers/memveil-bench
	$(BIN)/python bench/bench.py > .venv-peers/memveil-bench/users.jsonl
	$(BIN)/python benchmarks/peers/compare.py

# A process a core, and one thread for numpy in each: two threads wait for each other.
JOBS ?= 2
report: $(READY) .venv-peers/.ready
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m evaluation.run --jobs $(JOBS)

llm: $(READY) .venv-llm/.ready
	$(BIN)/python -m pytest tests/recognizers/test_llm_real.py

# Minutes on a processor. Every stage must end well, the last of them the recognizer with the trained, merged model.
train-llm-dry-run: .venv-train-llm/.ready
	rm -rf .venv-train-llm/dry-run
	PATH=$(abspath .venv-train-llm/bin):$$PATH bash training/llm/runs/dry-run.sh .venv-train-llm/dry-run
	.venv-train-llm/bin/python -m pytest -p no:cacheprovider tests/recognizers/test_llm_transformers.py

# By itself: there are machines for which PyTorch has no build, and who sees this fail can tell.
.venv-train-llm/.torch: training/llm/requirements-llm.txt
	$(PYTHON) -m venv .venv-train-llm
	.venv-train-llm/bin/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' $<)"
	@touch $@

.venv-train-llm/.ready: .venv-train-llm/.torch training/llm/requirements-llm.txt pyproject.toml
	.venv-train-llm/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r training/llm/requirements-llm.txt -e .
	@touch $@

# Without the parts that read images.
.venv-llm/.ready: requirements/llm.txt requirements/llm-no-deps.txt pyproject.toml
	$(PYTHON) -m venv .venv-llm
	CMAKE_ARGS=-DLLAVA_BUILD=OFF .venv-llm/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r requirements/llm.txt
	.venv-llm/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/llm-no-deps.txt
	.venv-llm/bin/python -m pip install --quiet --disable-pip-version-check -e ".[llm]"
	@touch $@

peers-gateway: $(READY) .venv-litellm/.ready
	$(BIN)/python benchmarks/peers/gateway/compare.py

.venv-integration/.ready: requirements/integration.lock pyproject.toml
	$(PYTHON) -m venv .venv-integration
	.venv-integration/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/integration.lock
	.venv-integration/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-memobase/.ready: requirements/memobase-server.lock
	$(PYTHON312) -m venv .venv-memobase
	.venv-memobase/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

referee: $(READY) .venv-referee/.ready
	$(BIN)/python benchmarks/referee.py

recipes: $(READY) $(NPM_CLIENTS)/.ready
	NPM_CLIENTS=$(NPM_CLIENTS) $(BIN)/python -m pytest tests/proxy/npm/check_*.py

# Outside the repository: npm would look for packages of ours.
$(NPM_CLIENTS)/.ready: tests/proxy/npm/package.json
	mkdir -p $(NPM_CLIENTS)
	cp $< $(NPM_CLIENTS)/package.json
	npm install --prefix $(NPM_CLIENTS) --no-audit --no-fund --loglevel=error
	@touch $@

# Tools of others live in an environment of their own.
.venv-peers/.ready: benchmarks/requirements-peers.txt benchmarks/requirements-peers-no-deps.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
	  -r benchmarks/requirements-peers-no-deps.txt
	@touch $@

.venv-litellm/.ready: benchmarks/peers/gateway/requirements.txt benchmarks/peers/gateway/requirements-no-deps.txt
	$(PYTHON) -m venv .venv-litellm
	.venv-litellm/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/gateway/requirements.txt
	.venv-litellm/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
	  -r benchmarks/peers/gateway/requirements-no-deps.txt
	.venv-litellm/bin/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv-referee/.ready:
	$(PYTHON) -m venv .venv-referee
	.venv-referee/bin/python -m pip install --quiet --disable-pip-version-check pii-leak-benchmark==0.6.0
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
	uv pip compile -q pyproject.toml requirements/integration.in --universal --generate-hashes --no-emit-index-url \
	  --no-header --python-version 3.11 -o requirements/integration.lock
	uv pip compile -q requirements/memobase-server.in --universal --generate-hashes --no-emit-index-url \
	  --no-header --python-version 3.12 -o requirements/memobase-server.lock

clean:
	rm -rf .venv .venv-* docs/_build .pytest_cache .ruff_cache .mypy_cache
