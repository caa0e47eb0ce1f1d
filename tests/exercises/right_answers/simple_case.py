"""Right answers to the exercises on one observation, in several styles."""

import numpy as np
import torch


def by_numpy(w, b, x, y, learning_rate):
    """Write both gradients as one array."""
    error = y - (w * x + b)
    return np.array([w, b]) + learning_rate * 2 * error * np.array([x, 1])


def by_autograd(w, b, x, y, learning_rate):
    """Let torch find the gradients."""
    w, b = (torch.tensor(float(value), requires_grad=True) for value in (w, b))
    gradients = torch.autograd.grad((y - (w * x + b)) ** 2, [w, b])
    return [parameter - learning_rate * gradient for parameter, gradient in zip((w, b), gradients)]


def by_a_dict(w, b, x, y, learning_rate):
    """Name the two results."""
    step = 2 * learning_rate * (y - w * x - b)
    return {"w": w + step * x, "b": b + step}


RIGHT = {
    "prediction_and_loss": [[2, 9], np.array([2.0, 9.0]), (torch.tensor([[2.0]]), torch.tensor(9.0))],
    "one_step": [by_numpy, by_autograd, by_a_dict],
    "absolute_gradient": [
        lambda w, b, x, y: (-x, -1) if y > w * x + b else (x, 1),
        lambda w, b, x, y: -torch.sign(y - w * x - b) * torch.stack([x, torch.tensor(1.0)]),
        lambda w, b, x, y: [(w * x + b - y) / abs(w * x + b - y) * x, (w * x + b - y) / abs(w * x + b - y)],
    ],
}
