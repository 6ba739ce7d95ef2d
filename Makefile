# Thin aliases: what they do is in ./soty and deploy/compose.yaml. `make` lists them.

SOTY := ./soty
COMPOSE := docker compose --file deploy/compose.yaml
CACHES := .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis .tox htmlcov

.DEFAULT_GOAL := help
.PHONY: help setup-dev install run worker up down rebuild prune logs migrate revision format lint lint-fix typecheck \
	test test-cov test-fast check check-all check-imports check-exceptions fix-exceptions exceptions-report check-docs clean

help:  ## List what there is
	@grep --extended-regexp '^[a-z-]+: .*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | while IFS='|' read -r name text; do \
		printf '  %-20s %s\n' "$$name" "$$text"; done

install:  ## Make .venv with what the program needs
	$(SOTY) version

setup-dev:  ## Make .venv with what tests and checks need, and put the hooks in place if pre-commit is installed
	$(SOTY) i18n status
	if command -v pre-commit > /dev/null; then pre-commit install; fi

run:  ## Everything in one process, on servers of its own
	$(SOTY) up

worker:  ## Background tasks alone; exit code 2 as long as there is no such process
	$(SOTY) worker

up:  ## Every process in containers, with PostgreSQL, Redis and Kafka
	$(COMPOSE) up --build --detach --wait

down:  ## Stop the containers; data stays
	$(COMPOSE) down

rebuild:  ## Build the image anew and start the containers on it
	$(COMPOSE) build --no-cache --pull
	$(COMPOSE) up --detach --wait

prune:  ## Remove the containers and their images; data stays
	$(COMPOSE) down --remove-orphans --rmi all

logs:  ## Follow the logs of the containers
	$(COMPOSE) logs --follow --tail 100

migrate:  ## Bring the database to the newest revision of every module
	$(SOTY) db upgrade

revision:  ## Write an empty revision: make revision module=inventory message="what it does"
	$(SOTY) db revision --module $(or $(module),$(error module= is missing)) "$(or $(message),$(error message= is missing))"

format:  ## Put the form of the code right
	$(SOTY) check --fix format

lint:  ## Check style and form
	$(SOTY) check lint format

lint-fix:  ## Mend what style allows to mend
	$(SOTY) check --fix lint

typecheck:  ## Check types
	$(SOTY) check types

test:  ## The tests, on memory and on embedded servers
	$(SOTY) test

test-cov:  ## The tests, with the lines that none of them ran
	$(SOTY) test --cov --cov-report=term-missing

test-fast:  ## The tests that need no server
	$(SOTY) test tests/unit tests/module tests/contract/memory

check:  ## Style, types, borders, drift of generated files
	$(SOTY) check

check-all:  ## All that CI runs: tests and checks, a browser, a real Kafka, PostgreSQL 15, other Pythons
	$(SOTY) test --all

check-imports:  ## Check the borders between layers
	$(SOTY) check borders

check-exceptions:  ## Check that errors stay in their layer and are declared
	$(SOTY) check exceptions

fix-exceptions:  ## Declare errors where no words are needed
	$(SOTY) exceptions fix

exceptions-report:  ## List every error, who raises it and who declares it
	$(SOTY) exceptions report

check-docs:  ## Check that generated pages are what the code says, that links lead somewhere, and that what pages tell is so
	$(SOTY) check drift
	$(SOTY) test tests/arch/test_rules.py tests/docs -k "links or wide_lines or docs"

clean:  ## Remove caches and reports; .venv and var stay
	rm -rf $(CACHES)
	find benchmarks contracts migrations src tests -name __pycache__ -type d -exec rm -rf {} +
