"""Turns a data frame into the tensors that a model takes."""

import numpy as np
import pandas as pd
import torch
from pandas.api import types

from lib import checks


def tensors(frame, inputs, labels):
    """Return the columns `inputs` and `labels` (lists of names) as a pair of float32 tensors.

    Shapes (n, len(inputs)) and (n, len(labels)). Raises ValueError, with its name, for a column that is missing, is there
    twice, is not numeric, has missing values, or holds numbers that float32 cannot.
    """
    checks.require(isinstance(frame, pd.DataFrame), "frame", "a DataFrame", type(frame).__name__)
    for argument, names in (("inputs", inputs), ("labels", labels)):
        fits = not isinstance(names, str) and len(names) > 0
        checks.require(fits, argument, "a list of names of columns", repr(names))
    columns = [np.column_stack([column(frame, name) for name in names]) for names in (inputs, labels)]
    return tuple(torch.from_numpy(values) for values in columns)


def splits(frame, inputs, labels):
    """Return a dict from each value of the column `split` to the tensors of its rows.

    Raises ValueError as tensors does, and for a row without a value of `split`.
    """
    checks.require("split" in frame, "frame", "a column named split", f"columns {list(frame)}")
    missing = int(frame["split"].isna().sum())
    checks.require(not missing, "split", "no missing values", f"{missing} missing")
    return {name: tensors(rows, inputs, labels) for name, rows in frame.groupby("split", sort=False)}


def column(frame, name):
    """Return one column as an array of float32, refusing what these cannot hold."""
    checks.require(name in frame, name, f"one of the columns {list(frame)}", "no such column")
    values = frame[name]
    checks.require(values.ndim == 1, name, "one column of this name", f"{values.shape[-1]}")
    numeric = types.is_numeric_dtype(values) and not types.is_complex_dtype(values)
    checks.require(numeric, name, "a numeric column", values.dtype)
    checks.require(values.notna().all(), name, "no missing values", f"{values.isna().sum()} missing")
    exact = values.to_numpy(dtype=float)
    largest, spread = np.abs(exact).max(), exact.std()
    checks.require(largest < np.finfo(np.float32).max, name, "numbers below 3.4e38 in size", f"{largest:g}")
    rounding = np.spacing(np.float32(largest)) / 2
    advice = "values that differ by more than float32 rounds them (subtract their mean first)"
    checks.require(spread == 0 or rounding < 0.01 * spread, name, advice, f"rounding to {rounding:g}")
    return exact.astype(np.float32)
