"""Self-checks for the exercises on neurons."""

import functools

import numpy as np
import torch
from torch import nn

from lib.data import tensors
from lib.models import Perceptron, initialise
from self_checks.data import frame
from self_checks.models import design, predictions
from self_checks.verdict import Verdict, in_percent, judge, judge_function

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
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
        **in_percent(probability.item(), "The log odds are right. As a probability,", lambda given: [log_odds, given], decimals=3),
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
    preds = predictions(answer, points)
    if isinstance(preds, Verdict):
        return preds
    if preds.min() < 0 or preds.max() > 1:
        return Verdict(False, "Some of its predictions are no probabilities: leave the neuron its sigmoid.")
    if preds.min() == 0 or preds.max() == 1:
        return Verdict(False, "Its predictions are exactly 0 or 1: the steps were far too large. "
                              "A sum over 500 rows has a gradient 500 times as large as a mean.")
    ours = np.linalg.lstsq(design(points), torch.logit(preds).numpy(), rcond=None)[0]
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


def poisson_loss(answer):
    """A function: minus the mean log likelihood of counts, given their means, without log y!."""
    first, second = [[0.5, 1.0], [2.0, 0.0], [4.0, 6.0]], [[3.0, 2.0], [1.5, 2.0]]  # prediction and count
    loss = lambda preds, labels: preds - labels * preds.log()
    return judge_function(answer, torch.tensor(first).split(1, dim=1), lambda *pair: loss(*pair).mean(), {
        "That is the sum. Take the mean, as the losses of torch do.": lambda *pair: loss(*pair).sum(),
        "That is the log likelihood itself. A loss is to be small: reverse the sign.": lambda *pair: -loss(*pair).mean(),
        "Here torch took the predictions for logarithms: in nn.PoissonNLLLoss, set log_input=False.": nn.PoissonNLLLoss(),
        "The term without the count is missing: the density begins with the exponential of minus y hat.":
            lambda preds, labels: -(labels * preds.log()).mean(),
        "The count stands before the logarithm of the prediction, not the other way round.":
            lambda preds, labels: (preds - preds * labels.clamp(min=1e-9).log()).mean(),
        "log y! is in it. It does not depend on the predictions, and the exercise leaves it out.":
            lambda preds, labels: (loss(preds, labels) + torch.lgamma(labels + 1)).mean(),
        "That is the loss of a binary outcome. A count can be larger than 1.":
            lambda preds, labels: -(labels * preds.log() + (1 - labels) * (1 - preds).log()).mean(),
    }, "Right: it is what nn.PoissonNLLLoss computes.", tolerance=1e-4, others=[torch.tensor(second).split(1, dim=1)])


def _slope(loss_fn, coefficients):
    """Return the size of the gradient of a loss for a neuron with these coefficients: zero where training comes to rest."""
    inputs, labels = _lecture()
    coefficients = torch.tensor(coefficients, requires_grad=True)
    preds = torch.sigmoid(torch.tensor(design(inputs)) @ coefficients)
    gradient, = torch.autograd.grad(loss_fn(preds, labels.flatten()), coefficients)
    return gradient.norm().item()


@functools.cache
def _lecture():
    """Return inputs and labels of the lecture's 500 observations."""
    moons = frame("moons")
    inputs, labels = tensors(moons[moons.split != "test"], ["x1", "x2"], ["y"])
    return inputs.double(), labels.double()


@functools.cache
def _newton():
    """Return the maximum-likelihood coefficients of the logit on them, by Newton's method."""
    X, y, beta = design(_lecture()[0]), _lecture()[1].numpy().flatten(), np.zeros(3)
    for _ in range(10):
        p = 1 / (1 + np.exp(-X @ beta))
        beta = beta + np.linalg.solve(X.T @ (X * (p * (1 - p))[:, None]), X.T @ (y - p))
    return beta
