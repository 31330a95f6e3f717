# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every target makes .venv itself when it is missing or older than requirements-dev.txt.

PYTHON ?= python3.11
ARGS ?=

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
READY := .venv/.ready
# for tools that start other ones by name (ansible-doc, ansible-lint)
WITH_TOOLS := PATH="$(BIN):$$PATH"
PYTEST := $(BIN)/python -m pytest --no-header
# who has nothing left to do takes from the other: the longest tests come last
PARALLEL := -n 2 --dist worksteal
NAME := ansible_collections/identityops/dynatrace
SCRATCH := .cache/package
# code that nobody has to import from an untyped test
TYPED = $(VENV)/collections/$(NAME)/plugins $(VENV)/collections/$(NAME)/extensions $(filter-out tests/unit tests/integration tests/conftest.py tests/__pycache__ tests/output,$(patsubst %/,%,$(sort $(wildcard tests/*/ tests/*.py))))

.PHONY: help setup chromium java test lint lint-python lint-ansible lint-docs lint-package sanity unit properties integration browser page pattern picture docs demo bench simulator bars build format clean

help: ## Show this list
	@echo "Usage: make TARGET [ARGS=...] [PYTHON=python3.11]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv: ansible-core, requests, the tools, and this checkout as identityops.dynatrace
	@echo ".venv is ready"

# Two links to the checkout: Ansible and Python find the collection in site-packages, mypy in .venv/collections.
$(READY): requirements-dev.txt
	@echo "== setup: .venv"
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. Another one: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv "$(VENV)"
	@# what is used is compiled when it is
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@for root in "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" "$(VENV)/collections"; do \
	  mkdir -p "$$root/$(dir $(NAME))" && ln -sfn "$(CURDIR)" "$$root/$(NAME)" || exit 1; done
	@touch $@

# $(call installed,COMMAND,PACKAGES): Debian's packages where the command is missing
installed = command -v $(1) >/dev/null || { echo "== setup: $(1)"; command -v apt-get >/dev/null || \
  { echo "$(1) is missing, and there is no apt-get to install it"; exit 1; }; as_root=; [ "$$(id -u)" -eq 0 ] || as_root=sudo; \
  $$as_root apt-get update -q && $$as_root apt-get install -y -q --no-install-recommends $(2); }

chromium: ## Debian's Chromium for the browser tests, where it is missing
	@$(call installed,chromium,chromium fonts-dejavu-core)

java: ## Java 17 or newer for ansible-rulebook, where it is missing
	@$(call installed,java,default-jre-headless)

test: $(READY) chromium java ## Everything: lint, sanity, browser, unit and integration tests
	@$(MAKE) --jobs=2 --output-sync=target sanity lint
	@echo "== pytest: browser, unit and integration"
	@$(PYTEST) $(PARALLEL) --one-contract tests/browser tests/unit tests/integration

lint: lint-python lint-ansible lint-docs lint-package ## All linters

lint-python: $(READY) ## ruff (rules and format), mypy --strict
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted: make format"; $(BIN)/ruff format --check .; exit 1; }
	@echo "== mypy"
	@$(BIN)/mypy --no-error-summary $(TYPED)

lint-ansible: $(READY) ## yamllint, ansible-lint (profile production)
	@echo "== yamllint"
	@$(BIN)/yamllint --strict .
	@echo "== ansible-lint"
	@place="$$($(BIN)/python -m tests.awx.collection)" && ANSIBLE_COLLECTIONS_PATH="$$place" $(WITH_TOOLS) ansible-lint

lint-docs: $(READY) ## antsibull-docs, antsibull-changelog; the site has no warning, no dead link, nothing remote
	@echo "== antsibull-docs"
	@# once more when it fails: it reads its own temporary folder's random name as markup when that ends in "_"
	@$(WITH_TOOLS); lint() { antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .; }; lint || lint
	@echo "== antsibull-changelog"
	@$(WITH_TOOLS) antsibull-changelog lint
	@$(MAKE) docs

lint-package: $(READY) ## Build the tarball and let galaxy-importer judge it; its warnings count
	@echo "== galaxy-importer"
	@rm -rf $(SCRATCH) && mkdir -p $(SCRATCH)
	@$(BIN)/ansible-galaxy collection build --output-path $(SCRATCH) >/dev/null
	@cd $(SCRATCH) && GALAXY_IMPORTER_CONFIG="$(CURDIR)/.ci/galaxy-importer.cfg" $(WITH_TOOLS) \
	  python -m galaxy_importer.main *.tar.gz >importer.log 2>&1 || { cat importer.log; exit 1; }
	@! grep -E '^(WARNING|ERROR|CRITICAL):' $(SCRATCH)/importer.log

sanity: $(READY) ## ansible-test sanity on a copy; fails when something was skipped
	@echo "== ansible-test sanity"
	@$(BIN)/python -m tests.tools.sanity $(ARGS)

unit: $(READY) ## Unit tests (ARGS="-k planner")
	@$(PYTEST) tests/unit $(ARGS)

properties: $(READY) ## The Hypothesis tests at length: 2,000 random accounts and wishes, with faults (minutes)
	@HYPOTHESIS_PROFILE=long $(PYTEST) $(PARALLEL) $(shell grep -rl --include=test_*properties.py hypothesis tests/unit) $(ARGS)

integration: $(READY) java ## Integration tests: real Ansible against the simulator, on both contracts
	@$(PYTEST) $(PARALLEL) tests/integration $(ARGS)

browser: $(READY) chromium ## The page of the access review in Chromium
	@$(PYTEST) $(PARALLEL) tests/browser $(ARGS)

page: $(READY) ## Build the page of the access review from its sources
	@$(BIN)/python -m tests.tools.page

pattern: $(READY) ## Write the AWX pattern's definition and variables from its job templates
	@$(BIN)/python -m tests.awx.pattern

picture: $(READY) chromium ## The picture of the review page in docs/images
	@$(WITH_TOOLS) python -m tests.tools.picture

docs: $(READY) ## The site of the documentation, in site/; built without the network
	@echo "== docs"
	@$(BIN)/python -m tests.tools.docs_site

demo: $(READY) ## The main job on a simulated account, explained
	@$(WITH_TOOLS) python -m tests.demo $(ARGS)

bench: $(READY) ## Requests and wall time, for both contracts
	@$(WITH_TOOLS) python -m tests.benchmarks $(ARGS)

simulator: $(READY) ## A simulated account to rehearse on (ARGS="--port 8080 --contract published")
	@$(WITH_TOOLS) python -m tests.simulator $(ARGS)

bars: $(READY) java ## All bars of the ecosystem, each supported ansible-core and Python; a table (hours; ARGS="--resume")
	@$(call installed,shellcheck,shellcheck)
	@$(WITH_TOOLS) python -m tests.tools.bars $(ARGS)

build: $(READY) ## The tarball for ansible-galaxy, in dist/
	@$(BIN)/ansible-galaxy collection build --force --output-path dist

format: $(READY) ## Format Python code, mend what ruff can mend
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

clean: ## Remove what was built or cached (.venv stays)
	@rm -rf .cache .nox .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache dist build site collections tests/output
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
