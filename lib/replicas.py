"""Many networks in one model: every parameter gets one more dimension in front, and the formulas broadcast."""

import copy

import torch

from lib import checks
from lib.models import as_generator


def replicate(model, replicas):
    """Return a copy of `model` that holds many networks, alike until initialise draws them apart; outputs (replicas, n, outputs).

    Raises ValueError for layers of torch.nn with parameters, such as nn.Linear, whose formulas do not broadcast.
    """
    checks.require(replicas_of(model) is None, "model", "a plain model", "one that holds replicas")
    checks.whole_number("replicas", replicas)
    for layer in model.modules():
        fits = all(own.dim() == 2 and not type(layer).__module__.startswith("torch.nn") for own in layer.parameters(recurse=False))
        checks.require(fits, "model", "layers that broadcast, such as Perceptron", layer)
    model = copy.deepcopy(model)
    for parameter in model.parameters():
        parameter.data = for_each(parameter.data, replicas).clone()
    return model


def has_replicas(values):
    """Return whether these are parameters or data of replicas: the one place that knows three dimensions mean that."""
    return values.dim() > 2


def replicas_of(model):
    """Return how many networks `model` holds, None for a plain one; raise ValueError if its layers differ in that."""
    checks.a_model("model", model)
    found = {len(values) if has_replicas(values) else None for values in model.parameters()}
    checks.require(len(found) <= 1, "model", "as many replicas in every layer", f"replicas {sorted(found, key=str)}")
    return found.pop() if found else None


def alone(model, replica):
    """Return replica number `replica` of `model` as a plain model; raise ValueError if it is not there."""
    checks.require(replicas_of(model) is not None, "model", "a model with replicas", "a plain one")
    checks.whole_number("replica", replica, 0, replicas_of(model))
    one = copy.deepcopy(model)
    for values in filter(has_replicas, [*one.parameters(), *one.buffers()]):  # all replicas share the others
        values.data = values.data[replica]
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


def generators(seed, replicas):
    """Return `replicas` independent generators drawn from `seed`: the first ones are the same however many there are."""
    checks.whole_number("replicas", replicas)
    children = torch.randint(2**63 - 1, (replicas,), generator=as_generator(seed))
    return [torch.Generator().manual_seed(child) for child in children.tolist()]
