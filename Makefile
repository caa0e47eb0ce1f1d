# Each command does its own set-up; all that must be there is Python >= 3.11 and make.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: book test run data serve pdf figures times pages bench links
.DELETE_ON_ERROR:

book: .venv/reader
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "Open _build/html/index.html in a browser."

test: .venv/tester
	$(BIN)/python -m pytest

run: .venv/reader
	$(BIN)/python _ext/run_chapters.py

data: .venv/reader
	$(BIN)/python data/make_data.py

serve: book
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pdf: book .venv/tester
	$(BIN)/python _ext/make_pdf.py

# The lecture's figures, by the names that its slides embed, for a folder beside the slides; needs Chromium.
figures: .venv/reader
	$(BIN)/python _ext/make_figures.py

# The tests of the pages in Chromium, then their weight and speed; ends with an error if one is over its budget.
pages: book .venv/tester
	$(BIN)/python -m pytest tests/test_pages.py tests/test_site.py tests/test_accessibility.py tests/test_paper.py
	$(BIN)/python benchmarks/pages.py

# How long every notebook and each of its cells takes; wants a quiet machine.
times: .venv/reader
	$(BIN)/python benchmarks/times.py

# Trains the same networks with lib and with its peers, side by side; takes some minutes on a quiet machine.
bench: .venv/bencher
	$(BIN)/python benchmarks/speed.py

# Asks every other site that the book links to; needs a network.
links: .venv/reader
	$(BIN)/jupyter-book build . --builder linkcheck

.venv/reader: requirements.txt pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or newer is needed: make PYTHON=python3.11'"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -r requirements.txt
	@touch $@

.venv/tester: .venv/reader tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	@touch $@

.venv/bencher: .venv/reader benchmarks/requirements.txt
	$(BIN)/python -m pip install -q -r benchmarks/requirements.txt
	@touch $@
