"""Locally, an unchanged notebook that has passed is skipped; whatever its result depends on makes it run again."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from nbval_record import keys
from tools.book import ROOT


@pytest.fixture
def book(tmp_path):
    """A folder like the book's, with one notebook."""
    for name in ("chapters/self_checks", "lib/figures", "data", "tools", "tests"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("chapters/self_checks/one.py", "lib/figures/look.py", "data/line.csv", "tools/tolerance.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    shutil.copy(ROOT / "tests" / "nbval_record.py", tmp_path / "tests")
    write(tmp_path)
    return tmp_path


def write(book, name="one", prose="words", source="print(1)", output="1\n"):
    """Write a notebook of one text and one code cell."""
    cell = nbformat.v4.new_code_cell(source, id="one", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=output)]
    text = nbformat.v4.new_markdown_cell(prose, id="text")
    nbformat.write(nbformat.v4.new_notebook(cells=[text, cell]), book / "chapters" / f"{name}.ipynb")


def key(book):
    """Return the key of the notebook."""
    return keys(book)[0]["one.ipynb"]


@pytest.mark.parametrize("part, same", [("prose", True), ("source", False), ("output", False)])
def test_a_notebook_counts_as_changed_if_its_code_or_outputs_are(book, part, same):
    before = key(book)
    write(book, **{part: "2"})
    assert (key(book) == before) is same


@pytest.mark.parametrize("name", [
    "chapters/self_checks/one.py", "lib/figures/look.py", "data/line.csv", "tools/tolerance.py", "tests/nbval_record.py",
])
def test_a_notebook_counts_as_changed_if_what_it_depends_on_is(book, name):
    before = key(book)
    with (book / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert key(book) != before


def outcome(book, **env):
    """Run the notebook with the plugin; return the last line of what pytest says."""
    how = ["-p", "nbval_record", "--nbval", "--nbval-current-env", "-c", os.devnull, "--rootdir", book]
    env = {**{key: value for key, value in os.environ.items() if key != "CI"}, "PYTHONPATH": str(book / "tests"), **env}
    done = subprocess.run([sys.executable, "-m", "pytest", *how, "-q", "chapters"], cwd=book, env=env, capture_output=True, text=True)
    return done.stdout.splitlines()[-1].lstrip("= ")


def test_what_passed_is_skipped_but_not_in_ci(book):
    write(book, name="wrong", output="2\n")
    assert outcome(book).startswith("1 failed, 1 passed")
    assert outcome(book).startswith("1 failed, 1 skipped")
    assert outcome(book, CI="true").startswith("1 failed, 1 passed")
