"""A notebook that uses too much memory fails, whether its kernel uses it or a child process."""

import subprocess
import sys

import nbformat
import pytest

from nbval_memory import AS_ON_BINDER
from tools.book import ROOT

GREEDY = "x = b'1' * 900_000_000\n"
CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {GREEDY + 'import time; time.sleep(1)'!r}])\n"


@pytest.mark.skipif(not AS_ON_BINDER, reason="memory is measured only as on Binder")
@pytest.mark.parametrize("source, wrong", [("1 + 1", False), (GREEDY + "del x", True), (CHILD + "1 + 1", True)])
def test_a_notebook_that_takes_more_than_binder_leaves_fails(tmp_path, source, wrong):
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "one.ipynb")
    where = ["-o", "addopts=", "-o", f"pythonpath={(ROOT / 'tests').as_posix()}"]
    how = ["-p", "nbval_memory", "--nbval-lax", "--nbval-current-env"]
    done = subprocess.run([sys.executable, "-m", "pytest", *how, *where, "one.ipynb"], cwd=tmp_path, capture_output=True, text=True)
    assert ("took" in done.stdout) is wrong, done.stdout + done.stderr
    assert (done.returncode != 0) is wrong
