"""Right answers to the exercises on networks, in several styles."""

import math

import numpy as np
import torch
from scipy.special import expit
from torch import nn
from wrong_answers.models import layer

from lib.models import Perceptron, SimpleLinearNN, build, initialise
from lib.training import Batches
from right_answers.styles import numbers


class Bump(nn.Module):
    """A network 1-2-1 of torch's layers, with weights set by hand."""

    def __init__(self):
        super().__init__()
        self.hidden, self.output = nn.Linear(1, 2), nn.Linear(2, 1)
        self.load_state_dict({
            "hidden.weight": torch.tensor([[2.0], [2.0]]), "hidden.bias": torch.tensor([-35.0, -55.0]),
            "output.weight": torch.tensor([[1.0, -1.0]]), "output.bias": torch.zeros(1),
        })

    def forward(self, age):
        """Return a row for each age."""
        return self.output(torch.sigmoid(self.hidden(age.reshape(-1, 1))))


def by_math(ages):
    """Go through the ages one by one."""
    return [1 / (1 + math.exp(17.5 - age)) - 1 / (1 + math.exp(27.5 - age)) for age in ages.tolist()]


def by_numpy(ages):
    """Write both steps in numpy."""
    ages = np.asarray(ages)
    return expit(2 * (ages - 17.5)) - expit(2 * (ages - 27.5))


def in_a_circle(model, lr=0.1):
    """Return a model trained on four hundred respondents, in its own precision."""
    torch.manual_seed(0)
    X = 4 * torch.rand(400, 2, dtype=next(model.parameters()).dtype) - 2
    data = Batches((X, (X.norm(dim=1, keepdim=True) < 1.2).to(X.dtype)), batch_size=400)
    optim = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(250):
        for x, y in data:
            optim.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(model(x).reshape(-1, 1), y).backward()
            optim.step()
    return model


class Flat(nn.Module):
    """Torch's layers in a class whose forward pass ends in squeeze."""

    def __init__(self):
        super().__init__()
        self.hidden, self.output = nn.Linear(2, 8), nn.Linear(8, 1)

    def forward(self, inputs):
        """Return log odds, (n,)."""
        return self.output(self.hidden(inputs).tanh()).squeeze(-1)


def by_hand(precision=torch.float32):
    """Return the network that asks "at least one?" and "both?"."""
    return nn.Sequential(layer([[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0]), layer([[20.0], [-20.0]], [-10.0])).to(precision)


def in_torchs_layers():
    """Return a network with two ReLUs: the sum, less twice what is above 1."""
    network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    network.load_state_dict({"0.weight": torch.ones(2, 2), "0.bias": torch.tensor([0.0, -1.0]),
                             "2.weight": torch.tensor([[1.0, -2.0]]), "2.bias": torch.zeros(1)})
    return network


torch.manual_seed(0)  # for the starts of torch's own layers
RIGHT = {
    "pieces": numbers(5, 6, 36),
    "bump": [
        lambda age: torch.sigmoid(3 * (age - 17.5)) - torch.sigmoid(3 * (age - 27.5)),
        lambda age: torch.sigmoid(2 * age - 35) + torch.sigmoid(55 - 2 * age) - 1,
        lambda age: 0.5 * torch.tanh(age - 17.5) - 0.5 * torch.tanh(age - 27.5),
        lambda age: (1 / (1 + torch.exp(-2 * (age.double() - 17.5))) - 1 / (1 + torch.exp(-2 * (age.double() - 27.5))))[:, None],
        lambda age: nn.Sigmoid()(2 * (age - 17.5)) - nn.functional.sigmoid(2 * (age - 27.5)),
        by_math, by_numpy, Bump(),
    ],
    "circle": [
        in_a_circle(nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))), in_a_circle(Flat()),
        in_a_circle(nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1)), lr=0.02),
        in_a_circle(nn.Sequential(nn.Linear(2, 8), nn.Sigmoid(), nn.Linear(8, 1)).double()),
    ],
    "bends": [
        initialise(nn.Sequential(Perceptron(2, 4, nn.Tanh), Perceptron(4, 1)), seed=0), initialise(build([2, 4, 1], nn.ReLU), seed=0),
        initialise(nn.Sequential(SimpleLinearNN(2, 4), nn.Tanh(), Perceptron(4, 1)), seed=0), initialise(build([2, 4, 1]), 0).double(),
        nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid()),
    ],
    "xor": [
        by_hand(), by_hand(torch.float64), in_torchs_layers(), lambda x: (x[:, 0] - x[:, 1]).abs(),
        lambda x: np.logical_xor(*np.asarray(x).T.astype(bool)), lambda x: [int(a != b) for a, b in x.tolist()],
        lambda x: torch.sigmoid(20 * x[:, [0]] + 20 * x[:, [1]] - 40 * x[:, [0]] * x[:, [1]] - 10),
    ],
}
