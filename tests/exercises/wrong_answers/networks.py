"""Typical wrong answers to the exercises on networks, with words of what their reader is told."""

import torch
from torch import nn

from lib.models import Perceptron, SimpleLinearNN, build, initialise
from wrong_answers.models import layer, neuron


def _two(weights, bias):
    """Return a network 2-2-1 that asks "at least one?" and "both?", with these parameters of the output neuron."""
    return nn.Sequential(layer([[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0]), layer(weights, bias))


def _bump(weight, first, second, heights=(1.0, -1.0), level=0.0):
    """Return a sum of two sigmoids at two ages."""
    return lambda age: level + heights[0] * torch.sigmoid(weight * (age - first)) + heights[1] * torch.sigmoid(weight * (age - second))


class Opposite(nn.Module):
    """Says the opposite of the label."""

    def forward(self, inputs):
        """Return log odds."""
        return inputs.norm(dim=1, keepdim=True) - 1.2


WRONG = {
    "pieces": [
        ([5, 6, 11], "in every piece of the first"), ([5, 6, 30], "six pieces"), ([5, 6, 25], "six pieces of one"),
        ([5, 6, 1024], "most combinations never occur"), ([5, 5, 25], "one piece more than knots"), ([6, 5, 36], "one fewer"),
        ([6, 7, 49], "one neuron too many"), ([5, 6], "Expected numbers of shape"), ([1, 2, 3], "cannot tell which step"),
    ],
    "bump": [
        (_bump(0.0, 0.0, 0.0, (0.0, 0.0)), "the same at every age"), (_bump(2.0, 17.5, 27.5, (1.0, 0.0)), "does not come down again"),
        (_bump(2.0, 17.5, 27.5, (0.0, -1.0), 1.0), "not zero below 15"), (_bump(2.0, 17.5, 27.5, (-1.0, 1.0)), "a dip"),
        (_bump(0.4, 17.5, 27.5), "not steep enough"), (_bump(2.0, 10.0, 40.0), "Place one step between 15 and 20"),
        (torch.tensor(1.0), "Expected a model"), (lambda age: age[:3], "one number for each"),
        (lambda age: torch.linspace(0, 1, 73), "Expected about 0 at 15"),
    ],
    "circle": [
        (nn.Sequential(nn.Linear(2, 1)), "no straight line has many more"),
        (nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), "no straight line has many more"),
        (nn.Sequential(Perceptron(2, 8), nn.Linear(8, 1)), "layers of this book"),
        (nn.Sequential(nn.Linear(2, 4), nn.Sigmoid(), nn.Linear(4, 1), nn.Sigmoid()), "If it ends in a sigmoid, leave that out"),
        (Opposite(), "says the opposite"), (nn.Linear(3, 1), "Your model stopped"), (lambda x: x, "Expected the trained model itself"),
        (initialise(nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)), 0), "More neurons, more epochs"),
    ],
    "bends": [
        (initialise(nn.Sequential(SimpleLinearNN(2, 4), Perceptron(4, 1)), 0), "Still straight"),
        (initialise(build([2, 1]), 0), "Still straight"), (initialise(build([2, 1, 1]), 0), "Still straight"),
        (initialise(nn.Sequential(SimpleLinearNN(2, 4), Perceptron(4, 1), nn.Sigmoid()), 0), "Still straight"),
        (initialise(nn.Sequential(SimpleLinearNN(2, 4), Perceptron(4, 1, nn.Hardsigmoid)), 0), "Still straight"),
        (initialise(nn.Sequential(Perceptron(2, 4), SimpleLinearNN(4, 1)), 0), "needs its sigmoid"),
        (initialise(nn.Sequential(SimpleLinearNN(2, 4), SimpleLinearNN(4, 1)), 0), "needs its sigmoid"),
        (build([2, 4, 2]), "one number for each"), (Perceptron, "the class Perceptron"),
    ],
    "xor": [
        (neuron(20.0, 20.0, -30.0), "AND: it says 1 only where both inputs are 1. Its boundary is straight"),
        (neuron(20.0, 20.0, -10.0), "OR: it says 1 also where both inputs are 1. Its boundary is straight"),
        (neuron(2000.0, 2000.0, -1000.0), "no straight line"), (neuron(1.0, 1.0, 0.5), "a constant: it says 1 everywhere"),
        (layer([[0.0], [1.0]], [0.0], SimpleLinearNN), "x2: it does not listen to x1. Its boundary is straight"),
        (_two([[-20.0], [20.0]], [10.0]), "XNOR"), (_two([[20.0], [20.0]], [-10.0]), "count it against"),
        (_two([[20.0], [20.0]], [-30.0]), "What is the other?"), (_two([[-20.0], [0.0]], [10.0]), "NOR: it says 1 only"),
        (_two([[0.0], [-20.0]], [10.0]), "NAND"), (neuron(20.0, -20.0, -10.0), "it says (0, 0, 1, 0)"),
        (neuron(0.0, 0.0, 0.0), "one half for all four, which is on neither side. Its boundary is straight"),
        (_two([[0.0], [0.0]], [0.0]), "on neither side. Ask each"), (_two([[0.0], [0.0]], [-1.0]), "0 everywhere. Ask each"),
        (_two([[20.0], [-20.0]], [0.0]), "At some corners"),
        (nn.Sequential(layer([[200.0, 200.0], [200.0, 200.0]], [-100.0, -300.0]), layer([[20.0], [-20.0]], [0.0])),
         "At some corners"),
        (lambda x: x[0], "one number for each"), (lambda x: torch.tensor([0.0, 0.0, 0.0, 1.0]), "AND: it says"),
        (lambda x: 1 / (1 + torch.exp(-x @ torch.tensor([3.0, 3.0]) + 2)), "OR: it says 1 also"),
    ],
}
