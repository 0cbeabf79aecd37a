# Fammo's commands. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help serve test drills lint format types check examples schema migrations messages lock bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

serve: $(VENV)/.runtime ## install, migrate, load data, serve web and worker until Ctrl-C
	@exec $(MANAGE) serve

test: $(VENV)/.develop ## every test this machine can run: on SQLite, and on PostgreSQL and Redis where they answer
	@exec $(BIN)/python tests/run.py $(TEST_ARGS)

drills: $(VENV)/.develop ## long drills: bursts, kills, volumes; on PostgreSQL where DATABASE_URL says so
	$(BIN)/pytest -q -m drill tests/drills $(TEST_ARGS)

lint: $(VENV)/.develop ## ruff, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=site:. $(BIN)/lint-imports

format: $(VENV)/.develop ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.develop ## mypy with django-stubs
	$(BIN)/mypy

check: $(VENV)/.develop ## Django's checks, missing migrations, the OpenAPI document
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file $(VENV)/openapi.yaml
	$(BIN)/python tests/contract/openapi_is_current.py $(VENV)/openapi.yaml docs/openapi.yaml
	$(BIN)/python tests/contract/changelog_goes_with_the_api.py

examples: $(VENV)/.develop ## ask every operation and write the examples of the documentation anew
	UPDATE_EXAMPLES=1 $(BIN)/pytest -q tests/contract/test_examples.py

schema: $(VENV)/.develop ## write docs/openapi.yaml anew (a change needs a CHANGELOG line)
	$(MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

migrations: $(VENV)/.develop ## write the migrations for changed models; name them afterwards
	$(MANAGE) makemigrations

messages: $(VENV)/.develop ## bring the catalogues in locale/ up to date and compile them
	$(MANAGE) makemessages --locale fi --locale nl --locale tr --no-obsolete --ignore '.venv/*' --ignore 'tests/*' --ignore 'benchmarks/*'
	$(MANAGE) compilemessages --ignore '.venv/*'

bench: $(VENV)/.develop ## the benchmarks, ratios measured side by side
	$(BIN)/python benchmarks/stored_answers.py
	$(BIN)/python benchmarks/nested_lists.py
	$(BIN)/python benchmarks/ai_hanging_model.py

lock: ## prove the newest pins together and write constraints.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements-dev.txt
	(echo '# Every version that was proved together, runtime and tests; `make lock` writes this file.'; $(BIN)/pip freeze | sort) > constraints.txt

clean: ## remove the environment and all local data
	rm -rf $(VENV) var

# The stamps are written last: an interrupted installation is done again, from an empty environment if it was the first.
$(VENV)/.runtime: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Fammo needs Python 3.11 or newer; $(PYTHON) is %d.%d. Set PYTHON=." % sys.version_info[:2])'
	@test -e $@ || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.develop: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt -c constraints.txt
	@touch $@
