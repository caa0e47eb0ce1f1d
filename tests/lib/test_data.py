"""The data sets come out of their script byte for byte, and into tensors as they are."""

import runpy

import pandas as pd
import pytest

from helpers import refuses
from lib.data import splits, tensors
from tools.book import ROOT


def test_data_are_regenerated_byte_for_byte(tmp_path):
    script = tmp_path / "make_data.py"
    script.write_bytes((ROOT / "data" / "make_data.py").read_bytes())
    runpy.run_path(str(script), run_name="__main__")
    stored = {path.name: path.read_bytes() for path in (ROOT / "data").glob("*.csv")}
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == stored


FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "y": [0, 1, 1], "split": ["test", "train", "train"]})


def test_tensors_hold_the_columns_asked_for_in_their_order():
    inputs, labels = tensors(FRAME, ["b", "a"], ["y"])
    assert inputs.tolist() == [[0.5, 1], [1.5, 2], [2.5, 3]] and labels.tolist() == [[0], [1], [1]]


def test_splits_hold_the_rows_of_each_part():
    parts = splits(FRAME, ["a"], ["y"])
    assert {name: x.flatten().tolist() for name, (x, _) in parts.items()} == {"test": [1], "train": [2, 3]}


@pytest.mark.parametrize(
    "name, frame",
    [
        ("a", FRAME.drop(columns="a")),
        ("a", FRAME.assign(a=["1", "2", "3"])),
        ("a", FRAME.assign(a=[1, None, 3])),
        ("frame", FRAME.drop(columns="split")),
    ],
)
def test_bad_columns_are_refused_by_name(name, frame):
    with refuses(name):
        splits(frame, ["a"], ["y"])


@pytest.mark.parametrize("name, sizes", [("moons", [450, 50, 100]), ("noisy_moons", [60, 200, 200])])
def test_splits_of_the_moons(name, sizes):
    frame = pd.read_csv(ROOT / "data" / f"{name}.csv")
    groups = frame.groupby("split", sort=False).y
    assert groups.size()[["train", "evaluation", "test"]].tolist() == sizes
    if name == "moons":
        assert (groups.mean() == 0.5).all()
