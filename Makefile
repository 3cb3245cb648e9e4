# Everything that is done with a checkout. `make` alone lists it. Nothing needs root or containers.

VENV   := .venv
PYTHON := $(VENV)/bin/python
# Present once all that the commands need is installed; it holds the sum of what that was installed from.
READY  := $(VENV)/.ready
LOCKS  := requirements.lock package.json package-lock.json

# What the commands take: make demo TOPIC="…", make run PORT=8000, make test ARGS="-k timeline"
HOST  := 127.0.0.1
PORT  ?= 8000
ARGS  ?=
# HOST is set with := because some shells export the machine's name as HOST; make run HOST=0.0.0.0 still counts.
# As they were typed: a dollar sign in a topic is a dollar sign.
export DEMO_TOPIC      := $(value TOPIC)
export DEMO_SCRIPT     := $(value SCRIPT)
export DEMO_OUT        := $(value OUT)
export DEMO_RESOLUTION := $(value RESOLUTION)
export DEMO_DURATION   := $(value DURATION)
export DEMO_PROFILE    := $(value PROFILE)
export DEMO_URL        := $(value URL)
# Many desktops have a LANGUAGE of their own in the environment: only one that was typed here counts.
ifeq ($(origin LANGUAGE),command line)
export DEMO_LANGUAGE   := $(value LANGUAGE)
endif

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check format bench fonts lock schema clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

setup: $(READY) ## install everything into .venv and node_modules; the others do it by themselves

demo: $(READY) ## topic or script to video: TOPIC="…" or SCRIPT=file.txt, OUT=file.mp4, RESOLUTION=480
	@$(PYTHON) -m demo

run: $(READY) ## run it all on this machine: GraphiQL at /graphql, PORT=8000
	@$(PYTHON) cli.py run --host $(HOST) --port $(PORT)

# Each process has servers of its own, which take about 1 GB; a file's tests stay together.
TEST_PROCESSES ?= 2
test: $(READY) ## the whole test suite against real servers: ARGS="-k timeline"
	@$(PYTHON) -m compileall -q -x '/(\.venv|node_modules|\.framewright)/' . # dozens of workers start from it
	@$(PYTHON) -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile $(ARGS)

check: $(READY) ## formatting, lints, types, import rules, generated files
	@$(PYTHON) -m ruff format --check --quiet . || { echo 'Formatting differs: run `make format`.'; exit 1; }
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy --no-error-summary .
	@said=$$($(VENV)/bin/lint-imports 2>&1) || { echo "$$said"; exit 1; }
	@$(PYTHON) cli.py schema --check
	@$(PYTHON) cli.py example --check
	@$(PYTHON) cli.py access --check
	@echo 'All checks passed.'

format: $(READY) ## format the code
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --quiet --fix .

bench: $(READY) ## the benchmarks, ratios first: ARGS="--quick"
	@$(PYTHON) -m benchmarks $(ARGS)

fonts: $(READY) ## fetch all fonts now instead of when a text first needs them
	@$(PYTHON) cli.py fonts

lock: $(READY) ## pin the newest packages that pyproject.toml allows, with hashes
	@$(VENV)/bin/pip install --quiet uv
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --extra dev \
		--no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml

schema: $(READY) ## write schema.graphql, .env.example and the tables of docs/access.md from the code
	@$(PYTHON) cli.py schema
	@$(PYTHON) cli.py example
	@$(PYTHON) cli.py access

clean: ## remove what was installed and made, save for the data in .framewright
	rm -rf $(VENV) node_modules web/static/graphiql out .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -not -path './.framewright/*' -prune -exec rm -rf {} +

# Installs when a lock changed. Two makes at once are fine: the second waits, and finds the work done.
$(READY): $(LOCKS)
	@sh .ci/setup $(VENV) $(READY) $(LOCKS)
