"""Turns what the reader has (tensors, arrays, Series, lists) into the numbers that a figure draws."""

import numpy as np
import pandas as pd
import torch

from lib import checks


def to_numpy(tensor):
    """Return a tensor as an array, half precision as single: numpy has no bfloat16, and no linear algebra of float16."""
    return (tensor.float() if tensor.dtype in (torch.float16, torch.bfloat16) else tensor).detach().numpy()


def as_array(name, values):
    """Return `values`, finite numbers and at least one, as an array with six significant digits: all that a figure stores."""
    try:
        array = np.atleast_1d(to_numpy(values) if isinstance(values, torch.Tensor) else values)
        checks.require(array.dtype.kind in "biufO", name, "numbers", array.dtype)  # neither complex ones nor dates
        array = array.astype(float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected numbers, got {values!r:.60}") from None
    checks.finite(name, torch.from_numpy(array))
    return six_digits(array)


def six_digits(array):
    """Return numbers rounded to six significant digits."""
    scale = 10.0 ** (5 - np.floor(np.log10(np.abs(array), where=array != 0, out=np.zeros_like(array))))
    return np.round(array * scale) / scale


def numbers(name, values):
    """Return `values`, of shape (n,) or (n, 1), as a flat array."""
    array = as_array(name, values)
    checks.require(array.size in array.shape or array.size == 1, name, "shape (n,) or (n, 1)", f"shape {array.shape}")
    return array.ravel()


def number(name, value):
    """Return one number, such as a model's weight of shape (1, 1), as a float."""
    array = as_array(name, value)
    checks.require(array.size == 1, name, "one number", repr(value))
    return array.item()


def as_line(name, value):
    """Return the pair (weights, bias) of a line as two floats."""
    checks.require(isinstance(value, (tuple, list, np.ndarray)) and len(value) == 2, name, "the pair (weights, bias)", repr(value))
    return number(name, value[0]), number(name, value[1])


def rows(name, values, features=2):
    """Return `values`, such as k pairs of (weights, bias), as an array of shape (k, features)."""
    array = as_array(name, values)
    checks.require(array.shape[1:] == (features,), name, f"shape (n, {features})", f"shape {array.shape}")
    return array


def columns(name, table, *wanted):
    """Return some columns of a table as arrays."""
    found = list(table) if isinstance(table, pd.DataFrame) else type(table).__name__
    checks.require(set(wanted) <= set(found), name, f"a table with the columns {list(wanted)}", found)
    return [numbers(f"{name}.{column}", table[column]) for column in wanted]


def observations(data, read_inputs=numbers):
    """Return the pair (inputs, labels), each (n,) or (n, 1), as two flat arrays of equal length."""
    checks.require(isinstance(data, (tuple, list)) and len(data) == 2, "data", "the pair (inputs, labels)", type(data).__name__)
    inputs, labels = read_inputs("inputs", data[0]), numbers("labels", data[1])
    checks.require(len(inputs) == len(labels), "labels", f"{len(inputs)} observations, as many as inputs", len(labels))
    return inputs, labels


def labelled(data, features=2):
    """Return inputs (n, features) and labels of 0 and 1, (n,) or (n, 1), as arrays (n, features) and (n,)."""
    inputs, labels = observations(data, lambda name, values: rows(name, values, features))
    checks.require(set(labels) <= {0, 1}, "labels", "0 or 1", sorted(set(labels) - {0, 1})[:3])
    return inputs, labels


def filled_dict(name, value, most=np.inf):
    """Refuse anything but a dict of at least one and at most `most` entries."""
    got = f"{len(value)} entries" if isinstance(value, dict) else type(value).__name__
    checks.require(isinstance(value, dict) and 0 < len(value) <= most, name, f"a dict of 1 to {most:g} entries", got)


def equation(weights, bias):
    """Return a line in words, for legends: 3.38x + 0.905."""
    return f"{weights:.3g}x {'+' if bias >= 0 else '−'} {abs(bias):.3g}".replace("-", "−")


def axis_range(values):
    """Return an axis range with some room around all values but those that are NaN, which are not drawn."""
    low, high = np.nanmin(values), np.nanmax(values)
    room = 0.08 * (high - low) or 1.0
    return six_digits(np.array([low - room, high + room])).tolist()
