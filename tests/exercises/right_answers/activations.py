"""Right answers to the exercises on activation functions, in several styles."""

import copy

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional

from lib.models import Perceptron, build, initialise
from lib.training import Batches
from right_answers.styles import numbers
from self_checks.data import moons


class Leaky(nn.Module):
    """A leaky ReLU with another slope than torch's."""

    def forward(self, z):
        """Return the activation."""
        return torch.where(z > 0, z, 0.1 * z)


def trained(network):
    """Return a network 2-2-1 after thirty epochs from the page's unlucky start."""
    network.load_state_dict(initialise(build([2, 2, 1]), seed=33).state_dict())
    data = Batches(moons("train"), batch_size=8, seed=0)
    optim = torch.optim.SGD(network.parameters(), lr=0.3)
    for _ in range(30):
        for x, y in data:
            optim.zero_grad()
            nn.BCELoss()(network(x), y).backward()
            optim.step()
    return network


def by_loop(layer, inputs):
    """Look at one neuron after the other."""
    outputs = layer(inputs)
    return [all(value == 0 for value in outputs[:, neuron].tolist()) for neuron in range(outputs.shape[1])]


def by_weighted_sums(layer, inputs):
    """Look at the sums before the activation, in 64 bits."""
    with torch.no_grad():
        return (inputs.double() @ layer.weights.double() + layer.bias.double()).max(dim=0).values <= 0


def written(formula):
    """Return a class of activations with the given formula."""
    return type("Mine", (nn.Module,), {"forward": lambda self, z: formula(z)})


class InSteps(nn.Module):
    """Softsign with an __init__ and names for its parts."""

    def __init__(self):
        super().__init__()
        self.one = 1.0

    def forward(self, z):
        """Return the activation."""
        size = torch.maximum(z, -z)
        denominator = torch.add(self.one, size)
        return torch.div(z, denominator)


TRAINED = trained(build([2, 2, 1], nn.LeakyReLU))
RIGHT = {
    "five_sigmoids": numbers(0.25, 1024),
    "left_of_the_kink": numbers(0.0, 0.5),
    "back_to_life": [
        TRAINED, copy.deepcopy(TRAINED).double(), trained(nn.Sequential(Perceptron(2, 2, Leaky), Perceptron(2, 1))),
    ],
    "who_is_dead": [
        by_loop, by_weighted_sums,
        lambda layer, inputs: (layer(inputs) == 0).all(dim=0, keepdim=True),
        lambda layer, inputs: ~(layer(inputs) > 0).any(0),
        lambda layer, inputs: layer(inputs).sum(dim=0) == 0,
        lambda layer, inputs: layer(inputs).count_nonzero(dim=0) == 0,
        lambda layer, inputs: np.all(layer(inputs).detach().numpy() == 0, axis=0),
        lambda layer, inputs: pd.DataFrame(layer(inputs).detach().numpy()).eq(0).all(),
    ],
    "softsign": [
        InSteps, written(functional.softsign), written(lambda z: z / (1 + abs(z))), written(lambda z: z * (1 + z.abs()) ** -1),
        written(lambda z: torch.where(z > 0, z / (1 + z), z / (1 - z))), written(lambda z: z / (1 + torch.relu(z) + torch.relu(-z))),
        written(lambda z: z.double() / (1 + z.double().abs())),
    ],
}
