"""Right answers to the exercises on all observations, in several styles."""

import copy

import numpy as np
import torch
from torch import nn

from lib.data import tensors
from lib.models import SimpleLinearNN, initialise
from lib.training import Batches, train
from right_answers.styles import numbers
from self_checks.data import frame

LINE = tensors(frame("line"), ["x"], ["y"])


def by_autograd(inputs, labels, learning_rate, epochs):
    """Let torch find the gradients and take the steps."""
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optim = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        optim.zero_grad()
        nn.MSELoss()(model(inputs), labels).backward()
        optim.step()
    return model.weight, model.bias


def by_matrix(inputs, labels, learning_rate, epochs):
    """Write the line as a design matrix times two coefficients, in numpy."""
    design, y, beta = np.column_stack([inputs.numpy(), np.ones(len(inputs))]), labels.numpy().ravel(), np.zeros(2)
    for _ in range(epochs):
        beta += 2 * learning_rate * design.T @ (y - design @ beta) / len(y)
    return beta


def by_rows(inputs, labels, learning_rate, epochs):
    """Add up the gradients row by row, without tensors."""
    pairs, w, b = list(zip(inputs.flatten().tolist(), labels.flatten().tolist())), 0.0, 0.0
    for _ in range(epochs):
        errors = [(x, y - w * x - b) for x, y in pairs]
        w += 2 * learning_rate * sum(error * x for x, error in errors) / len(pairs)
        b += 2 * learning_rate * sum(error for _, error in errors) / len(pairs)
    return w, b


def in_steps(parameter, velocity, gradient, learning_rate, momentum=0.9):
    """Give names to the new values."""
    new_velocity = momentum * velocity + gradient
    new_parameter = parameter - learning_rate * new_velocity
    return new_parameter, new_velocity


def median_line(model):
    """Return a regression line after the page's training with the mean absolute error."""
    inputs, labels = LINE
    typed = labels.clone()
    typed[inputs.flatten().topk(10).indices] = -200
    optim = torch.optim.SGD(initialise(model, seed=0, std=0.5).parameters(), lr=0.05)
    train(model, Batches((inputs, typed), batch_size=100), nn.L1Loss(), optim, epochs=300)
    return model


def reset_by_none(w, b, inputs, labels, learning_rate=0.001):
    """Take the gradients away."""
    for x, y in zip(inputs, labels):
        (y - (w * x + b)).pow(2).backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
            b -= learning_rate * b.grad
        w.grad = b.grad = None
    return w, b


def reset_before(w, b, inputs, labels, learning_rate=0.001):
    """Let an optimiser reset and step."""
    optim = torch.optim.SGD([w, b], lr=learning_rate)
    for x, y in zip(inputs, labels):
        optim.zero_grad()
        (y - (w * x + b)).pow(2).backward()
        optim.step()
    return [w.item(), b.item()]


def without_backward(w, b, inputs, labels, learning_rate=0.001):
    """Use the formulas, and plain numbers."""
    w, b = w.item(), b.item()
    for x, y in zip(inputs.flatten().tolist(), labels.flatten().tolist()):
        error = y - (w * x + b)
        w, b = w + 2 * learning_rate * error * x, b + 2 * learning_rate * error
    return np.array([w, b])


MEDIAN = median_line(nn.Linear(1, 1))
RIGHT = {
    "rates": numbers(0, -1, -3),
    "no_reset": numbers(4, -2, -7),
    "outlier": [MEDIAN, copy.deepcopy(MEDIAN).double(), median_line(SimpleLinearNN())],
    "published": [reset_by_none, reset_before, without_backward],
    "descend": [by_autograd, by_matrix, by_rows],
    "momentum": [
        in_steps, lambda p, v, g, rate, m=0.9: [p - rate * (m * v + g), m * v + g],
        lambda p, v, g, rate, m=0.9: torch.stack([p - rate * m * v - rate * g, v * m + g]),
        lambda p, v, g, rate, m=0.9: (np.array([p - rate * (m * v + g)]), (m * v + g)[None].double()),
        lambda p, v, g, rate, m=0.9: {"parameter": p - rate * (m * v + g), "velocity": m * v + g},
        lambda p, v, g, rate, m=0.9: (float(p) - rate * (m * float(v) + float(g)), m * float(v) + float(g)),
    ],
}
