# Every target sets up what it needs, in .venv, and again only when a requirement changed.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Set-up for serving only, and for developing (tests, format, bench).
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
# The SPARQL editor of the query page, from npm. Without Node the page is a plain form.
EDITOR := api/interkommunal/site/static/yasgui
# What only the tests take from npm: axe-core and a client of the change feed.
CLIENTS := node_modules/.dev
PIP := $(BIN)/pip --disable-pip-version-check --require-virtualenv

.PHONY: help serve build check test quick lint format dictionary bench requirements clean
help: ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "interkommunal needs Python 3.11 or newer; set PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) (once) …"
	@$(PIP) install -q --require-hashes -r requirements/run.txt
	@echo "$(CURDIR)/api" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/interkommunal-source.pth"
	@printf '#!%s\nfrom interkommunal.cli import main\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/interkommunal && chmod +x $(BIN)/interkommunal
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Setting up the development tools (once) …"
	@$(PIP) install -q --require-hashes -r requirements/dev.txt
	@touch $@

$(EDITOR): package-lock.json
	@if command -v npm >/dev/null && npm ci --omit=dev --ignore-scripts --silent --no-progress; then \
	    mkdir -p $@ && cp node_modules/@zazuko/yasgui/build/yasgui.min.js node_modules/@zazuko/yasgui/build/yasgui.min.css $@ && touch $@; \
	else echo "Without npm the query page is a plain form." >&2; fi

$(CLIENTS): package-lock.json | $(EDITOR)
	@if command -v npm >/dev/null && npm ci --ignore-scripts --silent --no-progress; then touch $@; \
	else echo "Without npm some tests are skipped." >&2; fi

serve: $(RUN) $(EDITOR) ## Build the graph and serve it on 127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/interkommunal build
	@exec $(BIN)/interkommunal serve --port $(PORT)

build: $(RUN) ## Check the data and freeze a release
	@$(BIN)/interkommunal build

check: $(RUN) ## Check the data, fast
	@$(BIN)/interkommunal check

test: $(DEV) $(EDITOR) $(CLIENTS) lint ## Run all tests
	@$(BIN)/pytest -n auto --dist worksteal

quick: $(DEV) ## Run the tests that need neither a browser nor programs of others, in a minute
	@$(BIN)/pytest -n auto --quick

lint: $(DEV) ## Lint and type-check
	@git ls-files -z | xargs -0 $(BIN)/check-merge-conflict --assume-in-merge
	@git ls-files -z | xargs -0 $(BIN)/check-added-large-files --enforce-all --maxkb=2048
	@! git ls-files --eol | grep -E '^i/(crlf|mixed)' || { echo "Save these files with line feeds (LF) only." >&2; exit 1; }
	@$(BIN)/ruff check api tests bench
	@$(BIN)/ruff format --check api tests bench
	@$(BIN)/mypy

format: $(DEV) ## Bring code, Turtle and TriG into the one form
	@$(BIN)/ruff check -q --fix api tests bench || true
	@$(BIN)/ruff format -q api tests bench
	@$(BIN)/interkommunal format

dictionary: $(RUN) ## Write the data dictionary in docs/ anew
	@$(BIN)/interkommunal dictionary --lang en > docs/data-dictionary.md
	@$(BIN)/interkommunal dictionary --lang de > docs/data-dictionary.de.md

bench: $(DEV) ## Measure, side by side with peers
	@$(BIN)/python -m bench

requirements: ## Pin the requirements anew (needs uv)
	uv pip compile -q pyproject.toml requirements/dev.in --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/dev.txt
	uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -c requirements/dev.txt -o requirements/run.txt
	uv pip compile -q requirements/harvesters.in --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/harvesters.txt
	uv pip compile -q requirements/sssom.in --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/sssom.txt

clean: ## Remove what set-up and build made
	rm -rf $(VENV) .cache .release build dist node_modules
