"""Turns what the reader has (tensors, arrays, Series, lists) into the numbers that a figure draws."""

import numpy as np

from lib import checks


def numbers(name, values):
    """Return `values`, of shape (n,) or (n, 1), as a flat array of floats with six significant digits.

    Raises ValueError if there are none, or not all are finite.
    """
    array = as_array(name, values)
    checks.require(array.size in array.shape or array.size == 1, name, "shape (n,) or (n, 1)", f"shape {array.shape}")
    return array.ravel()


def as_array(name, values):
    """Return `values` as an array of finite floats, rounded to six significant digits."""
    values = values.detach() if hasattr(values, "detach") else values
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected numbers, got {values!r:.60}") from None
    checks.require(array.size > 0, name, "at least one number", "none")
    bad = int((~np.isfinite(array)).sum())
    checks.require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")
    return np.array([float(f"{number:.6g}") for number in array.flat]).reshape(array.shape)


def number(name, value):
    """Return one number, such as a model's weight of shape (1, 1), as a float."""
    array = as_array(name, value)
    checks.require(array.size == 1, name, "one number", f"{array.size}")
    return array.item()


def line(name, value):
    """Return the pair (weights, bias) of a line as two floats."""
    two = isinstance(value, (tuple, list, np.ndarray)) and len(value) == 2
    checks.require(two, name, "the pair (weights, bias)", repr(value))
    return number(name, value[0]), number(name, value[1])


def observations(inputs, labels):
    """Return inputs and labels, each (n,) or (n, 1), as two flat arrays of equal length."""
    x, y = numbers("inputs", inputs), numbers("labels", labels)
    checks.same_rows(x, y)
    return x, y


def plane(inputs, labels):
    """Return inputs (n, 2) and labels of 0 and 1, (n,) or (n, 1), as arrays (n, 2) and (n,)."""
    return space(inputs, labels, 2)


def space(inputs, labels, features):
    """Return inputs (n, features) and labels of 0 and 1, (n,) or (n, 1), as arrays (n, features) and (n,)."""
    inputs, labels = as_array("inputs", inputs), numbers("labels", labels)
    checks.require(inputs.shape[1:] == (features,), "inputs", f"shape (n, {features})", f"shape {inputs.shape}")
    checks.same_rows(inputs, labels)
    checks.require(set(labels) <= {0, 1}, "labels", "0 or 1", sorted(set(labels) - {0, 1})[:3])
    return inputs, labels


def path(name, steps):
    """Return k pairs of (weights, bias) as an array of shape (k, 2)."""
    steps = as_array(name, steps)
    checks.require(steps.shape[1:] == (2,), name, "pairs of (weights, bias)", f"shape {steps.shape}")
    return steps


def equation(weights, bias):
    """Return a line in words, for legends: 3.38x + 0.905."""
    sign = "+" if bias >= 0 else "−"
    return f"{weights:.3g}x {sign} {abs(bias):.3g}".replace("-", "−")


def spread(values):
    """Return an axis range with some room around all values but those that are NaN, which are not drawn."""
    low, high = np.nanmin(values), np.nanmax(values)
    room = 0.08 * (high - low) or 1.0
    return [float(f"{end:.6g}") for end in (low - room, high + room)]
