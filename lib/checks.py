"""Refuses bad input before any work is done: each error names the argument, what came and what was expected."""

import inspect
import math
import numbers

import torch
from torch import nn


def require(condition, name, expected, got):
    """Raise a ValueError for the argument `name` unless `condition` holds."""
    if not condition:
        raise ValueError(f"{name}: expected {expected}, got {got}")


def positive_integer(name, value):
    """Refuse whatever is not a whole number of at least 1."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    require(whole and value >= 1, name, "a whole number of at least 1", repr(value))


def row_number(name, value, rows):
    """Refuse whatever does not count one of `rows` observations, from 0."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    require(whole and 0 <= value < rows, name, f"a row from 0 to {rows - 1}", repr(value))


def at_most_four(name, named):
    """Refuse what is not a dict of one to four things: so many styles can be told apart."""
    got = f"{len(named)} entries" if isinstance(named, dict) else type(named).__name__
    require(isinstance(named, dict) and 0 < len(named) <= 4, name, "a dict of 1 to 4 entries", got)


def positive_number(name, value):
    """Refuse whatever is not a finite number above 0."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    require(real and 0 < value < math.inf, name, "a finite number above 0", repr(value))


def finite_numbers(name, values):
    """Refuse a tensor that is empty or holds NaN or infinity."""
    require(isinstance(values, torch.Tensor), name, "a torch.Tensor", type(values).__name__)
    require(values.is_floating_point(), name, "floating-point numbers", values.dtype)
    require(values.numel() > 0, name, "at least one observation", f"shape {tuple(values.shape)}")
    bad = int((~torch.isfinite(values)).sum())
    require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")


def column_count(name, values, columns):
    """Refuse inputs whose last dimension does not fit a layer with `columns` inputs."""
    shape = tuple(values.shape)
    require(shape and shape[-1] == columns, name, f"shape (..., {columns})", f"shape {shape}")


def same_shape(name, values, other_name, other):
    """Refuse values that would be broadcast silently against `other`."""
    expected = f"shape {tuple(other.shape)}, that of {other_name}"
    require(values.shape == other.shape, name, expected, f"shape {tuple(values.shape)}")


def pair(name, value):
    """Return `value` if it is a pair such as (inputs, labels), else refuse it."""
    got = f"{len(value)} things" if isinstance(value, (tuple, list)) else type(value).__name__
    require(isinstance(value, (tuple, list)) and len(value) == 2, name, "the pair (inputs, labels)", got)
    return value


def same_rows(inputs, labels):
    """Refuse data whose inputs and labels differ in their number of observations."""
    expected = f"{len(inputs)} observations, as many as inputs"
    require(len(labels) == len(inputs), "labels", expected, f"{len(labels)}")


def labels_fit_loss(labels, loss_fn):
    """Refuse labels outside {0, 1} where the loss is a binary cross-entropy."""
    if isinstance(loss_fn, (nn.BCELoss, nn.BCEWithLogitsLoss)):
        other = labels[(labels != 0) & (labels != 1)]
        require(len(other) == 0, "labels", "0 or 1 for cross-entropy", other[:3].tolist())


def module_class(name, value):
    """Refuse an instance where a class of torch.nn is expected, as in `Perceptron(2, 4, nn.ReLU)`."""
    is_class = inspect.isclass(value) and issubclass(value, nn.Module)
    require(is_class, name, "a class such as nn.ReLU, without brackets", repr(value))


def module_instance(name, value):
    """Refuse a class where an instance is expected, as in `loss_fn=nn.MSELoss()`."""
    expected = "a function of predictions and labels, such as nn.MSELoss() with brackets"
    require(callable(value) and not inspect.isclass(value), name, expected, repr(value))
