"""Self-checks for the exercises that put the whole book together."""

from functools import cache

import numpy as np
import torch
from torch import nn

from lib.models import Perceptron, Standardise, build, initialise
from lib.training import Batches
from self_checks.data import moons
from self_checks.models import as_in
from self_checks.verdict import EMPTY, Verdict, as_numbers, judge, judge_choice, no_model, unanswered


def swapped(answer):
    """Predict first: an epoch in which optim.step() comes before loss.backward()."""
    return judge_choice(answer, "c", {
        "a": "The order matters: follow the gradients from the line where they arise to the line where they go.",
        "b": "Nearly: a step before backward could only use the last batch's gradients. Are they still there?",
        "c": "Right: by the time of the step, the gradients have been erased.",
        "d": "A step still subtracts. The question is what it finds to subtract.",
    })


def parameters(answer):
    """By hand: how many parameters a network 5-6-6-1 trains behind its z-scores, and a logit with five items."""
    network = nn.Sequential(Standardise(torch.randn(9, 5)), *build([5, 6, 6, 1]))
    number, logit = _count(network), _count(Perceptron(5, 1))
    weights = sum(layer.weights.numel() for layer in network[1:])
    buffers = sum(values.numel() for values in network.buffers())
    return judge(answer, [number, logit], {
        "The biases are missing: one for each neuron, and one for the logit, its constant.": [weights, 5],
        "The logit is right. In the network the biases are missing, one for each neuron.": [weights, logit],
        "The network is right. The logit has a constant, too.": [number, 5],
        "Means and standard deviations of Standardise are computed once. They are not trained.":
            [number + buffers, logit],
        "One layer is missing: there are two hidden layers, and weights between them.":
            [_count(build([5, 6, 1])), logit],
        "The last layer is missing: it is a neuron with parameters of its own.": [_count(network[:-1]), logit],
    })


def no_effect(model):
    """The network 2-4-1 of five epochs of gradient descent, against the same with and without reset gradients."""
    inputs, _ = moons("train")
    preds, words = _predict(model, inputs)
    if words:
        return Verdict(False, words)
    return judge(preds, _after_five_epochs(reset="first"), {
        "One line still has no effect. Print a parameter's .grad before and after each line.":
            _after_five_epochs(reset="never"),
        "Your model is where it started: its gradients are erased before the step can use them.":
            _after_five_epochs(reset="last"),
    }, praise="Right: now every step starts from fresh gradients.")


def beats_every_logit(model):
    """A network whose cross-entropy on the moons' test data is below that of the best of all logits on x1 and x2."""
    inputs, labels = moons("test")
    preds, words = _predict(model, inputs)
    if words:
        return Verdict(False, words)
    loss, bound = nn.BCELoss()(preds, labels).item(), _best_logit()
    ignorant = nn.BCELoss()(torch.full_like(labels, 0.5), labels).item()
    found = f"Your cross-entropy on the test data is {loss:.3f}"
    if loss >= ignorant:
        return Verdict(False, f"{found}: a coin does as well. Has the loop run at all, and downhill?")
    if loss >= bound - 0.005:  # not by rounding
        return Verdict(False, f"{found}, and a logit can reach {bound:.3f}. Does your network have a hidden layer, and "
                              "was it trained past its plateau? More epochs or a larger learning rate will help.")
    return Verdict(True, f"Right: no logit on x1 and x2 as they are gets below {bound:.3f} on these data, "
                         f"and your network has {loss:.3f}.")


def poll(answer):
    """Predictions for respondents of a poll who were not trained on, against the share of ones among the others."""
    if unanswered(answer):
        return Verdict(False, EMPTY)
    if not isinstance(answer, (list, tuple)) or len(answer) != 3:
        return Verdict(False, "Expected a list of three: predictions, their true labels, and the labels trained on.")
    try:
        preds, labels, known = (as_numbers(part).flatten() for part in answer)
    except (TypeError, ValueError, RuntimeError):
        return Verdict(False, "Expected numbers in all three: predictions, labels, and the labels trained on.")
    words = _no_poll(preds, labels, known)
    if words:
        return Verdict(False, words)
    gains = _log_score(preds, labels) - _log_score(np.full_like(preds, known.mean()), labels)
    gain, error = gains.mean(), gains.std(ddof=1) / np.sqrt(len(gains))
    if gain <= 1e-6:  # the naive forecast itself differs by rounding
        return Verdict(False, "Your network is no better than the share of ones, given to everybody. Train it longer, "
                              "or on more respondents; if it fits those, stop it earlier.")
    if gain <= 2 * error:
        return Verdict(False, "Better than the naive forecast, but within two standard errors: it could be chance. Let "
                              "the answer depend more on the items, or ask more people.")
    return Verdict(True, "Right: your network beats the naive forecast, by more than chance would.")


def _no_poll(preds, labels, known):
    """Return what is wrong with the three parts of a poll, else an empty text."""
    if len(preds) != len(labels):
        return f"You have {len(preds)} predictions for {len(labels)} labels: one for each respondent not trained on."
    if len(labels) < 100:
        return f"Too few to tell: {len(labels)} respondents are predicted, and it should be a hundred at least."
    if np.isin(preds, [0, 1]).all() and not np.isin(labels, [0, 1]).any():
        return "Predictions come first, then the labels."
    if not np.isin(labels, [0, 1]).all() or not np.isin(known, [0, 1]).all():
        return "All labels must be 0 or 1."
    if len(known) < 100:
        return f"Too few to learn from: {len(known)} respondents are trained on, and it should be a hundred at least."
    if not 0 < known.mean() < 1 or not 0 < labels.mean() < 1:
        return "Everybody gives the same answer: there is nothing to predict."
    if len(labels) == len(known) and (labels == known).all():
        return "You predict those that were trained on. Predict respondents whom the network has not seen."
    if _block(known, labels) or _block(labels, known):
        return "Some of those you predict were trained on. Predict respondents whom the network has not seen."
    if not ((preds >= 0) & (preds <= 1)).all():
        return "Probabilities lie between 0 and 1, and some of yours do not. Does the network end in a sigmoid?"
    if np.isin(preds, [0, 1]).all():
        return "These are labels. Hand over the probabilities, before anything is rounded or compared with 0.5."
    return ""


def _block(short, long):
    """Return whether one row of labels is a part of another, with too many of both kinds for this to be chance."""
    n = len(short)
    telling = n >= 20 and 5 <= short.sum() <= n - 5
    return telling and any((long[i:i + n] == short).all() for i in range(len(long) - n + 1))


def _log_score(preds, labels):
    """Return the log of the probability that each prediction gave to what is true; no number is below -100."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(np.where(labels == 1, preds, 1 - preds)), -100)


def _predict(model, inputs):
    """Return the predictions of a model and no words, or words on why it has none."""
    if words := no_model(model):
        return None, words
    try:
        with torch.no_grad():
            preds = model(as_in(model, inputs))
    except Exception as error:  # whatever the reader's model raises is for the reader to see
        return None, f"Your model stopped with {type(error).__name__}: {str(error).rstrip('.')}."
    if isinstance(preds, torch.Tensor) and preds.shape == (len(inputs),):
        preds = preds[:, None]  # as after .squeeze(-1)
    if isinstance(preds, torch.Tensor):
        preds = preds.to(inputs.dtype)
    if not isinstance(preds, torch.Tensor) or preds.shape != (len(inputs), 1):
        got = tuple(preds.shape) if isinstance(preds, torch.Tensor) else type(preds).__name__
        return None, f"Expected predictions of shape {(len(inputs), 1)}, one for each observation, got {got}."
    if preds.isnan().any():
        return None, "Your model predicts NaN: its loss diverged. Try a smaller learning rate."
    if not ((preds >= 0) & (preds <= 1)).all():
        return None, "Probabilities lie between 0 and 1, and some of yours do not. Does the model end in a sigmoid?"
    return preds, ""


def _count(model):
    """Return the number of trained parameters."""
    return sum(values.numel() for values in model.parameters())


@cache
def _after_five_epochs(reset):
    """Return the predictions of the network 2-4-1, its gradients reset first, last (before the step) or never."""
    model = initialise(build([2, 4, 1]), seed=0)
    optim = torch.optim.SGD(model.parameters(), lr=0.03)
    data = Batches(moons("train"), batch_size=8, seed=0)
    for _ in range(5):
        for x, y in data:
            if reset == "first":
                optim.zero_grad()
            nn.BCELoss()(model(x), y).backward()
            if reset == "last":
                optim.zero_grad()
            optim.step()
    return model(moons("train")[0])


@cache
def _best_logit():
    """Return the lowest cross-entropy that a logit reaches on the moons' test data, by Newton's method."""
    inputs, labels = (part.double() for part in moons("test"))
    design, beta = torch.cat([inputs, torch.ones_like(labels)], dim=1), torch.zeros(3, 1).double()
    for _ in range(20):
        preds = torch.sigmoid(design @ beta)
        information = design.T @ (design * preds * (1 - preds))
        beta = beta + torch.linalg.solve(information, design.T @ (labels - preds))
    return nn.BCELoss()(torch.sigmoid(design @ beta), labels).item()
