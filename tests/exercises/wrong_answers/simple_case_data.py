"""Typical wrong answers to the exercises on all observations, with words of what their reader is told."""

import numpy as np
import torch

from lib.models import Perceptron, SimpleLinearNN


def line(weight, bias):
    """Return a regression line as a model."""
    model = SimpleLinearNN()
    model.weights.data.fill_(weight)
    model.bias.data.fill_(bias)
    return model


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
        (line(0.77, -0.15), "step by step"), (torch.nn.Linear(1, 1), "Expected a SimpleLinearNN"),
        (SimpleLinearNN, "Expected the trained model"), (Perceptron(2, 1), "Expected numbers of shape (2,)"),
    ],
    "descend": [
        (descent(sign=1), "uphill"), (descent(mean=torch.sum), "sum over all rows, a hundred"),
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
        (lambda p, v, g, rate, m=0.9: p - rate * (m * v + g), "TypeError"),
        (lambda p, v, g, rate, m=0.9: None, "returns nothing"),
    ],
}
