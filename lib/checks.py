"""Refuses bad input before any work is done: mistakes that torch accepts in silence, notices too late or explains badly."""

import inspect
import math
import numbers

import torch
from torch import nn
from torch.nn import functional

PROBABILITIES = (nn.BCELoss, functional.binary_cross_entropy)
LOG_ODDS = (nn.BCEWithLogitsLoss, functional.binary_cross_entropy_with_logits)
CLASSES = (nn.CrossEntropyLoss, nn.NLLLoss, functional.cross_entropy, functional.nll_loss)


def require(condition, name, expected, got):
    """Raise a ValueError for the argument `name` unless `condition` holds."""
    if not condition:
        raise ValueError(f"{name}: expected {expected}, got {got}")


def whole_number(name, value, low=1, high=math.inf):
    """Refuse anything but a whole number from `low` to below `high`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    expected = f"a whole number of at least {low}" + ("" if high == math.inf else f" and below {high}")
    require(whole and low <= value < high, name, expected, repr(value))


def a_model(name, value):
    """Refuse anything but a model, such as a class without parentheses."""
    require(isinstance(value, nn.Module), name, "a model, such as SimpleLinearNN() with parentheses", repr(value))


def finite(name, values, model=None):
    """Refuse anything but a tensor of finite numbers, at least one, of the same precision as the parameters of a model."""
    require(isinstance(values, torch.Tensor), name, "a torch.Tensor", type(values).__name__)
    require(values.numel() > 0, name, "at least one number", f"shape {tuple(values.shape)}")
    require(values.isfinite().all(), name, "finite numbers only", f"{int((~values.isfinite()).sum())} that are NaN or infinite")
    for precision in {parameter.dtype for parameter in model.parameters()} if model and values.is_floating_point() else ():
        require(values.dtype == precision, name, f"{precision} as in the model: {name}.to({precision})", values.dtype)


def data_pair(name, data, model=None):
    """Refuse anything but finite tensors (inputs, labels), (n, ...) or (replicas, n, ...), with equally many observations."""
    require(isinstance(data, (tuple, list)) and len(data) == 2, name, "the pair (inputs, labels)", type(data).__name__)
    finite("inputs", data[0], model)
    finite("labels", data[1], model)
    rows, others = (values.shape[max(0, values.ndim - 2)] for values in data)
    require(rows == others, "labels", f"{rows} observations, as many as inputs", others)


def is_loss(loss_fn, kinds):
    """Return whether `loss_fn` is one of some losses: an instance of its class, or the function itself."""
    return any(loss_fn is kind or (inspect.isclass(kind) and isinstance(loss_fn, kind)) for kind in kinds)


def fits_loss(preds, labels, loss_fn):
    """Refuse predictions (n, outputs) and labels that `loss_fn` would misread or broadcast, and what is no loss."""
    weight, function = getattr(loss_fn, "weight", None), callable(loss_fn) and not inspect.isclass(loss_fn)
    require(function, "loss_fn", "a function, such as nn.MSELoss() with parentheses", repr(loss_fn))
    if is_loss(loss_fn, CLASSES):
        return require(preds.shape[-1] > 1, "model", "an output for each class (for a single one nn.BCEWithLogitsLoss())", "one")
    require(weight is None or weight.numel() == 1, "loss_fn", "no weights of rows, which shuffles leave behind", "some")
    require(labels.shape == preds.shape, "labels", f"shape {tuple(preds.shape)} of the predictions", f"shape {tuple(labels.shape)}")
    other, outside = labels[(labels != 0) & (labels != 1)], preds[(preds < 0) | (preds > 1)]
    require(not is_loss(loss_fn, PROBABILITIES + LOG_ODDS) or len(other) == 0, "labels", "0 or 1 for cross-entropy", other[:3].tolist())
    fits = not is_loss(loss_fn, PROBABILITIES) or len(outside) == 0
    return require(fits, "model", "probabilities (for log odds nn.BCEWithLogitsLoss())", outside[:3].tolist())
