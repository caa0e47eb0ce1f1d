"""Self-checks for the exercises on networks."""

import copy

import numpy as np
import torch
from torch import nn

from lib.models import initialise
from self_checks.models import design, predictions
from self_checks.verdict import Verdict

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
STRAIGHT = ("Its boundary is straight, and no straight line has (0, 0) and (1, 1) on one side and (0, 1) and (1, 0) "
            "on the other: it takes a hidden layer of two neurons with an activation.")
KNOWN = {  # answers at the corners
    (1, 0, 0, 1): "XNOR, the very opposite: it says 1 where the two inputs agree",
    (0, 0, 0, 1): "AND: it says 1 only where both inputs are 1",
    (0, 1, 1, 1): "OR: it says 1 also where both inputs are 1",
    (1, 1, 1, 0): "NAND: it says 1 also where both inputs are 0",
    (1, 0, 0, 0): "NOR: it says 1 only where both inputs are 0",
    (0, 0, 1, 1): "x1: it does not listen to x2",
    (0, 1, 0, 1): "x2: it does not listen to x1",
    (0, 0, 0, 0): "a constant: it says 0 everywhere",
    (1, 1, 1, 1): "a constant: it says 1 everywhere",
}
TWO_QUESTIONS = ("Ask each hidden neuron one question, and let the output neuron combine the two answers. "
                 "Or, if you train it, try another seed.")
HINTS = {  # to some of these, if a hidden layer is there
    (1, 0, 0, 1): "Reverse the signs of all parameters of the output neuron.",
    (0, 1, 1, 1): "Let one hidden neuron find out whether both are 1, and the output neuron count it against.",
    (0, 0, 0, 1): "That is one of the two questions worth asking, for a hidden neuron. What is the other?",
}


def bends(answer):
    """A network whose boundary can bend, and whose predictions are probabilities."""
    points = torch.cartesian_prod(torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 9))
    preds = predictions(answer, points)
    if isinstance(preds, Verdict):
        return preds
    if preds.min() < 0 or preds.max() > 1:
        return Verdict(False, "Some predictions are no probabilities now: the output neuron needs its sigmoid.")
    if _straight(answer):
        return Verdict(False, "Still straight: its predictions rise in one and the same direction everywhere, as in any logit. "
                              "Which layer is no more than a linear regression? (One hidden neuron would not do, either.)")
    return Verdict(True, "Right: its boundary can bend.")


def xor(answer):
    """A model with all four corners of XOR on the right side of one half; others are told what they compute."""
    preds = predictions(answer, CORNERS)
    if isinstance(preds, Verdict):
        return preds
    said = tuple((preds > 0.5).int().tolist())
    from_half = (preds - 0.5).abs()
    if said == (0, 1, 1, 0) and from_half.min() > 1e-4:
        return Verdict(True, "Right: all four are on the right side.")
    bent = _can_bend(answer)
    hint = HINTS.get(said, TWO_QUESTIONS) if bent else STRAIGHT
    if from_half.max() < 1e-4:
        return Verdict(False, f"It says one half for all four, which is on neither side. {hint}")
    if from_half.min() < 1e-3 and bent:
        return Verdict(False, "At some corners it says one half, which is on neither side. Does the output neuron have a bias?")
    words = f"This is {KNOWN[said]}." if said in KNOWN else f"At (0, 0), (0, 1), (1, 0), (1, 1) it says {said}."
    return Verdict(False, f"{words} {hint}")


def _can_bend(model):
    """Return whether the boundary of a model is not straight, for a model also with other parameters than it has."""
    if not isinstance(model, nn.Module):
        return not _straight(model)
    return not all(_straight(initialise(copy.deepcopy(model), seed)) for seed in range(3))


def _straight(model):
    """Return whether all gradients of a model point the same way or, if it has none, whether it is linear in two inputs."""
    axis = torch.linspace(-2, 2, 41)
    points = torch.cartesian_prod(axis, axis)
    try:
        return _parallel(_gradients(model, points))
    except Exception:  # no nn.Module, or one that cannot be differentiated
        pass
    preds = predictions(model, points)
    if isinstance(preds, Verdict):
        return False
    inside = (preds > 1e-3) & (preds < 1 - 1e-3)  # elsewhere, log odds may be lost to rounding
    return _linear(points, preds) or _linear(points[inside], torch.logit(preds[inside]))


def _gradients(model, points):
    """Return the gradient of the prediction of a model at each point, (n, 2)."""
    points = points.double().requires_grad_()
    return torch.autograd.grad(copy.deepcopy(model).double()(points).sum(), points)[0]


def _parallel(gradients):
    """Return whether all gradients that are not zero point along one line, or are too few to tell."""
    size = gradients.norm(dim=1, keepdim=True)
    unit = (gradients / size)[size.flatten() > 1e-9]
    return len(unit) < 10 or ((unit[:, 0] * unit[0, 1] - unit[:, 1] * unit[0, 0]).abs().max() < 1e-6).item()


def _linear(points, values):
    """Return whether values are a linear function of points, of which there must be enough to tell."""
    regressors, values = design(points), values.numpy()
    if len(points) < 10:
        return False
    fitted = regressors @ np.linalg.lstsq(regressors, values, rcond=None)[0]
    return np.abs(values - fitted).max() < 1e-3
