# Each command does its own set-up; all that must be there is Python >= 3.11 and make.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: book test style show run data serve pdf figures times machines pages bench links launch locked lock audit newcomer
.DELETE_ON_ERROR:

book: .venv/reader
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "Open _build/html/index.html in a browser."

test: .venv/tester
	$(BIN)/python -m pytest

# Of the tests, only those that take seconds: ruff, mypy, codespell, schemas, and the rules for notebooks.
style: .venv/tester
	$(BIN)/python -m pytest -q -o addopts="" tests/test_style.py tests/test_chapters.py

# Executes one chapter, builds and serves the book: make show CHAPTER=stopping
show: .venv/reader
	$(BIN)/python _ext/run_chapters.py $(or $(CHAPTER),$(error which one? make show CHAPTER=stopping))
	$(MAKE) serve

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

# How long every notebook and each of its cells takes, or those of one: make times CHAPTER=stopping; wants a quiet machine.
times: .venv/reader
	$(BIN)/python benchmarks/times.py $(CHAPTER)

# How far results differ on other processors and with other versions; takes an hour, and gigabytes for a newer torch.
machines: .venv/tester
	$(BIN)/python benchmarks/machines.py

# Trains the same networks with lib and with its peers, side by side; takes some minutes on a quiet machine.
bench: .venv/bencher
	$(BIN)/python benchmarks/speed.py

# Asks every other site that the book links to; needs a network.
links: .venv/reader
	$(BIN)/jupyter-book build . --builder linkcheck

# Writes the repository's address into the cell with which notebooks start on Colab.
launch: .venv/reader
	$(BIN)/python _ext/launch_cell.py

# An environment of exactly what is in the lock, as CI has it. torch is pinned by its version alone: see the README.
locked:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q "$$(grep '^torch==' requirements.txt)"
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-build-isolation --no-deps -e .
	@touch .venv/reader .venv/tester

# Writes requirements.lock, with a hash for every file, from the pinned requirements.
lock: .venv/carrier
	$(BIN)/uv pip compile -q requirements.txt tests/requirements.txt -o requirements.lock

# Known vulnerabilities of what is installed, and weak places of the workflows; needs a network.
audit: .venv/carrier
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock
	grep '^torch==' requirements.txt | $(BIN)/pip-audit --strict --no-deps --disable-pip -r /dev/stdin
	$(BIN)/zizmor --offline .github

# Tries what README and CONTRIBUTING promise in a fresh clone with an empty home and nothing installed.
newcomer: .venv/tester
	$(BIN)/python tests/newcomer.py

.venv/reader: requirements.txt pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or newer is needed: make PYTHON=python3.11'"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -r requirements.txt
	@touch $@

.venv/tester: .venv/reader tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	@touch $@

.venv/carrier: .venv/tester tests/tools.txt
	$(BIN)/python -m pip install -q -r tests/tools.txt
	@touch $@

.venv/bencher: .venv/reader benchmarks/requirements.txt
	$(BIN)/python -m pip install -q -r benchmarks/requirements.txt
	@touch $@
