"""Many networks in one model: every parameter gets one more dimension in front, and the formulas broadcast."""

import copy

import torch

from lib import checks


def replicate(model, replicas):
    """Return a copy of `model` that holds many independent networks.

    Each parameter gets a first dimension of size `replicas`. The formula
    inputs @ weights + bias broadcasts: the outputs are (replicas, n, outputs).
    All start alike; initialise draws them apart. Raises ValueError for layers of
    torch.nn with parameters, such as nn.Linear, whose formulas do not broadcast.
    """
    checks.require(replicas_of(model) is None, "model", "a plain model", "one that holds replicas")
    checks.whole_number("replicas", replicas)
    for layer in model.modules():
        own = list(layer.parameters(recurse=False))
        fits = all(parameter.dim() == 2 for parameter in own) and not (own and type(layer).__module__.startswith("torch.nn"))
        checks.require(fits, "model", "layers that broadcast, such as Perceptron", repr(layer))
    model = copy.deepcopy(model)
    for parameter in model.parameters():
        parameter.data = parameter.data.expand(replicas, *parameter.shape).clone()
    return model


def has_replicas(values):
    """Return whether these are parameters or data of replicas: the one place that knows three dimensions mean that."""
    return values.dim() > 2


def replicas_of(model):
    """Return how many networks `model` holds, None for a plain one.

    Raises ValueError for layers with different numbers of replicas, or some with none.
    """
    checks.a_model("model", model)
    found = {len(values) if has_replicas(values) else None for values in model.parameters()}
    checks.require(len(found) <= 1, "model", "as many replicas in every layer", f"replicas {sorted(found, key=str)}")
    return found.pop() if found else None


def alone(model, replica):
    """Return replica number `replica` of `model` as a plain model.

    Raises ValueError for a plain model or a number that is not there.
    """
    replicas = replicas_of(model)
    checks.require(replicas is not None, "model", "a model with replicas", "a plain one")
    checks.whole_number("replica", replica, 0, replicas)
    one = copy.deepcopy(model)
    for values in [*one.parameters(), *one.buffers()]:
        if has_replicas(values):  # else all replicas share it
            values.data, values.grad = values.data[replica], None
    return one


def for_each(values, replicas):
    """Return values once for each of some replicas, unless each has its own already; for None as they are."""
    return values if replicas is None or has_replicas(values) else values.expand(replicas, *values.shape)


def copy_where(which, source, target):
    """Copy parameters from one state to another where `which` holds: a truth value, or one for each replica."""
    mask = torch.as_tensor(which)
    for name, values in target.items():
        if mask.dim() == 0 or has_replicas(values):
            values[mask] = source[name][mask]
