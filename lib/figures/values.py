"""Turns what the reader has (tensors, arrays, Series, lists) into the numbers that a figure draws."""

import numpy as np

from lib import checks


def numbers(name, values):
    """Return `values` as a flat array of floats, to six decimals.

    Raises ValueError if there are none, or not all are finite.
    """
    values = values.detach() if hasattr(values, "detach") else values
    flat = np.asarray(values, dtype=float).ravel()
    checks.require(flat.size > 0, name, "at least one number", "none")
    bad = int((~np.isfinite(flat)).sum())
    checks.require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")
    return flat.round(6)


def number(name, value):
    """Return one number, such as a model's weight of shape (1, 1), as a float to six decimals."""
    flat = numbers(name, value)
    checks.require(flat.size == 1, name, "one number", f"{flat.size}")
    return float(flat[0])


def observations(inputs, labels):
    """Return inputs and labels, each (n,) or (n, 1), as two flat arrays of equal length."""
    x, y = numbers("inputs", inputs), numbers("labels", labels)
    checks.same_rows(x, y)
    return x, y


def path(name, steps):
    """Return k pairs of (weights, bias) as an array of shape (k, 2)."""
    flat = numbers(name, steps)
    shape = np.shape(steps)
    checks.require(len(shape) == 2 and shape[1] == 2, name, "pairs of (weights, bias)", f"shape {shape}")
    return flat.reshape(shape)


def equation(weights, bias):
    """Return a line in words, for legends: 3.38x + 0.905."""
    sign = "+" if bias >= 0 else "−"
    return f"{weights:.3g}x {sign} {abs(bias):.3g}".replace("-", "−")


def spread(values):
    """Return an axis range with some room around all values, so that a slider never moves it."""
    room = 0.08 * np.ptp(values)
    return [round(float(values.min() - room), 2), round(float(values.max() + room), 2)]
