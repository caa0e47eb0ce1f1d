"""Self-checks for the exercises on networks."""

import copy

import numpy as np
import torch
from torch import nn

from lib.models import initialise
from self_checks.models import design, predictions
from self_checks.verdict import Verdict, judge, no_model

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


def pieces(answer):
    """By reasoning: the knots and pieces of a 1-5-1 network with ReLU at most, and the pieces of a 1-5-5-1 network."""
    return judge(answer, [5, 6, 36], {
        "The first two are right. Each neuron of the second layer can cross zero in every piece of the first, not only once.": [5, 6, 11],
        "The first two are right. Within each piece of the first layer, five more knots make six pieces.": [5, 6, 30],
        "The first two are right. A piece can be cut by each of the five neurons of the second layer, which makes six pieces of one.":
            [5, 6, 25],
        "The first two are right. That counts on or off of every neuron, but along a line most combinations never occur.": [5, 6, 2**10],
        "Five knots have a piece on both ends, too: there is one piece more than knots.": [5, 5, 25],
        "A knot is where two pieces meet: there is one fewer of them than pieces.": [6, 5, 36],
        "That is one neuron too many: the output has no knot of its own.": [6, 7, 49],
    })


def bump(answer):
    """A function of age that is a bump: about 0 below 15 and above 30, about 1 from 20 to 25."""
    below, middle, above = torch.arange(0.0, 16), torch.arange(20.0, 26), torch.arange(30.0, 81)
    preds = predictions(answer, torch.cat([below, middle, above]))
    if isinstance(preds, Verdict):
        return preds
    low, high, late = preds.split([len(below), len(middle), len(above)])
    near = [part.sub(level).abs().max() <= 0.1 for part, level in ((low, 0), (high, 1), (late, 0))]
    if all(near):
        return Verdict(True, "Right: a step up and a step down.")
    if preds.max() - preds.min() < 1e-6:
        return Verdict(False, "It is the same at every age. A sigmoid with the weight 0 is one half everywhere.")
    if near[0] and near[1]:
        return Verdict(False, "The step up is right, but it does not come down again: give the second step the opposite height.")
    if near[1] and near[2]:
        return Verdict(False, "The step down is right, but it is not zero below 15: where does the sum begin?")
    if all(part.sub(level).abs().max() <= 0.1 for part, level in ((low, 0), (high, -1), (late, 0))):
        return Verdict(False, "This is a dip: swap the signs of the two heights.")
    if _higher_in_the_middle(low, high, late):
        return Verdict(False, "A bump, but not steep enough: with larger weights, each step is over sooner.")
    return Verdict(False, f"Expected about 0 at 15, 1 at 22 and 0 at 30, got {low[15]:.2f}, {high[2]:.2f} and {late[0]:.2f}. "
                          "Place one step between 15 and 20, the other between 25 and 30.")


def _higher_in_the_middle(low, high, late):
    """Return whether a curve that is far from a bump is at least higher in the middle, and near zero far out."""
    return high[2] > max(low[15], late[0]) + 0.05 and max(low[0].abs(), late[-1].abs()) < 0.1


def circle(answer):
    """A model of torch's layers alone whose log odds have 95 percent of new observations on the right side of a circle."""
    wrong = no_model(answer)
    if wrong:
        return Verdict(False, wrong)
    home = {type(layer).__module__.partition(".")[0] for layer in answer.modules()}
    if "lib" in home:
        return Verdict(False, "It has layers of this book: use nn.Linear and an activation of nn instead.")
    points = 4 * torch.rand(2000, 2, generator=torch.Generator().manual_seed(1)) - 2
    preds = predictions(answer, points)
    if isinstance(preds, Verdict):
        return preds
    labels = points.norm(dim=1) < 1.2
    right = ((preds > 0) == labels).double().mean().item()
    if right >= 0.95:
        return Verdict(True, f"Right: {right:.0%} of 2,000 new respondents are on the right side.")
    if right <= 0.05:
        return Verdict(False, "It says the opposite of the label throughout: is the label 1 inside the circle?")
    if _straight(answer):
        return Verdict(False, f"{right:.0%} are right, and no straight line has many more: it takes a hidden layer with an activation.")
    if preds.min() >= 0 and preds.max() <= 1:
        return Verdict(False, "All its outputs lie between 0 and 1, and BCEWithLogitsLoss wants log odds. "
                              "If it ends in a sigmoid, leave that out.")
    return Verdict(False, f"{right:.0%} of new respondents are on the right side. More neurons, more epochs, or a larger learning rate?")


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
