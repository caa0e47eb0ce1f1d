"""Right answers to the exercises on networks built by hand, in several styles."""

import numpy as np
import torch
from torch import relu

RIGHT = {
    "tip": [lambda x: 2 * relu(1 - x) + 2 * relu(x - 1), lambda x: 2 * np.abs(x.numpy() - 1), lambda x: (2 * x - 2).abs()],
    "hat": [
        lambda x: relu(x + 2) - 2 * relu(x) + relu(x - 2), lambda x: relu(2 - x.abs()), lambda x: np.maximum(2 - np.abs(x.numpy()), 0),
    ],
    "nested": [
        lambda x: relu(relu(x) + relu(-x) - 2) + relu(2 - relu(x) - relu(-x)), lambda x: (x.abs() - 2).abs(),
        lambda x: [min(abs(value - 2), abs(value + 2)) for value in x.tolist()],
    ],
    "lopsided": [[2, 6, 1], np.array([2, 6, 1]), [torch.tensor([2.0]), 6.0, torch.tensor([[1.0]])]],
}
