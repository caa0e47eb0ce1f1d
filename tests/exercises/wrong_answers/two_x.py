"""Typical wrong answers to the exercises on two inputs and layers, with words of what their reader is told."""

import math

import torch
from torch import nn

from lib.models import Perceptron, SimpleLinearNN, initialise
from lib.training import Batches, train
from self_checks.data import moons
from wrong_answers.stuck import stuck_in_turn


def linear(first, second, constant):
    """Return a linear model with two inputs."""
    model = SimpleLinearNN(2, 1)
    model.weights = nn.Parameter(torch.tensor([[first], [second]]))
    model.bias = nn.Parameter(torch.tensor([[constant]]))
    return model


def network(hidden, hidden_bias, last, bias):
    """Return a network 2-2-1 of linear layers with these weights and biases."""
    model = nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1))
    model[0].weights, model[0].bias = nn.Parameter(torch.tensor(hidden)), nn.Parameter(torch.tensor(hidden_bias))
    model[1].weights, model[1].bias = nn.Parameter(torch.tensor(last)), nn.Parameter(torch.tensor(bias))
    return model


def pairs(sizes):
    """Return all pairs of neighbouring layer sizes."""
    return zip(sizes, sizes[1:])


def descended(rate):
    """Return the model of the page after its epochs at another learning rate."""
    model = initialise(SimpleLinearNN(2, 1), seed=1)
    optim = torch.optim.SGD(model.parameters(), lr=rate)
    train(model, Batches(moons("train"), 8, seed=1), nn.MSELoss(), optim, epochs=25)
    return model


SAME = [[1.0, 0.0], [0.0, 1.0]]
WRONG = {
    "diagram": [
        ([5, 1, 9], "All biases"), ([5, 1, 10], "biases of the hidden"), ([4, 3, 5], "last neuron has a bias"),
        ([-2, 6, -9], "Rows and columns"), ([4, 3, 12], "with a minus"), ([4, 3, ...], "in place of the dots"),
        (6, "Expected numbers of shape (3,)"),
    ],
    "too_right": [("a", "is it smaller"), ("c", "above one half"), ("d", "zero only where"), ("e", "Expected one of")],
    "arrived": [
        (descended(0.005), "too small to arrive"), (descended(0.1), "too large to settle"),
        (linear(0.33, -0.24, 0.36), "too small to arrive"), (linear(0.66, 0.27, 0.06), "mean of the labels"),
        (linear(math.nan, 0.0, 0.0), "mean of the labels"), (SimpleLinearNN(1, 1), "stopped with RuntimeError"),
        (SimpleLinearNN(2, 2), "Expected predictions"), (SimpleLinearNN, "Expected the trained model"),
    ],
    "count": [
        (lambda sizes: sum(a * b for a, b in pairs(sizes)), "These are the weights"),
        (lambda sizes: sum(a * b for a, b in pairs(sizes)) + sum(sizes), "inputs have no bias"),
        (lambda sizes: sum(a * b + 1 for a, b in pairs(sizes)), "too few"),
        (lambda sizes: sum(a * b for a, b in pairs(sizes)) + sum(sizes[1:-1]), "output has a bias"),
        (lambda sizes: sum(a * b + a for a, b in pairs(sizes)), "wrong side"),
        (lambda sizes: sum(sizes), "the neurons"), (lambda sizes: sizes[0] * sizes[1] + sizes[1], "first two layers"),
        (lambda sizes: math.prod(sizes), "do not multiply"), (lambda sizes: None, "returns nothing"),
        (lambda inputs, hidden, outputs: 0, "TypeError"),
        *stuck_in_turn(lambda sizes: sum((a + 1) * b for a, b in pairs(sizes)), sizes="Does it use sizes"),
    ],
    "as_regression": [
        (network(SAME, [[0.0, 0.0]], [[3.0], [-1.0]], [[0.0]]), "constant is off"),
        (network(SAME, [[2.0, 2.0]], [[3.0], [-1.0]], [[2.0]]), "constant is off"),
        (network(SAME, [[0.0, 0.0]], [[-1.0], [3.0]], [[2.0]]), "changed places"),
        (network([[3.0, 0.0], [0.0, -1.0]], [[0.0, 0.0]], [[3.0], [-1.0]], [[2.0]]), "Follow each input"),
        (network(SAME, [[0.0, 0.0]], [3.0, -1.0], [[2.0]]), "leave the shapes"),
        (network(SAME, [[0.0, 0.0]], [[3.0, -1.0]], [[2.0]]), "leave the shapes"),
        (network(SAME, [[0.0, 0.0, 0.0]], [[3.0], [-1.0]], [[2.0]]), "stopped with"),
        (network([[3.0], [-1.0]], [[0.0]], [[1.0]], [[2.0]]), "no network 2-2-1"),
        (initialise(nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1)), seed=0), "still the random"),
        (nn.Sequential(SimpleLinearNN(2, 2), Perceptron(2, 1)), "two layers SimpleLinearNN"),
        (SimpleLinearNN(2, 1), "two layers SimpleLinearNN"),
    ],
}
