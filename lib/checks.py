"""Refuses bad input before any work is done; each error names the argument, what was expected and what came.

Only mistakes that torch accepts in silence, notices too late or explains badly are checked here.
"""

import inspect
import math
import numbers

import torch
from torch import nn
from torch.nn import functional

PROBABILITIES = (nn.BCELoss, functional.binary_cross_entropy)
LOG_ODDS = (nn.BCEWithLogitsLoss, functional.binary_cross_entropy_with_logits)
CLASSES = (nn.CrossEntropyLoss, nn.NLLLoss, functional.cross_entropy, functional.nll_loss)
CONVERSIONS = {torch.float32: ".float()", torch.float64: ".double()"}


def require(condition, name, expected, got):
    """Raise a ValueError for the argument `name` unless `condition` holds."""
    if not condition:
        raise ValueError(f"{name}: expected {expected}, got {got}")


def whole_number(name, value, low=1, high=math.inf):
    """Refuse anything but a whole number from `low` to below `high`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    expected = f"a whole number of at least {low}" + ("" if high == math.inf else f" and below {high}")
    require(whole and low <= value < high, name, expected, repr(value))


def positive_number(name, value):
    """Refuse anything but a finite number above 0."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    require(real and 0 < value < math.inf, name, "a finite number above 0", repr(value))


def data_pair(name, data):
    """Refuse anything but a pair of finite tensors (inputs, labels) with equally many rows."""
    got = f"{len(data)} things" if isinstance(data, (tuple, list)) else type(data).__name__
    require(isinstance(data, (tuple, list)) and len(data) == 2, name, "the pair (inputs, labels)", got)
    for part, values in zip(("inputs", "labels"), data):
        finite(part, values)
    same_rows(*data)


def finite(name, values):
    """Refuse anything but a tensor of finite numbers, at least one."""
    require(isinstance(values, torch.Tensor), name, "a torch.Tensor", type(values).__name__)
    require(values.numel() > 0, name, "at least one observation", f"shape {tuple(values.shape)}")
    bad = int((~torch.isfinite(values)).sum())
    require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")


def same_rows(inputs, labels):
    """Refuse inputs and labels, (n, ...) or (replicas, n, ...), that differ in their observations."""
    rows, others = (values.shape[max(0, values.ndim - 2)] for values in (inputs, labels))
    require(rows == others, "labels", f"{rows} observations, as many as inputs", others)


def same_shape(name, values, other_name, other):
    """Refuse values that would be broadcast silently against `other`."""
    expected = f"shape {tuple(other.shape)}, that of {other_name}"
    require(values.shape == other.shape, name, expected, f"shape {tuple(values.shape)}")


def same_precision(name, values, model):
    """Refuse floating-point numbers of another precision than the model's, and say how to convert them."""
    for precision in {parameter.dtype for parameter in model.parameters()}:
        expected = f"{precision} like the model's parameters ({name}{CONVERSIONS.get(precision, '.to(...)')})"
        require(values.dtype == precision or not values.is_floating_point(), name, expected, values.dtype)


def is_loss(loss_fn, kinds):
    """Return whether `loss_fn` is one of some losses: an instance of its class, or the function itself."""
    return any(loss_fn is kind or (inspect.isclass(kind) and isinstance(loss_fn, kind)) for kind in kinds)


def fits_loss(preds, labels, loss_fn):
    """Refuse predictions (n, outputs) and labels that `loss_fn` would misread or broadcast."""
    if is_loss(loss_fn, CLASSES):
        expected = "one output for each class (for a single one and labels of 0 and 1: nn.BCEWithLogitsLoss())"
        return require(preds.shape[-1] > 1, "model", expected, "one output")
    same_shape("labels", labels, "the predictions", preds)
    if is_loss(loss_fn, PROBABILITIES + LOG_ODDS):
        other = labels[(labels != 0) & (labels != 1)]
        require(len(other) == 0, "labels", "0 or 1 for cross-entropy", other[:3].tolist())
    if is_loss(loss_fn, PROBABILITIES):
        outside = preds[(preds < 0) | (preds > 1)]
        expected = "probabilities, as from a sigmoid (for log odds: nn.BCEWithLogitsLoss())"
        require(len(outside) == 0, "model", expected, outside[:3].tolist())
    return None


def a_model(name, value):
    """Refuse anything but a model, such as a class without parentheses."""
    require(isinstance(value, nn.Module), name, "a model, such as SimpleLinearNN() with parentheses", repr(value))


def a_class(name, value):
    """Refuse anything but a class of torch.nn, as in `Perceptron(2, 4, nn.ReLU)`."""
    fits = inspect.isclass(value) and issubclass(value, nn.Module)
    require(fits, name, "a class such as nn.ReLU, without parentheses", repr(value))


def a_function(name, value, example):
    """Refuse anything that cannot be called, and a class where one of its instances is meant."""
    require(callable(value) and not inspect.isclass(value), name, f"a function, such as {example}", repr(value))
