"""The data sets come out of their script byte for byte, and into tensors as they are, or are refused by name."""

import decimal
import runpy
import subprocess

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import anes96

from helpers import need_in_r, refuses
from lib.data import splits, tensors
from tools.book import ROOT


def test_data_are_regenerated_byte_for_byte(tmp_path):
    script = tmp_path / "make_data.py"
    script.write_bytes((ROOT / "data" / "make_data.py").read_bytes())
    runpy.run_path(str(script), run_name="__main__")
    stored = {path.name: path.read_bytes() for path in (ROOT / "data").glob("*.csv") if path.name != "ces11.csv"}
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == stored


def test_r_makes_the_canadian_survey_byte_for_byte():
    need_in_r("carData")
    script = ROOT / "data" / "make_ces11.R"
    result = subprocess.run(["Rscript", "--vanilla", script], capture_output=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.replace(b"\r", b"") == (ROOT / "data" / "ces11.csv").read_bytes()


def test_the_survey_is_the_one_of_statsmodels_and_complete():
    ours = pd.read_csv(ROOT / "data" / "anes96.csv")
    source = anes96.load_pandas().data.drop(columns="logpopul")
    assert (ours.drop(columns="split") == source).all(axis=None) and not ours.isna().any(axis=None)
    assert ours.split.value_counts().to_dict() == {"train": 544, "evaluation": 200, "test": 200}


@pytest.mark.parametrize("name, sizes", [("moons", [450, 50, 100]), ("noisy_moons", [60, 200, 200])])
def test_splits_of_the_moons(name, sizes):
    frame = pd.read_csv(ROOT / "data" / f"{name}.csv")
    groups = frame.groupby("split", sort=False).y
    assert groups.size()[["train", "evaluation", "test"]].tolist() == sizes
    if name == "moons":
        assert (groups.mean() == 0.5).all()


FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "y": [0, 1, 1], "split": ["test", "train", "train"]})


def test_tensors_hold_the_columns_asked_for_in_their_order():
    inputs, labels = tensors(FRAME, ["b", "a"], ["y"])
    assert inputs.tolist() == [[0.5, 1], [1.5, 2], [2.5, 3]] and labels.tolist() == [[0], [1], [1]]


def test_splits_hold_the_rows_of_each_part_in_the_order_of_the_file():
    parts = splits(FRAME, ["a"], ["y"])
    assert {name: (x.flatten().tolist(), y.flatten().tolist()) for name, (x, y) in parts.items()} == {
        "test": ([1], [0]), "train": ([2, 3], [1, 1])}
    assert list(parts) == ["test", "train"]


VALUES = [1, 0, 1]
CONVERTED = {
    "bool": pd.Series(VALUES, dtype=bool),
    "nullable bool": pd.Series(VALUES, dtype="boolean"),
    "nullable integer": pd.Series(VALUES, dtype="Int64"),
    "nullable float": pd.Series(VALUES, dtype="Float32"),
    "unsigned": pd.Series(VALUES, dtype="uint8"),
    "half": pd.Series(VALUES, dtype="float16"),
    "long double": pd.Series(np.array(VALUES, dtype=np.longdouble)),
    "big-endian": pd.Series(np.array(VALUES, dtype=">f8")),
    "little-endian integer": pd.Series(np.array(VALUES, dtype="<i2")),
    "big-endian integer": pd.Series(np.array(VALUES, dtype=">i4")),
    "sparse": pd.Series(pd.arrays.SparseArray(VALUES)),
}


@pytest.mark.parametrize("values", CONVERTED.values(), ids=CONVERTED)
def test_every_numeric_column_is_converted(values):
    inputs, labels = tensors(FRAME.assign(a=values, y=values), ["b", "a"], ["y"])
    assert inputs[:, 1].tolist() == VALUES == labels.flatten().tolist()


def test_dummies_of_a_category_stand_beside_numbers():
    frame = pd.get_dummies(pd.DataFrame({"age": [20.0, 30, 40], "sex": ["m", "f", "m"], "y": VALUES}))
    assert tensors(frame, ["age", "sex_f", "sex_m"], ["y"])[0].tolist() == [[20, 0, 1], [30, 1, 0], [40, 0, 1]]


@pytest.mark.parametrize("index", [[9, 5, 5], ["x", "y", "x"], pd.MultiIndex.from_tuples([(1, 2), (0, 1), (1, 2)])])
def test_rows_keep_their_order_whatever_the_index(index):
    parts = splits(FRAME.set_axis(index), ["a", "b"], ["y"])
    assert parts["train"][0].tolist() == [[2, 1.5], [3, 2.5]]


REFUSED = {
    "text": ["1", "2", "3"], "missing": [1, None, 3], "missing, nullable": pd.array([1, None, 3], dtype="Int64"),
    "complex": [1 + 2j, 2, 3], "dates": pd.date_range("2020", periods=3), "durations": pd.to_timedelta([1, 2, 3]),
    "category": pd.Categorical([1, 2, 3]), "decimal": [decimal.Decimal(1)] * 3, "bool with missing": [True, None, False],
    "overflow": [1e39, 1, 2], "minus overflow": [-1e39, 1, 2], "huge": [1e300, -1e300, 0], "infinite": [np.inf, 1, 2],
    "overflow everywhere": [1e39] * 3, "too close": [16777216, 16777217, 16777218], "times": [1.7e9, 1.7e9 + 5, 1.7e9 + 9],
    "too large an integer": [2**62, 2**62 + 3, 2**62],
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED)
def test_columns_that_float32_cannot_hold_are_refused_by_name(values):
    for columns in ((["b", "a"], ["y"]), (["b"], ["a"])):
        with refuses("a"):
            tensors(FRAME.assign(a=values), *columns)


@pytest.mark.parametrize("values, words", [
    ([1, None, 3], "a: expected no missing values, got 1 missing"),
    ([1e39, 1, 2], "a: expected numbers below 3.4e38 in size, got 1e[+]39"),
    (["1", "2", "3"], "a: expected a numeric column, got str"),
    ([16777216, 16777217, 16777218], "a: expected values .*subtract their mean"),
])
def test_a_refusal_says_what_to_do(values, words):
    with pytest.raises(ValueError, match=words):
        tensors(FRAME.assign(a=values), ["a"], ["y"])


def test_what_float32_rounds_as_it_always_does_is_taken():
    for values in ([16777217, 0, 5], [1e-40, 0.1, 1 / 3], [7, 7, 7], [3e38, -3e38, 0]):
        assert tensors(FRAME.assign(a=values), ["a"], ["y"])[0].flatten().numpy() == pytest.approx(values, rel=1e-6, abs=1e-45)


@pytest.mark.parametrize("frame, inputs, labels, name", [
    (FRAME, ["z"], ["y"], "z"), (FRAME, ["a"], ["z"], "z"), (FRAME, "age", ["y"], "inputs"), (FRAME, ["a"], "y", "labels"),
    (FRAME, [], ["y"], "inputs"), (FRAME, ["a"], [], "labels"), (FRAME[["a", "a", "y"]], ["a"], ["y"], "a"),
    (FRAME.to_numpy(), ["a"], ["y"], "frame"), (FRAME[:0], ["a"], ["y"], "frame"), ({"a": [1], "y": [1]}, ["a"], ["y"], "frame"),
])
def test_what_is_no_column_is_refused_by_name(frame, inputs, labels, name):
    with refuses(name):
        tensors(frame, inputs, labels)


def test_a_row_without_a_split_does_not_vanish():
    for split in (["train", None, "test"], ["train", np.nan, "test"], pd.Categorical(["train", None, "test"])):
        with refuses("split"):
            splits(FRAME.assign(split=split), ["a"], ["y"])
    with refuses("frame"):
        splits(FRAME.drop(columns="split"), ["a"], ["y"])
