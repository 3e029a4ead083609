# Everything runs by `python -m`, never by a script's first line, and by relative paths: the checkout
# may lie in a folder with a space or a very long name.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help venv up down clean status api-key revoke-key demo test test-slow faults bench lint format

# Some machines forbid it, and each of our many processes would read its sources anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# A Python that somebody names is taken; else the fastest that is found.
FASTEST := $(if $(filter file,$(origin PYTHON)),--fastest)
RUN := .venv/bin/python -m
NAME ?= local

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

venv: ## .venv with everything in it; the others call this
	@$(PYTHON) -m stack.venv $(FASTEST)

up: venv ## start the shop in the background, on PORT (8000), with its data in DATA_DIR (.local)
	@$(RUN) stack up

down: venv ## end it, whatever state it is in
	@$(RUN) stack down

clean: venv ## end it and delete its data
	@$(RUN) stack clean

status: venv ## what runs
	@$(RUN) stack status

api-key: venv ## print a new API key with all scopes, on the last line (NAME=local)
	@$(RUN) stack manage create_api_key '$(NAME)'

revoke-key: venv ## end an API key at once (KEY=its prefix or name)
	@$(RUN) stack manage revoke_api_key '$(KEY)'

demo: venv ## start, fill a tea shop, walk through the main job, serve until Ctrl-C (SERVE=0: end)
	@$(RUN) stack demo

test: venv ## lint, types, import contracts, migrations, tests (PYTEST_ARGS="-k name")
	@$(RUN) stack.gate

test-slow: venv ## the same with all seeds, large samples and full replays
	@SLOW=1 $(RUN) stack.gate

faults: venv ## kill senders at every point, take away their servers, take out each guard (about 30 minutes)
	@FAULTS_LONG=1 $(RUN) pytest -n 0 tests/faults tests/races/test_mutants.py tests/cashback/test_mutants.py

bench: venv ## speed, growth and memory, at a tenth of the size (SCALE=1: the published figures)
	@$(RUN) bench $(BENCH)

lint: venv ## only what needs no server
	@$(RUN) stack.gate --lint

format: venv ## rewrite the code as the linter wants it
	@$(RUN) ruff check --fix --quiet . ; $(RUN) ruff format .
