"""Right answers to the exercises on replicas and recipes, in several styles."""

import itertools

import numpy as np
import torch

RIGHT = {
    "share_and_median": [[2 / 3, 410], [0.7, 410], (0.67, torch.tensor(410))],
    "how_often_faster": [
        lambda first, second: (first[:, None] < second).mean(),
        lambda first, second: sum(a < b for a in first for b in second) / (len(first) * len(second)),
        lambda first, second: np.mean([a < b for a, b in itertools.product(first, second)]),
        lambda first, second: (torch.tensor(first)[:, None] < torch.tensor(second)).double().mean(),
    ],
}
