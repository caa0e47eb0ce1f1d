"""Right answers to the exercises on one observation, in several styles."""

import numpy as np
import torch
from torch.nn import functional

from right_answers.styles import letter, numbers


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


def by_optimiser(w, b, x, y, learning_rate):
    """Let torch take the step, in 64 bits."""
    line = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    optim = torch.optim.SGD([line], lr=learning_rate)
    functional.mse_loss(line[0] * x + line[1], torch.tensor(y).double()).backward()
    optim.step()
    return line


def by_torchs_loss(w, b, x, y):
    """Let torch differentiate its own absolute error."""
    return torch.autograd.functional.jacobian(lambda w, b: functional.l1_loss(w * x + b, y), (w, b))


RIGHT = {
    "prediction_and_loss": numbers(2, 9),
    "direction": letter("b"),
    "one_step": [by_numpy, by_autograd, by_a_dict, by_optimiser],
    "absolute_gradient": [
        by_torchs_loss, lambda w, b, x, y: np.sign(w.item() * x.item() + b.item() - y.item()) * np.array([x.item(), 1]),
        lambda w, b, x, y: (-x, -1) if y > w * x + b else (x, 1),
        lambda w, b, x, y: -torch.sign(y - w * x - b) * torch.stack([x, torch.tensor(1.0)]),
        lambda w, b, x, y: [(w * x + b - y) / abs(w * x + b - y) * x, (w * x + b - y) / abs(w * x + b - y)],
    ],
}
