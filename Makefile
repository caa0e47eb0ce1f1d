# Each command does its own set-up. You need make and Python 3.11 or newer.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: help book serve show run test quick pdf figures locked
.DELETE_ON_ERROR:

help: # lists these commands (docs/MAINTAINING.md has the others)
	@grep -E '^[a-z]+:.*# ' Makefile | sed -E 's/:[^#]*# /|/' | awk -F'|' '{printf "make %-8s %s\n", $$1, $$2}'

# From nothing each time: pages quote one another (answers, first uses, lists), so a part of them is soon out of date.
book: .venv/reader # installs everything and builds the book
	rm -rf _build/html _build/.doctrees
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "Open _build/html/index.html in a browser."

serve: book # builds the book and serves it on http://localhost:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

show: .venv/reader # executes one chapter, builds and serves the book: make show CHAPTER=stopping
	$(BIN)/python -m tools.execute $(or $(CHAPTER),$(error which one? make show CHAPTER=stopping))
	$(MAKE) serve

run: .venv/reader # executes all notebooks and stores outputs that changed
	$(BIN)/python -m tools.execute

test: .venv/tester # checks everything, including every output and every page
	$(BIN)/python -m pytest

quick: .venv/tester # checks lib, text and style in a minute or two
	$(BIN)/python -m pytest tests/lib tests/book

pdf: book .venv/tester # writes the whole book as one PDF; needs Chromium
	$(BIN)/python -m tools.pdf

figures: .venv/reader # writes the lecture's figures into figures/; needs Chromium
	$(BIN)/python -m tools.lecture_figures

# The locked environment, as in CI. torch is pinned by version alone, because its builds differ between indexes.
locked:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q "$$(grep -o '^torch==[^ ]*' requirements.txt)"
	$(BIN)/python -m pip install -q --require-hashes -r tests/requirements.lock
	$(BIN)/python -m pip install -q --no-build-isolation --no-deps -e .
	@touch .venv/reader .venv/tester

.venv/reader: requirements.txt pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or newer is needed: make PYTHON=python3.11'"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -r requirements.txt
	@touch $@

.venv/tester: .venv/reader tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	@touch $@
