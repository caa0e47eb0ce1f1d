"""Right answers to the exercises on the whole book, in several styles."""

import copy

import pandas as pd
import torch
from torch import nn

from lib.models import build, initialise
from lib.training import Batches, train
from right_answers.styles import letter, numbers
from self_checks.data import moons


class Flat(nn.Module):
    """A network of torch's layers whose forward pass ends in squeeze."""

    def __init__(self):
        super().__init__()
        self.hidden, self.output = nn.Linear(2, 16), nn.Linear(16, 1)

    def forward(self, inputs):
        """Return a probability for each row, (n,)."""
        return torch.sigmoid(self.output(torch.relu(self.hidden(inputs)))).squeeze(-1)


def trained(model):
    """Return a model after three hundred steps on all of the train data."""
    inputs, labels = moons("train")
    optim = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(300):
        optim.zero_grad()
        nn.BCELoss()(model(inputs).reshape(-1, 1), labels).backward()
        optim.step()
    return model


def by_train():
    """Let lib train for five epochs."""
    model = initialise(build([2, 4, 1]), seed=0)
    optim = torch.optim.SGD(model.parameters(), lr=0.03)
    train(model, Batches(moons("train"), batch_size=8, seed=0), nn.BCELoss(), optim, epochs=5)
    return model


def without_optimiser():
    """Take the steps by hand, with gradients that are asked for anew."""
    model = initialise(build([2, 4, 1]), seed=0)
    data = Batches(moons("train"), batch_size=8, seed=0)
    for _ in range(5):
        for x, y in data:
            gradients = torch.autograd.grad(nn.BCELoss()(model(x), y), list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients):
                    parameter -= 0.03 * gradient
    return model


torch.manual_seed(1)  # for the starts of torch's own layers
FLAT = trained(Flat())
PARTIES = torch.randint(2, (600,), generator=torch.Generator().manual_seed(0))
SHARES = 0.2 + 0.6 * PARTIES

RIGHT = {
    "swapped": letter("c"),
    "parameters": numbers(85, 6),
    "no_effect": [by_train(), without_optimiser(), by_train().double()],
    "poll": [
        [SHARES[400:], PARTIES[400:], PARTIES[:400]], tuple(part[:, None] for part in (SHARES[400:], PARTIES[400:], PARTIES[:400])),
        [SHARES[400:].numpy(), PARTIES[400:].bool().numpy(), PARTIES[:400].tolist()],
        [pd.Series(SHARES[400:]), pd.DataFrame({"y": PARTIES[400:]}), pd.Series(PARTIES[:400], index=range(5, 405))],
        [SHARES[400:].tolist(), PARTIES[400:].float()[:, None], PARTIES[:400].double()],
    ],
    "beats_every_logit": [
        FLAT, copy.deepcopy(FLAT).double(), trained(initialise(build([2, 16, 1], nn.Tanh), seed=0)),
        trained(nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid()).double().float()),
    ],
}
