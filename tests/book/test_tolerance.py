"""The tolerances allow for rounding and nothing else: nbval notices every other change, and `make run` stores it."""

import base64
import os
import shutil
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError

from tools.book import ROOT, figures
from tools.execute import run, store
from tools.tolerance import same


@pytest.mark.parametrize(
    "one, other, equal",
    [
        ("w = 3.3830", "w = 3.3831", True),
        ("w = 3.3830", "w = 3.3832", False),
        ("w = -8.23", "w = 8.23", False),
        ("100 rows", "101 rows", False),
        ("1.0e-05", "1.1e-05", True),
        ("1.0e-05", "1.2e-05", False),
        ("loss 0.5", "error 0.5", False),
        ("0.77x − 0.147", "0.77x − 0.148", True),
    ],
)
def test_printed_decimals_may_differ_by_one_unit_in_the_last_digit(one, other, equal):
    assert same(one, other) is equal


def stored(values, dtype):
    """Return numbers as plotly stores them in a notebook."""
    array = np.array(values, dtype)
    return {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode()}


@pytest.mark.parametrize(
    "one, other, equal",
    [
        (stored([0, 10], "f8"), stored([0, 10.005], "f8"), True),
        (stored([0, 10], "f8"), stored([0, 10.05], "f8"), False),
        (stored([0, 10], "f8"), stored([0, 10, 10], "f8"), False),
        (stored([np.nan, 1], "f8"), stored([np.nan, 1], "f8"), True),
        (stored([np.nan, 1], "f8"), stored([0, 1], "f8"), False),
        (stored([np.nan, 1], "f8"), stored([1, np.nan], "f8"), False),
        (stored([np.inf, 1], "f8"), stored([-np.inf, 1], "f8"), False),
        (stored([0, 0], "f8"), stored([0, 0], "f8"), True),
        (stored([0, 0], "f8"), stored([0, 1e-9], "f8"), False),
        (stored([1, 2], "f8"), stored([1, 2], "u1"), False),
        ({"size": 0.5}, {"size": 0.5004}, True),
        ({"size": 0.5}, {"size": None}, False),
        (stored([50, 99], "u1"), stored([51, 99], "u1"), True),
        (stored([50, 99], "u1"), stored([52, 99], "u1"), False),
        (stored([-50, 130], "i2"), stored([-49, 130], "i2"), True),
        (stored([-50, 130], "i2"), stored([-48, 130], "i2"), False),
        ({"x": [1, 2]}, {"x": [1, 2], "y": 0}, False),
        ({"name": "OLS"}, {"name": "ols"}, False),
    ],
)
def test_figures_may_differ_by_a_thousandth(one, other, equal):
    assert same(one, other) is equal


def change_a_number(code):
    code["forward"].outputs[0].data["text/plain"] = "tensor([[0.9186]], grad_fn=<AddmmBackward0>)"


def change_a_curve(code):
    trace = figures(code["ols-figure"])[0]["data"][1]
    trace["y"] = stored([-16, 18.1], "f8")


def change_the_learning_rate(code):
    code["update"].source = code["update"].source.replace("lr=0.001", "lr=0.002")


# What each planted mistake makes fail: the cell itself, and those that show what follows from it.
PLANTED = {change_a_number: {"forward"}, change_a_curve: {"ols-figure"}, change_the_learning_rate: {"update", "update-figure", "moved"}}


def test_nbval_notices_planted_mistakes_and_nothing_else(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    notebook = nbformat.read(ROOT / "chapters" / "simple-case.ipynb", as_version=4)
    code = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    for change in PLANTED:
        change(code)
    (tmp_path / "chapters").mkdir()
    nbformat.write(notebook, tmp_path / "chapters" / "changed.ipynb")
    options = ["-p", "nbval_tolerance", "--nbval", "--nbval-current-env", "-q", "-rf", "-c", os.devnull]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", tmp_path, tmp_path / "chapters"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])}, capture_output=True, text=True,
    )
    names = list(code)
    failed = {
        names[int(line.rpartition("Cell ")[2].split()[0])]
        for line in result.stdout.splitlines() if line.startswith("FAILED")
    }
    assert failed == set().union(*PLANTED.values()), result.stdout[-3000:]
    assert result.returncode == 1


def printing(folder, outputs, more=()):
    """Store a notebook whose cells print 0.50, with other outputs; return its path."""
    cells = [nbformat.v4.new_code_cell("print('0.50')", id=f"cell-{i}", execution_count=i + 1) for i in range(len(outputs))]
    for cell, text in zip(cells, outputs):
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    store(nbformat.v4.new_notebook(cells=[*cells, *more]), folder / "small.ipynb")
    return folder / "small.ipynb"


def test_running_a_notebook_stores_only_outputs_that_changed(tmp_path):
    path = printing(tmp_path, ["0.51\n", "0.53\n", "half\n"])
    run(path)
    assert path.read_bytes() == printing(tmp_path, ["0.51\n", "0.50\n", "0.50\n"]).read_bytes()


def test_a_notebook_that_fails_stays_as_it_was(tmp_path):
    path = printing(tmp_path, ["half\n"], [nbformat.v4.new_code_cell("1 / 0", id="bad")])
    before = path.read_bytes()
    with pytest.raises(CellExecutionError):
        run(path)
    assert path.read_bytes() == before
