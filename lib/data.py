"""Turns a data frame into the tensors that a model takes."""

import pandas as pd
import torch

from lib import checks


def tensors(frame, inputs, labels):
    """Return the columns `inputs` and `labels` (lists of names) as a pair of float tensors.

    Shapes (n, len(inputs)) and (n, len(labels)). Raises ValueError for a column that is not there,
    is not numeric or has missing values.
    """
    for name in [*inputs, *labels]:
        check_column(frame, name)
    return tuple(torch.tensor(frame[names].values, dtype=torch.float32) for names in (inputs, labels))


def splits(frame, inputs, labels):
    """Return a dict from each value of the column `split` to the tensors of its rows."""
    checks.require("split" in frame, "frame", "a column named split", f"columns {list(frame)}")
    return {name: tensors(rows, inputs, labels) for name, rows in frame.groupby("split", sort=False)}


def check_column(frame, name):
    """Refuse a column that is missing, not numeric, or incomplete."""
    checks.require(name in frame, name, f"one of the columns {list(frame)}", "no such column")
    column = frame[name]
    checks.require(pd.api.types.is_numeric_dtype(column), name, "a numeric column", column.dtype)
    checks.require(column.notna().all(), name, "no missing values", f"{column.isna().sum()} missing")
