"""Refuses bad input before any work is done: each error names the argument, what came and what was expected."""

import inspect
import math
import numbers

import torch
from torch import nn
from torch.nn import functional

CROSS_ENTROPIES = (functional.binary_cross_entropy, functional.binary_cross_entropy_with_logits)


def require(condition, name, expected, got):
    """Raise a ValueError for the argument `name` unless `condition` holds."""
    if not condition:
        refuse(name, expected, got)


def refuse(name, expected, got):
    """Raise a ValueError for the argument `name`: to be called by what must not spend time on words before."""
    raise ValueError(f"{name}: expected {expected}, got {got}")


def whole_number(name, value, low, high=2**63):
    """Refuse whatever is not a whole number from `low` to below `high`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    expected = f"a whole number of at least {low}" + (f" and below {high}" if high < 2**63 else "")
    require(whole and low <= value < high, name, expected, repr(value))


def positive_integer(name, value):
    """Refuse whatever is not a whole number of at least 1."""
    whole_number(name, value, 1)


def is_real(value):
    """Return whether this is a plain number, and not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def positive_number(name, value):
    """Refuse whatever is not a finite number above 0."""
    require(is_real(value) and 0 < value < math.inf, name, "a finite number above 0", repr(value))


def number_from_zero(name, value):
    """Refuse whatever is not a finite number of at least 0."""
    require(is_real(value) and 0 <= value < math.inf, name, "a finite number of at least 0", repr(value))


def dictionary(name, value, most=math.inf):
    """Refuse what is not a dict of at least one and at most `most` entries."""
    got = f"{len(value)} entries" if isinstance(value, dict) else type(value).__name__
    expected = "a dict with at least one entry" if most == math.inf else f"a dict of 1 to {most} entries"
    require(isinstance(value, dict) and 0 < len(value) <= most, name, expected, got)


def pair(name, value):
    """Refuse what is not a tuple or list of two, such as (inputs, labels)."""
    got = f"{len(value)} things" if isinstance(value, (tuple, list)) else type(value).__name__
    require(isinstance(value, (tuple, list)) and len(value) == 2, name, "the pair (inputs, labels)", got)


def finite_numbers(name, values):
    """Refuse what is not a tensor of finite float32 or float64 numbers, at least one."""
    require(isinstance(values, torch.Tensor), name, "a torch.Tensor", type(values).__name__)
    require(values.is_floating_point(), name, "floating-point numbers", values.dtype)
    require(values.numel() > 0, name, "at least one observation", f"shape {tuple(values.shape)}")
    bad = int((~torch.isfinite(values)).sum())
    require(bad == 0, name, "finite numbers only", f"{bad} that are NaN or infinite")


def columns_vary(name, values):
    """Refuse inputs (..., n, features) with a feature that is the same for all observations."""
    finite_numbers(name, values)
    expected, got = "shape (n, features) with at least two rows", f"shape {tuple(values.shape)}"
    require(values.dim() > 1 and values.shape[-2] > 1, name, expected, got)
    constant = (values == values[..., :1, :]).all(dim=-2).reshape(-1, values.shape[-1]).any(dim=0)
    require(not constant.any(), name, "columns that vary", f"constant columns {constant.nonzero().flatten().tolist()}")


def inputs_fit(inputs, weights):
    """Refuse inputs that cannot be multiplied with weights (features_in, features_out), or those of replicas."""
    if not isinstance(inputs, torch.Tensor):
        refuse("inputs", "a torch.Tensor", type(inputs).__name__)
    if inputs.shape[-1:] != weights.shape[-2:-1]:
        refuse("inputs", f"shape (..., {weights.shape[-2]})", f"shape {tuple(inputs.shape)}")
    if inputs.dim() > 2 < weights.dim() and len(inputs) != len(weights):
        refuse("inputs", f"{len(weights)} replicas, as in the model, or none", f"{len(inputs)}")
    same_type("inputs", inputs, weights)


def same_type(name, values, weights):
    """Refuse numbers of another precision than the model's."""
    if values.dtype != weights.dtype:
        advice = f"{weights.dtype} like the model's weights (for example by .float())"
        refuse(name, advice, values.dtype)


def same_shape(name, values, other_name, other):
    """Refuse values that would be broadcast silently against `other`."""
    expected = f"shape {tuple(other.shape)}, that of {other_name}"
    require(values.shape == other.shape, name, expected, f"shape {tuple(values.shape)}")


def same_rows(inputs, labels):
    """Refuse data whose inputs and labels, (n, ...) or (replicas, n, ...), differ in their observations."""
    rows, others = (values.shape[max(0, values.ndim - 2)] for values in (inputs, labels))
    require(rows == others, "labels", f"{rows} observations, as many as inputs", f"{others}")


def same_replicas(name, values, replicas):
    """Refuse values with a dimension for the replicas where the model has none, or other ones."""
    expected = "shape (n, features)" + (f" or ({replicas}, n, features)" if replicas else "")
    fits = values.ndim < 3 or (values.ndim == 3 and len(values) == replicas)
    require(fits, name, expected, f"shape {tuple(values.shape)}")


def labels_fit_loss(labels, loss_fn):
    """Refuse labels outside {0, 1} where the loss is a binary cross-entropy."""
    if isinstance(loss_fn, (nn.BCELoss, nn.BCEWithLogitsLoss)) or loss_fn in CROSS_ENTROPIES:
        other = labels[(labels != 0) & (labels != 1)]
        require(len(other) == 0, "labels", "0 or 1 for cross-entropy", other[:3].tolist())


def a_model(name, value):
    """Refuse what is not a model, such as a class without brackets."""
    require(isinstance(value, nn.Module), name, "a model, such as SimpleLinearNN() with brackets", repr(value))


def activation_class(name, value):
    """Refuse an instance where a class of torch.nn is expected, as in `Perceptron(2, 4, nn.ReLU)`."""
    is_class = inspect.isclass(value) and issubclass(value, nn.Module)
    require(is_class, name, "a class such as nn.ReLU, without brackets", repr(value))


def loss_function(name, value):
    """Refuse a class where a function of predictions and labels is expected, as in `nn.MSELoss()`."""
    expected = "a function of predictions and labels, such as nn.MSELoss() with brackets"
    require(callable(value) and not inspect.isclass(value), name, expected, repr(value))


def one_number(name, values, replicas=None):
    """Refuse a loss that is not a single number, or one for each replica, as with reduction="none"."""
    expected = "one number for all predictions" + (" of a replica" if replicas else "")
    require(values.numel() == (replicas or 1), name, expected, f"shape {tuple(values.shape)}")
