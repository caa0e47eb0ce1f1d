"""With several processes, what belongs together runs in one of them and in order."""

import os
import re
import subprocess
import sys

import pytest

from side_by_side import ROOT, WHOLE_PAGES, group_of

NAMES = "test_pages", "test_site"
TESTS = """
import os, pathlib, pytest
@pytest.mark.parametrize("number", range(6))
def test(number):
    with pathlib.Path("ran.txt").open("a") as file:
        print(os.getpid(), pathlib.Path(__file__).stem, number, file=file)
"""


def test_a_group_runs_in_one_process_and_in_order(tmp_path):
    folder = tmp_path / "tests" / "site"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / f"{name}.py").write_text(TESTS)
    how = ["-p", "side_by_side", "-n", "2", "--dist", "loadscope", "-c", os.devnull, "--rootdir", tmp_path]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    subprocess.run([sys.executable, "-m", "pytest", *how, folder], cwd=tmp_path, env=env, check=True, capture_output=True)
    ran = [line.split() for line in (tmp_path / "ran.txt").read_text().splitlines()]
    assert [(name, number) for _, name, number in ran] == [(name, str(number)) for name in NAMES for number in range(6)]
    assert len({process for process, _, _ in ran}) == 1


@pytest.mark.parametrize("nodeid, group", [
    ("chapters/recap.ipynb::Cell 0", "chapters/recap.ipynb"),
    ("tests/site/test_pages.py::test_nothing_jumps[recap-1200-light]", "looks"),
    ("tests/site/test_hinge.py::test_one", "tests/site/test_hinge.py"),
    ("tests/lib/test_data.py::test_one", "tests/lib/test_data.py"),
])
def test_groups_are_notebooks_files_and_the_looks(nodeid, group):
    assert group_of(nodeid) == group


def test_all_files_that_look_at_whole_pages_are_one_group():
    files = [file for file in (ROOT / "tests" / "site").glob("test_*.py") if re.search(r"\bfound\(", file.read_text())]
    assert {file.relative_to(ROOT).as_posix() for file in files} == WHOLE_PAGES
