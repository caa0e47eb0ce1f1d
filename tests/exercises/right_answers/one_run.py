"""Right answers to the exercises on replicas and recipes, in several styles."""

import itertools

import numpy as np
import pandas as pd
import torch
from torch import nn

from lib.models import build, initialise
from lib.replicas import replicate
from lib.studies import study
from lib.training import Batches, reaches, train
from right_answers.styles import numbers
from self_checks.data import moons

PARTS = {part: moons(part) for part in ("train", "evaluation")}


def history(networks=None, seed=0, activation=nn.Tanh, stop=None):
    """Return the history of networks 2-4-1, trained at once or, if there is no number of them, one."""
    model = initialise(replicate(build([2, 4, 1], activation), networks), seed)
    data, optim = Batches(PARTS["train"], 8, seed=seed, replicas=networks), torch.optim.SGD(model.parameters(), lr=1.0)
    return train(model, data, nn.BCELoss(), optim, epochs=30, evaluation=PARTS["evaluation"], stop=stop)


def by_study(activation, seed):
    """Let lib run the study."""
    treatment = {"sizes": [2, 4, 1], "activation": activation, "learning_rate": 1.0}
    runs = study(PARTS, [treatment], nn.BCELoss(), threshold=0.05, replicas=16, epochs=30, seed=seed)
    return torch.tensor(runs.epoch.where(runs.arrived, np.inf).to_numpy())


def by_history(activation, seed):
    """Read the times off a history, which is stopped where all have arrived."""
    there = history(16, seed, activation, reaches(0.05))["evaluation_loss"] <= 0.05
    return there.idxmax().where(there.any(), np.inf)


def by_loop(activation, seed):
    """Look for the first epoch of each network, with seeds of its own for start and shuffles."""
    losses = history(16, torch.Generator().manual_seed(100 + seed), activation)["evaluation_loss"].to_numpy()
    return [next((epoch for epoch, loss in enumerate(one) if loss <= 0.05), float("inf")) for one in losses.T]


RIGHT = {
    "shapes": [
        [(20, 4, 1), (20, 450, 1)], [torch.Size([20, 4, 1]), torch.Size([20, 450, 1])], ([20, 4, 1], [20, 450, 1]),
        [np.array([20, 4, 1]), torch.tensor([20, 450, 1])],
    ],
    "share_and_median": [*numbers(2 / 3, 410), [0.7, 410], (0.67, torch.tensor(410))],
    "twenty": [history(20), history(20, stop=reaches(0.05)), history(20)[["loss"]]],
    "how_often_faster": [
        lambda first, second: (first[:, None] < second).mean(),
        lambda first, second: sum(a < b for a in first for b in second) / (len(first) * len(second)),
        lambda first, second: np.mean([a < b for a, b in itertools.product(first, second)]),
        lambda first, second: (torch.tensor(first)[:, None] < torch.tensor(second)).double().mean(),
        lambda first, second: pd.merge(pd.Series(first, name="a"), pd.Series(second, name="b"), how="cross").eval("a < b").mean(),
        lambda first, second: 1 - np.searchsorted(np.sort(second), first, side="right").mean() / len(second),
    ],
    "two_treatments": [by_study, by_history, by_loop],
}
