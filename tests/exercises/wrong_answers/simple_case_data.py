"""Typical wrong answers to the exercises on all observations, with words of what their reader is told."""

import numpy as np
import torch
from torch import nn

from lib.data import tensors
from lib.models import Perceptron, initialise
from lib.training import Batches, train
from self_checks.data import frame
from wrong_answers.stuck import stuck_in_turn

LINE = tensors(frame("line"), ["x"], ["y"])  # as a reader has them on the page


def line(weight, bias):
    """Return a regression line as a model."""
    model = nn.Linear(1, 1)
    model.load_state_dict({"weight": torch.tensor([[weight]]), "bias": torch.tensor([bias])})
    return model


def by_sums():
    """Return the page's line, trained with the sum of the absolute errors."""
    inputs, labels = LINE
    typed = labels.clone()
    typed[inputs.flatten().topk(10).indices] = -200
    model = initialise(nn.Linear(1, 1), seed=0, std=0.5)
    optim = torch.optim.SGD(model.parameters(), lr=0.05)
    train(model, Batches((inputs, typed), batch_size=100), nn.L1Loss(reduction="sum"), optim, epochs=300)
    return model


def lecture_loop(reset=lambda w, b: None, before=lambda w, b: None):
    """Return the lecture's loop for one epoch, with something to do after each step or before it."""
    def one_epoch(w, b, inputs, labels, learning_rate=0.001):
        for x, y in zip(inputs, labels):
            (y - (w * x + b)).pow(2).backward()
            before(w, b)
            with torch.no_grad():
                w -= learning_rate * w.grad
                b -= learning_rate * b.grad
            reset(w, b)
        return w.item(), b.item()

    return one_epoch


def without_backward(w, b, inputs, labels):
    """Go through the data once, without tensors."""
    w, b = w.item(), b.item()
    for x, y in zip(inputs.flatten().tolist(), labels.flatten().tolist()):
        w, b = w + 0.002 * (y - w * x - b) * x, b + 0.002 * (y - w * x - b)
    return w, b


def descent(sign=-1, mean=torch.mean, repeated=True, size=2, with_bias=True, flat=False, stale=False, start=0.0,
            turn=slice(None)):
    """Return batch gradient descent by hand, with one slip or another."""
    def descend(inputs, labels, learning_rate, epochs):
        w, b, gradient = start, start, None
        for _ in range(epochs if repeated else 1):
            errors = (labels.flatten() if flat else labels) - (w * inputs + b)
            if gradient is None or not stale:
                gradient = mean(-size * errors * inputs), mean(-size * errors)
            w, b = w + sign * learning_rate * gradient[0], b + sign * learning_rate * gradient[1] * with_bias
        return (w, b)[turn]

    return descend


def in_turn(inputs, labels, learning_rate, epochs):
    """Update the weight before the gradient of the bias is computed."""
    w, b = 0.0, 0.0
    for _ in range(epochs):
        w = w + learning_rate * 2 * ((labels - (w * inputs + b)) * inputs).mean()
        b = b + learning_rate * 2 * (labels - (w * inputs + b)).mean()
    return w, b


def by_row(inputs, labels, learning_rate, epochs):
    """Take a step after every row."""
    w, b = 0.0, 0.0
    for _ in range(epochs):
        for x, y in zip(inputs, labels):
            error = y - (w * x + b)
            w, b = w + learning_rate * 2 * error * x, b + learning_rate * 2 * error
    return w, b


WRONG = {
    "rates": [
        ([1 / 4, 1 / 16, 1 / 256], "2, 4 and 8 steps"), ([0.25, 0.125, 0.0625], "step that doubles"),
        ([0, 1, 3], "other side"), ([1, 2, 4], "how far the step goes"), ([0, -1, ...], "in place of the dots"),
    ],
    "no_reset": [
        ([4, 2, 1], "with a reset"), ([4, -2, -3], "third step"), ([6, 2.5, -1.625], "2w, not w"),
        ([16, 24, 20], "sums of the gradients"), ([4, -2], "Expected numbers of shape (3,)"),
    ],
    "outlier": [
        (line(-6.571, -15.981), "still least squares"), (line(3.383, 0.905), "squares without the outliers"),
        (line(3.361, 0.992), "median regression without"), (line(3.226, 0.762), "step by step"),
        (line(0.77, -0.15), "step by step"), (by_sums(), "line never settles"), (Perceptron(2, 1), "Expected a regression line"),
        (nn.Linear, "Expected the trained model"), (nn.ReLU(), "got 0 parameters"),
    ],
    "published": [
        (lecture_loop(), "one step leads to 0.787 x +0.129,\nan epoch to 5.409 x -5.460"),
        (lecture_loop(lambda w, b: w.grad.zero_), "add up"),
        (lecture_loop(lambda w, b: w.grad.zero_()), "Only the weight"),
        (lecture_loop(lambda w, b: b.grad.zero_()), "Only the bias"),
        (lecture_loop(before=lambda w, b: (w.grad.zero_(), b.grad.zero_())), "Nothing moved"),
        (lambda w, b, inputs, labels: None, "returns nothing"), (lambda w, b: (w, b), "TypeError"),
        (3.0868, "Expected a function"),
        *stuck_in_turn(lambda w, b, inputs, labels: without_backward(w, b, inputs, labels),
                       w="all of its arguments", b="all of its arguments", inputs="all of its arguments", labels="all of its arguments"),
    ],
    "descend": [
        (descent(sign=1), "uphill"), (descent(mean=torch.sum), "sum over all rows: take the mean"),
        (descent(mean=torch.sum, size=1), "without its 2"), (descent(repeated=False), "One step, and a right one"),
        (descent(with_bias=False), "bias stayed at 0"), (descent(flat=True), "same shape"),
        (descent(stale=True), "gradients of its own"), (by_row, "after every row"),
        (descent(size=1), "It ends at OLS, but the first step is not the one asked for. Your gradient is without its 2"),
        (in_turn, "It ends at OLS, but the first step is not the one asked for. The bias was updated"),
        (descent(start=1.0), "It ends at OLS, but the first step is not the one asked for. Where does it start"),
        (lambda inputs, labels, *_: np.polyfit(inputs.flatten(), labels.flatten(), deg=1), "OLS already"),
        (descent(turn=slice(None, None, -1)), "R's order"),
        (lambda inputs, labels, learning_rate, epochs: None, "returns nothing"), (lambda x, y: (0, 0), "TypeError"),
        (lambda inputs, labels, learning_rate, epochs: 3.383, "Expected numbers of shape (2,)"),
        (lambda inputs, labels, learning_rate, epochs: descent()(inputs, labels, 0.05, epochs), "another rate"),
        (lambda inputs, labels, learning_rate, epochs: descent()(*LINE, learning_rate, epochs), "those of the page"),
        (lambda inputs, labels, learning_rate, epochs: descent()(inputs, labels, learning_rate, 500), "OLS already"),
        *stuck_in_turn(lambda inputs, labels, learning_rate, epochs: descent()(inputs, labels, learning_rate, epochs),
                       inputs="For others", labels="For others", learning_rate="another rate", epochs="OLS already"),
        (lambda inputs, labels, learning_rate, epochs: ("slope", "intercept"), "Expected numbers, got 'slope'"),
    ],
    "momentum": [
        (lambda p, v, g, rate, m=0.9: (p - rate * g, v), "plain gradient descent"),
        (lambda p, v, g, rate, m=0.9: (p - rate * v, m * v + g), "old velocity. Update"),
        (lambda p, v, g, rate, m=0.9: (p + rate * (m * v + g), m * v + g), "uphill"),
        (lambda p, v, g, rate, m=0.9: (p - rate * (m * v + (1 - m) * g), m * v + (1 - m) * g), "weighted mean"),
        (lambda p, v, g, rate, m=0.9: (p - rate * (m * v + rate * g), m * v + rate * g), "belongs in one"),
        (lambda p, v, g, rate, m=0.9: (p - rate * (v + g), v + g), "multiply it by the momentum"),
        (lambda p, v, g, rate, m=0.9: (p, m * v + g), "as it was"),
        (lambda p, v, g, rate, m=0.9: (m * v + g, p - rate * (m * v + g)), "parameter first"),
        (lambda p, v, g, rate, m=0.9: p - rate * (m * v + g), "Expected two results, parameter and velocity, got 1."),
        (lambda p, v, g, rate, m=0.9: (p - 0.2 * (m * v + g), m * v + g), "all of its arguments"),
        (lambda p, v, g, rate, m=0.9: (p - rate * (0.9 * v + g), 0.9 * v + g), "all of its arguments"),
        (lambda p, v, g, rate, m=0.9: (p - (m * v + rate * g), m * v + rate * g), "not in the velocity"),
        (lambda p, v, g, rate, m=0.9: None, "returns nothing"),
        *stuck_in_turn(lambda p, v, g, rate, m: (p - rate * (m * v + g), m * v + g),
                       p="a later one is not", v="plain gradient", g="a later one is not",
                       rate="all of its arguments", m="all of its arguments"),
        (lambda p, v, g, rate, m=0.9: (p, v, g), "Expected two results, parameter and velocity, got 3."),
        (lambda p, v, g, rate, m=0.9: ("p", "v"), "Expected numbers, got 'p'"),
        (lambda p, v, g, rate, m=0.9: (torch.zeros(2), torch.zeros(2)), "Expected one number for the parameter"),
    ],
}
