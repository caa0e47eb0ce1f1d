"""Typical wrong answers to the exercises on neurons, with words of what their reader is told."""

import math

import torch
from torch import nn

from lib.models import Perceptron, SimpleLinearNN, build, initialise


def _layer(weights, bias, kind=Perceptron):
    """Return a layer with these weights, a list of rows, and this bias, a list."""
    layer = kind(len(weights), len(bias))
    with torch.no_grad():
        layer.weights[:], layer.bias[:] = torch.tensor(weights), torch.tensor([bias])
    return layer


def _two(weights, bias):
    """Return a network 2-2-1 that asks "at least one?" and "both?", with these parameters of the output neuron."""
    return nn.Sequential(_layer([[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0]), _layer(weights, bias))


def _neuron(*coefficients):
    """Return one neuron with these two weights and bias."""
    return nn.Sequential(_layer([[value] for value in coefficients[:2]], [coefficients[2]]))


LOG2 = math.log(2)
WRONG = {
    "one_neuron": [
        ([-2, 0.119], "bias was left out"), ([-1, 0.731], "sign in the exponent"), ([-1, 0.368], "these are the odds"),
        ([0.368, 0.269], "weighted sum itself"), ([0.269, -1], "other order"), ([15, 1], "subtract"), ([-1, 0], "step by step"),
    ],
    "two_names": [
        ([1.5 * LOG2, 6 * LOG2], "and so negative"), ([-1.5 * LOG2, -6 * LOG2], "cannot be negative"),
        ([6 * LOG2, -6 * LOG2], "The first is a sum"), ([1.5 * LOG2, -1.5 * LOG2], "Both are means"),
        ([-math.log(3 / 64) / 4, math.log(3 / 64)], "1 minus the prediction"), ([1.5, -6], "base 2"),
        ([-6 * LOG2, 1.5 * LOG2], "other order"), ([1.5 * LOG2, 12 * LOG2], "the deviance"), ([0, 0], "step by step"),
    ],
    "maximum_likelihood": [
        (_neuron(0.99, -5.12, 0.79), "squared error"), (_neuron(2.14, -8.92, -0.11), "squashed twice"),
        (_neuron(2.73, -12.18, 1.64), "absolute error"), (_neuron(1.15, -6.3, 1.03), "Not yet the coefficients"),
        (_neuron(0.0, 1.0, 0.0), "Not yet the coefficients"),
        (_layer([[0.2], [-0.7]], [-0.6], SimpleLinearNN), "no probabilities"),
        (initialise(nn.Sequential(Perceptron(2, 1)), seed=0), "where it started"),
        (_neuron(478.4, -189.9, 604.8), "exactly 0 or 1"),
        (Perceptron, "the class Perceptron"), (nn.Sequential(Perceptron(3, 1)), "RuntimeError"),
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
        (_neuron(20.0, 20.0, -30.0), "AND: it says 1 only where both inputs are 1. Its boundary is straight"),
        (_neuron(20.0, 20.0, -10.0), "OR: it says 1 also where both inputs are 1. Its boundary is straight"),
        (_neuron(2000.0, 2000.0, -1000.0), "no straight line"), (_neuron(1.0, 1.0, 0.5), "a constant: it says 1 everywhere"),
        (_layer([[0.0], [1.0]], [0.0], SimpleLinearNN), "x2: it does not listen to x1. Its boundary is straight"),
        (_two([[-20.0], [20.0]], [10.0]), "XNOR"), (_two([[20.0], [20.0]], [-10.0]), "count it against"),
        (_two([[20.0], [20.0]], [-30.0]), "What is the other?"), (_two([[-20.0], [0.0]], [10.0]), "NOR: it says 1 only"),
        (_two([[0.0], [-20.0]], [10.0]), "NAND"), (_neuron(20.0, -20.0, -10.0), "it says (0, 0, 1, 0)"),
        (_neuron(0.0, 0.0, 0.0), "one half for all four, which is on neither side. Its boundary is straight"),
        (_two([[0.0], [0.0]], [0.0]), "on neither side. Ask each"), (_two([[0.0], [0.0]], [-1.0]), "0 everywhere. Ask each"),
        (_two([[20.0], [-20.0]], [0.0]), "At some corners"),
        (nn.Sequential(_layer([[200.0, 200.0], [200.0, 200.0]], [-100.0, -300.0]), _layer([[20.0], [-20.0]], [0.0])),
         "At some corners"),
        (lambda x: x[0], "one number for each"), (lambda x: torch.tensor([0.0, 0.0, 0.0, 1.0]), "AND: it says"),
        (lambda x: 1 / (1 + torch.exp(-x @ torch.tensor([3.0, 3.0]) + 2)), "OR: it says 1 also"),
    ],
}
