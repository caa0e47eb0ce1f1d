"""Right answers to the exercises on networks built by hand, in several styles."""

import numpy as np
import torch
from torch import relu
from torch.nn import functional

from right_answers.styles import letter, numbers


def written_out(x):
    """Write the ReLUs out, in 64 bits."""
    zero = torch.zeros(len(x)).double()
    return torch.maximum(x + 2, zero) - 2 * torch.maximum(x, zero) + torch.maximum(x - 2, zero)


def by_interpolation(x):
    """Join the corners of the W."""
    return np.interp(x, [-9, -2, 0, 2, 9], [7, 0, 2, 0, 7])


RIGHT = {
    "words": [*letter("cdba"), list("cdba"), ("C", "D", "B", "A"), "c, d, b, a", "1c 2d 3b 4a"],
    "tip": [
        lambda x: 2 * relu(1 - x) + 2 * relu(x - 1), lambda x: 2 * np.abs(x.numpy() - 1), lambda x: (2 * x - 2).abs(),
        lambda x: 2 * (1 - x).clamp(min=0)[:, None] + 2 * functional.relu(x - 1)[:, None],
    ],
    "hat": [
        lambda x: relu(x + 2) - 2 * relu(x) + relu(x - 2), lambda x: relu(2 - x.abs()), lambda x: np.maximum(2 - np.abs(x.numpy()), 0),
        written_out, lambda x: np.interp(x, [-2, 0, 2], [0, 2, 0]),
    ],
    "nested": [
        lambda x: relu(relu(x) + relu(-x) - 2) + relu(2 - relu(x) - relu(-x)), lambda x: (x.abs() - 2).abs(),
        lambda x: [min(abs(value - 2), abs(value + 2)) for value in x.tolist()], by_interpolation,
    ],
    "lopsided": numbers(2, 6, 1),
}
