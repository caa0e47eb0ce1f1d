"""Turns what the reader has (tensors, arrays, Series, lists) into the numbers that a figure draws."""

import math

import numpy as np

from lib import checks


def as_array(name, values):
    """Return `values` as an array of finite floats with six significant digits: all that a figure stores.

    Raises ValueError if there are none, or not all are finite numbers.
    """
    values = values.detach() if hasattr(values, "detach") else values
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected numbers, got {values!r:.60}") from None
    checks.require(array.size > 0, name, "at least one number", "none")
    bad = int((~np.isfinite(array)).sum())
    checks.require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")
    return six_digits(array)


def six_digits(array):
    """Return numbers rounded to six significant digits."""
    exponents = np.floor(np.log10(np.abs(array), where=array != 0, out=np.zeros_like(array)))
    scale = 10.0 ** (5 - exponents)
    return np.round(array * scale) / scale


def numbers(name, values):
    """Return `values`, of shape (n,) or (n, 1), as a flat array."""
    array = as_array(name, values)
    checks.require(array.size in array.shape or array.size == 1, name, "shape (n,) or (n, 1)", f"shape {array.shape}")
    return array.ravel()


def number(name, value):
    """Return one number, such as a model's weight of shape (1, 1), as a float."""
    array = as_array(name, value)
    checks.require(array.size == 1, name, "one number", f"{array.size}")
    return array.item()


def as_line(name, value):
    """Return the pair (weights, bias) of a line as two floats."""
    two = isinstance(value, (tuple, list, np.ndarray)) and len(value) == 2
    checks.require(two, name, "the pair (weights, bias)", repr(value))
    return number(name, value[0]), number(name, value[1])


def path(name, steps):
    """Return k pairs of (weights, bias) as an array of shape (k, 2)."""
    steps = as_array(name, steps)
    checks.require(steps.shape[1:] == (2,), name, "pairs of (weights, bias)", f"shape {steps.shape}")
    return steps


def pair(data):
    """Return the two parts of data, refusing anything but the pair (inputs, labels)."""
    got = f"{len(data)} things" if isinstance(data, (tuple, list)) else type(data).__name__
    checks.require(isinstance(data, (tuple, list)) and len(data) == 2, "data", "the pair (inputs, labels)", got)
    return data


def observations(data):
    """Return inputs and labels, each (n,) or (n, 1), as two flat arrays of equal length."""
    inputs, labels = pair(data)
    x, y = numbers("inputs", inputs), numbers("labels", labels)
    checks.require(len(x) == len(y), "labels", f"{len(x)} observations, as many as inputs", len(y))
    return x, y


def labelled(data, features=2):
    """Return inputs (n, features) and labels of 0 and 1, (n,) or (n, 1), as arrays (n, features) and (n,)."""
    inputs, labels = pair(data)
    inputs, labels = as_array("inputs", inputs), numbers("labels", labels)
    checks.require(inputs.shape[1:] == (features,), "inputs", f"shape (n, {features})", f"shape {inputs.shape}")
    checks.require(len(inputs) == len(labels), "labels", f"{len(inputs)} observations, as many as inputs", len(labels))
    checks.require(set(labels) <= {0, 1}, "labels", "0 or 1", sorted(set(labels) - {0, 1})[:3])
    return inputs, labels


def filled_dict(name, value, most=math.inf):
    """Refuse anything but a dict of at least one and at most `most` entries."""
    got = f"{len(value)} entries" if isinstance(value, dict) else type(value).__name__
    expected = "a dict with at least one entry" if most == math.inf else f"a dict of 1 to {most} entries"
    checks.require(isinstance(value, dict) and 0 < len(value) <= most, name, expected, got)


def equation(weights, bias):
    """Return a line in words, for legends: 3.38x + 0.905."""
    sign = "+" if bias >= 0 else "−"
    return f"{weights:.3g}x {sign} {abs(bias):.3g}".replace("-", "−")


def axis_range(values):
    """Return an axis range with some room around all values but those that are NaN, which are not drawn."""
    low, high = np.nanmin(values), np.nanmax(values)
    room = 0.08 * (high - low) or 1.0
    return six_digits(np.array([low - room, high + room])).tolist()
