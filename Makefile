# Everything a developer or an operator types. `make` lists it.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
WUXIE_DEMO ?= small
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup dev run test test-fast check fix types journeys screenshots bench coverage trust demo docs texts clean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup:  ## install into the checkout, build the pages' assets, migrate, load the demo city
	@sh scripts/setup.sh
	@WUXIE_DEMO=$(WUXIE_DEMO) $(BIN)/wuxie prepare

run: setup  ## set up, then serve on PORT (8000); Ctrl-C stops everything
	@WUXIE_DEMO=$(WUXIE_DEMO) exec $(BIN)/wuxie serve

dev:  ## install what tests and checks need
	@sh scripts/setup.sh dev

test: dev  ## the tests on SQLite, without a browser
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not browser"

test-fast: dev  ## the tests, those first that failed the last time, until one fails
	$(BIN)/python -m pytest -q -x --ff -m "not browser"

journeys: dev  ## the browser journeys, desk and phone
	$(BIN)/python -m pytest -q -m browser

check: dev  ## lint, format, templates, architecture, types, migrations, texts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint src/wuxie --extension html
	$(BIN)/lint-imports --config .importlinter --no-logo
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/check_tree.py

fix: dev  ## format and mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: dev  ## types of the kernel
	$(BIN)/mypy

docs: dev  ## bring the diagrams in the rooms' READMEs up to date
	$(BIN)/python manage.py diagrams

texts: dev  ## write down the words in data and gather the Chinese texts for translation (needs GNU gettext)
	$(BIN)/python manage.py labels
	$(BIN)/python manage.py makemessages -l en --no-obsolete --no-wrap --no-location -i node_modules -i .venv -i frontend -i var
	@rm -f src/wuxie/config/labels.py
	@sed -i "/^\"POT-Creation-Date/d" locale/en/LC_MESSAGES/django.po

screenshots: dev  ## take the README's and the look's pictures from a running demo city
	$(BIN)/python scripts/look.py

bench: setup dev  ## figures beside a limit measured in the same run; they go to docs/performance.md
	$(BIN)/python -m bench

coverage: dev  ## the tests under branch coverage; fails below 100 % of kernel, law, actions and verifier, 95 % of all
	$(BIN)/python -m trust.coverage

trust: setup dev  ## attack the house and drill the restore of the demo city (half an hour); figures go to docs/trust.md
	$(BIN)/python -m trust --write

demo: setup  ## load a demo city into an empty WUXIE_HOME; WUXIE_DEMO=city for the large one
	@true

clean:  ## remove what was built (never WUXIE_HOME)
	rm -rf .venv node_modules frontend/node_modules src/wuxie/web/static .stamps
