"""Right answers to the exercises on two regressors, in several styles."""

import copy
import itertools

import numpy as np
import torch
from torch import nn

from lib.models import SimpleLinearNN, initialise
from lib.training import Batches, train
from right_answers.styles import letter, numbers
from self_checks.data import moons


def set_by_numpy():
    """Return a network whose weights have come from numpy, in 64 bits."""
    network = nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1))
    network[0].weights.data, network[0].bias.data = torch.tensor(np.eye(2)), torch.tensor(np.zeros((1, 2)))
    network[1].weights.data, network[1].bias.data = torch.tensor(np.array([[3.0], [-1.0]])), torch.tensor(np.array([[2.0]]))
    return network


def set_in_place():
    """Return a network whose weights have been filled in."""
    network = nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1))
    with torch.no_grad():
        network[0].weights.copy_(torch.tensor([[1.0, 1.0], [0.0, 1.0]]))
        network[0].bias.zero_()
        network[1].weights.copy_(torch.tensor([[4.0], [-1.0]]))
        network[1].bias.fill_(2.0)
    return network


def set_as_a_state():
    """Return a network whose state was loaded, with biases in the hidden layer."""
    network = nn.Sequential(SimpleLinearNN(2, 2), SimpleLinearNN(2, 1))
    network.load_state_dict({"0.weights": torch.eye(2), "0.bias": torch.ones(1, 2),
                             "1.weights": torch.tensor([[3.0], [-1.0]]), "1.bias": torch.tensor([[0.0]])})
    return network


def descended(model):
    """Return a linear model after the page's training at a rate that suits."""
    optim = torch.optim.SGD(initialise(model, seed=1).parameters(), lr=1e-2)
    train(model, Batches(moons("train"), batch_size=8, seed=1), nn.MSELoss(), optim, epochs=25)
    return model


DESCENDED = descended(nn.Linear(2, 1))
RIGHT = {
    "diagram": [*numbers(4, 3, 6), [4, 3, torch.tensor([[6.0]])]],
    "too_right": letter("b"),
    "arrived": [DESCENDED, copy.deepcopy(DESCENDED).double(), descended(SimpleLinearNN(2, 1)), nn.Sequential(DESCENDED)],
    "count": [
        lambda sizes: sum(a * b + b for a, b in itertools.pairwise(sizes)),
        lambda sizes: sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1)),
        lambda sizes: sum(p.numel() for a, b in zip(sizes, sizes[1:]) for p in nn.Linear(a, b).parameters()),
        lambda sizes: int(np.dot(np.array(sizes[:-1]) + 1, sizes[1:])),
    ],
    "as_regression": [set_by_numpy(), set_in_place(), set_as_a_state()],
}
