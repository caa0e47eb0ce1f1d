"""Self-checks for the exercises on two inputs and on layers."""

from functools import partial

import numpy as np
import torch
from torch import nn

from lib.models import SimpleLinearNN, initialise
from self_checks.data import moons
from self_checks.models import as_in
from self_checks.verdict import EMPTY, OTHER, Verdict, judge, judge_choice, judge_function, no_model, unanswered

SIZES = [[2, 1], [2, 4, 1], [3, 5, 2, 1], [7, 1, 6, 3]]


def diagram(answer):
    """Predict first: both hidden neurons and the output of the drawn network for the observation (1, 2)."""
    def network(hidden_bias=(-1, 2), bias=1, transposed=False, last=(2, -1)):
        weights = np.array([[1, -1], [2, 1]])
        hidden = np.array([1, 2]) @ (weights.T if transposed else weights) + hidden_bias
        return [*hidden, hidden @ last + bias]

    return judge(answer, network(), {
        "All biases are left out. The figure does not draw them, but the code sets them.": network((0, 0), 0),
        "The biases of the hidden neurons are left out. The figure does not draw them.": network((0, 0)),
        "The hidden neurons are right; the last neuron has a bias, too.": network(bias=0),
        "Rows and columns are mixed up: the negative weight of the first layer belongs to h2, as in the figure.":
            network(transposed=True),
        "The hidden neurons are right; the second enters the prediction with a minus.": network(last=(2, 1)),
    })


def too_right(answer):
    """Predict first: a prediction of 2 for the label 1, beside one of 0."""
    return judge_choice(answer, "b", {
        "a": "The side is right. But square the error of each: is it smaller?",
        "b": "Right: an error of 1 in either direction costs the same.",
        "c": "It is above one half, so it counts as right, although it is no probability.",
        "d": "The side is right. But the squared error is zero only where the prediction equals the label.",
    })


def arrived(answer):
    """The linear probability model of the moons, with a mean squared error within two percent of that of OLS."""
    if words := no_model(answer):
        return Verdict(False, words)
    inputs, labels = moons("train")
    design = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
    ols = design @ torch.linalg.lstsq(design, labels).solution
    try:
        with torch.no_grad():
            preds = answer(as_in(answer, inputs)).float()
    except Exception as error:  # whatever the reader's model raises is for the reader to see
        return Verdict(False, f"Your model stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if preds.shape != labels.shape:
        return Verdict(False, f"Expected predictions of shape {tuple(labels.shape)}, got {tuple(preds.shape)}.")
    error, least = ((labels - values).pow(2).mean().item() for values in (preds, ols))
    errors = f"Your mean squared error is {error:.4f}, that of OLS {least:.4f}."
    if not error < labels.var():
        return Verdict(False, f"{errors} The mean of the labels would predict better: too large a rate, or no training?")
    if error < 0.999 * least:
        return Verdict(False, f"{errors} No straight surface can do that: keep the linear model.")
    if error > 1.02 * least:
        far = "The steps are too small to arrive." if _on_its_way(design, preds - ols) else "The steps are too large to settle."
        return Verdict(False, f"{errors} {far}")
    return Verdict(True, f"Right. {errors}")


def _on_its_way(design, apart):
    """Return whether a model differs from OLS in the direction alone in which descent is slowest, and there less than at the start."""
    start = initialise(SimpleLinearNN(2, 1), seed=1)
    ols = design @ torch.linalg.lstsq(design, moons("train")[1]).solution
    values, directions = torch.linalg.eigh(design.T @ design / len(design))
    left, before = (directions.T @ torch.linalg.lstsq(design, each).solution for each in (apart, start(design[:, :2]).detach() - ols))
    excess = values[:, None] * left**2
    return bool(excess[0] > 0.9 * excess.sum() and 0 < left[0] / before[0] < 1)


def count(answer):
    """The number of parameters of networks of several sizes."""
    def parameters(sizes):
        return sum(value.numel() for pair in zip(sizes, sizes[1:]) for value in SimpleLinearNN(*pair).parameters())

    def weights(sizes):
        return sum(before * after for before, after in zip(sizes, sizes[1:]))

    function = partial(_for_all_sizes, answer) if callable(answer) else answer
    verdict = judge_function(function, [], lambda: _for_all_sizes(parameters), {
        "These are the weights. Every neuron but the inputs has a bias, too.": lambda: _for_all_sizes(weights),
        "The inputs have no bias: they are data.": lambda: _for_all_sizes(lambda sizes: weights(sizes) + sum(sizes)),
        "One bias for each layer is too few: every neuron in it is a regression with an intercept of its own.":
            lambda: _for_all_sizes(lambda sizes: weights(sizes) + len(sizes) - 1),
        "The output has a bias, too.": lambda: _for_all_sizes(lambda sizes: weights(sizes) + sum(sizes[1:-1])),
        "The biases are those of the wrong side: a pair of layers has as many as neurons in the later one.":
            lambda: _for_all_sizes(lambda sizes: weights(sizes) + sum(sizes[:-1])),
        "These are the neurons. Count what joins them, and the biases.": lambda: _for_all_sizes(sum),
        "Only the first two layers are counted. Go through all pairs of neighbours.":
            lambda: _for_all_sizes(lambda sizes: parameters(sizes[:2])),
        "Weights add up from layer to layer; they do not multiply.": lambda: _for_all_sizes(np.prod),
    }, tolerance=0.1)
    if verdict.words == OTHER and len({float(value) for value in function()}) == 1:
        return Verdict(False, "It returns the same number for every network. Does it use sizes?")
    return verdict


def _for_all_sizes(function):
    """Return what a function gives for each of the sizes, or None if it returns nothing."""
    found = [function(list(sizes)) for sizes in SIZES]
    return None if any(value is None or value is ... for value in found) else found


def as_regression(answer):
    """A network 2-2-1 of linear layers that is the regression 3 x1 - x2 + 2."""
    if unanswered(answer):
        return Verdict(False, EMPTY)
    if not isinstance(answer, nn.Sequential) or [type(layer) for layer in answer] != 2 * [SimpleLinearNN]:
        return Verdict(False, "Expected the network: an nn.Sequential of two layers SimpleLinearNN.")
    if [tuple(layer.weights.shape) for layer in answer] != [(2, 2), (2, 1)]:
        return Verdict(False, "This is no network 2-2-1: leave the shapes of the weights as they were.")
    try:
        with torch.no_grad():
            points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=answer[0].weights.dtype)
            constant, first, second = answer(points).flatten().tolist()
    except Exception as error:  # whatever the reader's network raises is for the reader to see
        return Verdict(False, f"Your network stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    start = initialise(nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1)), seed=0)
    if all(torch.equal(*pair) for pair in zip(answer.parameters(), start.parameters())):
        return Verdict(False, "These are still the random weights: set your own in place of the dots.")
    found, right = np.array([first - constant, second - constant, constant]), np.array([3, -1, 2])
    if np.allclose(found, right, atol=0.005):
        return Verdict(True, "Right, for every observation. Other weights would do as well.")
    is_now = f"Your network is the regression {found[0]:.2f} x1 {found[1]:+.2f} x2 {found[2]:+.2f}."
    if np.allclose(found[:2], right[:2], atol=0.005):
        return Verdict(False, f"{is_now} The constant is off: hidden biases enter it too, times the last weights.")
    if np.allclose(found[:2], right[1::-1], atol=0.005):
        return Verdict(False, f"{is_now} x1 and x2 have changed places: a row of weights is an input, a column a neuron.")
    return Verdict(False, f"{is_now} Follow each input along the lines to the output: multiply on the way, add where they meet.")
