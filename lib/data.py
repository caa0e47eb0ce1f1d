"""Turns a data frame into the tensors that a model takes."""

import numpy as np
import pandas as pd
import torch
from pandas.api import types

from lib import checks


def tensors(frame, inputs, labels):
    """Return two lists of columns as float32 tensors (n, columns); raise ValueError for one that float32 cannot hold as it is."""
    checks.require(isinstance(frame, pd.DataFrame) and len(frame), "frame", "a DataFrame with rows", type(frame).__name__)
    for argument, names in (("inputs", inputs), ("labels", labels)):
        checks.require(not isinstance(names, str) and len(names), argument, "a list of names of columns", repr(names))
    return tuple(torch.from_numpy(np.column_stack([column(frame, name) for name in names])) for names in (inputs, labels))


def splits(frame, inputs, labels):
    """Return a dict from each value of the column `split`, which no row may lack, to the tensors of its rows."""
    checks.require("split" in frame, "frame", "a column named split", f"columns {list(frame)}")
    checks.require(frame["split"].notna().all(), "split", "no missing values", f"{frame['split'].isna().sum()} missing")
    return {name: tensors(rows, inputs, labels) for name, rows in frame.groupby("split", sort=False)}


def column(frame, name):
    """Return one column as an array of float32, refusing what these cannot hold."""
    checks.require(name in frame, name, f"one of the columns {list(frame)}", "no such column")
    values = frame[name]
    checks.require(values.ndim == 1, name, "one column of this name", values.shape[-1])
    checks.require(types.is_numeric_dtype(values) and not types.is_complex_dtype(values), name, "a numeric column", values.dtype)
    checks.require(values.notna().all(), name, "no missing values", f"{values.isna().sum()} missing")
    exact = values.to_numpy(dtype=float)
    largest = np.abs(exact).max()
    checks.require(largest < np.finfo(np.float32).max, name, "numbers below 3.4e38 in size", f"{largest:g}")
    rounding, advice = np.spacing(np.float32(largest)) / 2, "values whose differences float32 can hold (subtract their mean first)"
    checks.require(exact.std() == 0 or rounding < 0.01 * exact.std(), name, advice, f"rounding to {rounding:g}")
    return exact.astype(np.float32)
