"""Typical wrong answers to the exercises on replicas and recipes, with words of what their reader is told."""

from functools import cache

import numpy as np
import pandas as pd
from torch import nn

from lib.models import build, initialise
from lib.replicas import replicate
from lib.studies import study
from lib.training import evaluate
from self_checks.data import moons
from wrong_answers.stuck import stuck, stuck_in_turn

NEVER = np.inf
CHANCE = np.random.default_rng(0)
TIMES = CHANCE.integers(3, 10, 18)


def history(columns):
    """Return a history of three epochs in which every network has the same loss."""
    return pd.concat({"loss": pd.DataFrame(np.ones((3, columns)))}, axis=1)


def drawn(tanh, sigmoid):
    """Return a job that pretends to train: its times depend on activation and seed only through what is given."""
    return lambda activation, seed: (tanh if activation is nn.Tanh else sigmoid)(seed)


@cache
def trained(seed, hidden=4, judged_on="evaluation"):
    """Return the arrival times of sixteen tanh networks with one hidden layer."""
    parts = {"train": moons("train"), "evaluation": moons(judged_on)}
    treatment = {"sizes": [2, hidden, 1], "activation": nn.Tanh, "learning_rate": 1.0}
    runs = study(parts, [treatment], nn.BCELoss(), threshold=0.05, replicas=16, epochs=30, seed=seed)
    return runs.epoch.where(runs.arrived, NEVER).to_numpy()


def other_twenty(activation):
    """Return what is left of the history of twenty networks with another activation."""
    networks = initialise(replicate(build([2, 4, 1], activation), 20), seed=0)
    losses = evaluate(networks, moons("train"), nn.BCELoss()).numpy()
    return pd.concat({"loss": pd.DataFrame([losses] * 3)}, axis=1)


def in_place(first, second):
    """Change the arguments."""
    first[np.isinf(first)] = 0
    second[np.isinf(second)] = 0
    return (first[:, None] < second).mean()


WRONG = {
    "shapes": [
        ([(4, 1), (450, 1)], "three numbers"), ([(20, 4, 1), (9000, 1)], "three numbers"),
        ([(20, 2, 4), (20, 450, 1)], "first layer"), ([[20, 1, 4], [20, 450, 1]], "comes before"),
        ([(4, 1, 20), (450, 1, 20)], "first dimension"), ([(20, 4, 1), (20, 450, 4)], "single neuron"),
        ([(20, 4, 1), (20, 1, 450)], "within each network"), ([20, 450], "Expected numbers of shape (2, 3)"),
    ],
    "share_and_median": [
        ([2 / 3, 230], "rank last"), ([0.667, 140], "not the fastest"), ([2 / 3, 3450 / 9], "a mean"),
        ([2 / 3, NEVER], "is known"), ([1 / 3, 410], "survivors"), ([6, 410], "to be a share"), ([1, 410], "all nine"),
        ([66.667, 410], "percent"), ([66.7, 410], "percent"), ([67, 410], "percent"),
    ],
    "twenty": [
        (pd.DataFrame({"loss": [0.7, 0.5, 0.3]}), "single network"), (history(3), "got 3"), (history(20), "same start"),
        (nn.Tanh(), "that train returns"), (other_twenty(nn.Sigmoid), "not those that were asked for"),
    ],
    "how_often_faster": [
        (lambda a, b: (a[:, None] <= b).mean(), "strict"), (lambda a, b: (a[:, None] > b).mean(), "other way round"),
        (lambda a, b: ((a[:, None] < b).mean() + (a[:, None] <= b).mean()) / 2, "half a win"),
        (lambda a, b: (a[np.isfinite(a)][:, None] < b[np.isfinite(b)]).mean(), "left out"),
        (lambda a, b: sum(x < y for x, y in zip(a, b)) / len(a), "order of the lists"),
        (lambda a, b: (np.nan_to_num(a, posinf=0)[:, None] < np.nan_to_num(b, posinf=0)).mean(), "must not become 0"),
        (lambda a, b: (a[:, None] < b).sum() / (~np.isinf(np.minimum.outer(a, b))).sum(), "nobody arrives"),
        (lambda a, b: (a[:, None] < b).sum(), "Divide"), (lambda a, b: 100 * (a[:, None] < b).mean(), "percent"),
        (in_place, "must not become 0"), (lambda a, b: (a[:, None] < b).sum() / 30, "all of its arguments"),
        (lambda a, b: (a < b).mean(), "ValueError"), (lambda a, b: None, "returns nothing"),
        *stuck_in_turn(lambda first, second: (first[:, None] < second).mean(), first="all of its arguments", second="all of its arguments"),
    ],
    "two_treatments": [
        (lambda activation, seed: None, "returns nothing"), (lambda activation: [1.0], "TypeError"),
        (lambda activation, seed: 3.0, "got 1"), (lambda activation, seed: "soon", "got str"),
        (lambda activation, seed: [np.nan] * 16, "NaN"), (lambda activation, seed: [0] * 16, "epoch 0"),
        (lambda activation, seed: [0.5] * 16, "whole numbers"),
        (lambda activation, seed: CHANCE.permutation(16) + 1, "without the seed"),
        (drawn(lambda seed: [5] * 16, lambda seed: [NEVER] * 16), "hand the seed on"),
        (drawn(lambda seed: [seed] * 16, lambda seed: [seed] * 16), "hand the activation on"),
        (drawn(lambda seed: [seed] * 16, lambda seed: [30] * 16), "not the last epoch"),
        (drawn(lambda seed: [5 + seed] * 16, lambda seed: [3] * 15 + [NEVER]), "not clearly faster"),
        (drawn(lambda seed: TIMES[seed:seed + 16], lambda seed: [NEVER] * 16), "share fifteen"),
        (drawn(lambda seed: TIMES[:16] + seed * (TIMES[:16] > 6), lambda seed: [NEVER] * 16), "do they start alike"),
        (drawn(lambda seed: [4 + seed] * 16, lambda seed: [30] * 15 + [NEVER]), "nearly all the same"),
        (drawn(lambda seed: trained(seed) + 1, lambda seed: [NEVER] * 16), "an epoch too late"),
        (drawn(lambda seed: trained(seed, hidden=8), lambda seed: [NEVER] * 16), "arrive sooner than"),
        (stuck(lambda activation, seed: trained(seed), 0), "hand the activation on"),
        (stuck(lambda activation, seed: trained(seed) + (activation is nn.Sigmoid), 1), "hand the seed on"),
        (drawn(lambda seed: trained(seed, judged_on="test"), lambda seed: [NEVER] * 16), "on other data"),
        (drawn(lambda seed: trained(seed, judged_on="train"), lambda seed: [NEVER] * 16), "on other data"),
    ],
}
