"""Self-checks for the exercises on neurons."""

import copy
import functools

import numpy as np
import torch
from torch import nn

from lib.data import tensors
from lib.models import Perceptron, initialise
from self_checks.data import frame
from self_checks.verdict import EMPTY, Verdict, judge

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
LOSSES = {  # what to say of a neuron where the slope of this loss is nearly zero, and how nearly
    "It minimises the squared error, or half of it. Which loss is minus the log likelihood of the logit, divided by n?":
        (nn.MSELoss(), 6e-4),
    "That loss applies a sigmoid of its own, to predictions that have been through one: they are squashed twice.":
        (nn.BCEWithLogitsLoss(), 2e-3),
    "It minimises the absolute error, the median's loss. A binary outcome has another likelihood.": (nn.L1Loss(), 2e-3),
}


def one_neuron(answer):
    """By hand: log odds and probability from the weights 3 and -2, the bias 1 and the observation (2, 4)."""
    weights, inputs, bias = torch.tensor([3.0, -2.0]), torch.tensor([2.0, 4.0]), 1
    log_odds = weights @ inputs + bias
    probability = torch.sigmoid(log_odds)
    without = weights @ inputs
    return judge(answer, [log_odds, probability], {
        "The bias was left out.": [without, torch.sigmoid(without)],
        "The log odds are right. But that is the probability of y = 0: mind the sign in the exponent.":
            [log_odds, 1 - probability],
        "The log odds are right. But these are the odds: the probability is odds / (1 + odds).": [log_odds, log_odds.exp()],
        "The first are the odds. The log odds are the weighted sum itself.": [log_odds.exp(), probability],
        "Both are right, in the other order.": [probability, log_odds],
        "The second weight is negative: subtract.": [14 + bias, torch.sigmoid(torch.tensor(14.0 + bias))],
    })


def two_names(answer):
    """By hand: cross-entropy and log likelihood of four predictions."""
    preds, labels = torch.tensor([0.5, 0.5, 0.25, 0.75]), torch.tensor([1.0, 0.0, 1.0, 0.0])
    loss = nn.BCELoss()(preds, labels)
    logs = preds.log().sum()
    n = len(preds)
    return judge(answer, [loss, -n * loss], {
        "The log likelihood is the log of a probability, and so negative.": [loss, n * loss],
        "The second is the deviance, minus twice the log likelihood.": [loss, 2 * n * loss],
        "The cross-entropy is minus the mean of the logs: it cannot be negative.": [-loss, -n * loss],
        "The first is a sum. The cross-entropy is divided by the number of observations.": [n * loss, -n * loss],
        "Both are means. The log likelihood is a sum over the observations.": [loss, -loss],
        "For an observation with the label 0, take the log of 1 minus the prediction.": [-logs / n, logs],
        "That is in logarithms to the base 2. Statistics and torch take the natural one.":
            [loss / np.log(2), -n * loss / np.log(2)],
        "Both are right, in the other order.": [-n * loss, loss],
    })


def maximum_likelihood(answer):
    """A neuron whose coefficients are those of the logit on the lecture's 500 observations."""
    points = (CORNERS - 0.5) / 5
    preds = _predictions(answer, points)
    if isinstance(preds, Verdict):
        return preds
    if preds.min() < 0 or preds.max() > 1:
        return Verdict(False, "Some of its predictions are no probabilities: leave the neuron its sigmoid.")
    if preds.min() == 0 or preds.max() == 1:
        return Verdict(False, "Its predictions are exactly 0 or 1: the steps were far too large. "
                              "A sum over 500 rows has a gradient 500 times as large as a mean.")
    ours = np.linalg.lstsq(_design(points), torch.logit(preds).numpy(), rcond=None)[0]
    if np.allclose(ours, _newton(), atol=0.02):
        return Verdict(True, "Right: these are the maximum-likelihood coefficients.")
    start = initialise(Perceptron(2, 1), seed=0)
    if np.allclose(ours, [*start.weights.flatten().tolist(), start.bias.item()], atol=1e-4):
        return Verdict(False, "The neuron is where it started. Was it trained, and did train stop with an error? "
                              "nn.CrossEntropyLoss is for several outputs: what is the loss called in the chapter?")
    for words, (loss_fn, flat) in LOSSES.items():
        if _slope(loss_fn, ours) < flat:
            return Verdict(False, words)
    return Verdict(False, "Not yet the coefficients of the logit. "
                          "Change the loss, and leave the start, the learning rate and the epochs.")


def bends(answer):
    """A network whose boundary can bend, and whose predictions are probabilities."""
    points = torch.cartesian_prod(torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 9))
    preds = _predictions(answer, points)
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
    preds = _predictions(answer, CORNERS)
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


def _predictions(model, points):
    """Return what a model predicts for points, as 64-bit numbers, or the verdict on why it does not."""
    if model is ...:
        return Verdict(False, EMPTY)
    if isinstance(model, type) or not callable(model):
        got = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        return Verdict(False, f"Expected a model, such as Perceptron(2, 1), and got {got}.")
    try:
        preds = torch.as_tensor(_run(model, points)).detach().flatten().double()
    except Exception as error:  # whatever the reader's model raises is for the reader to see
        return Verdict(False, f"Your model stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if len(preds) != len(points) or not preds.isfinite().all():
        return Verdict(False, f"Expected one number for each of {len(points)} observations; the model does not give that.")
    return preds


def _run(model, points):
    """Return what comes out of a copy of the model in 64 bits or, where that does not work, of the model as it is."""
    if isinstance(model, nn.Module):
        try:
            return copy.deepcopy(model).double()(points.double())
        except Exception:  # its own code may insist on 32 bits
            pass
    return model(points)


def _slope(loss_fn, coefficients):
    """Return the size of the gradient of a loss for a neuron with these coefficients: zero where training comes to rest."""
    inputs, labels = _lecture()
    coefficients = torch.tensor(coefficients, requires_grad=True)
    preds = torch.sigmoid(torch.tensor(_design(inputs)) @ coefficients)
    gradient, = torch.autograd.grad(loss_fn(preds, labels.flatten()), coefficients)
    return gradient.norm().item()


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
    preds = _predictions(model, points)
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
    design, values = _design(points), values.numpy()
    if len(points) < 10:
        return False
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return np.abs(values - fitted).max() < 1e-3


def _design(points):
    """Return the design matrix of points (n, 2): a column for each input and one for the constant."""
    return np.column_stack([points, np.ones(len(points))]).astype(float)


@functools.cache
def _lecture():
    """Return inputs and labels of the lecture's 500 observations."""
    moons = frame("moons")
    inputs, labels = tensors(moons[moons.split != "test"], ["x1", "x2"], ["y"])
    return inputs.double(), labels.double()


@functools.cache
def _newton():
    """Return the maximum-likelihood coefficients of the logit on them, by Newton's method."""
    X, y, beta = _design(_lecture()[0]), _lecture()[1].numpy().flatten(), np.zeros(3)
    for _ in range(10):
        p = 1 / (1 + np.exp(-X @ beta))
        beta = beta + np.linalg.solve(X.T @ (X * (p * (1 - p))[:, None]), X.T @ (y - p))
    return beta
