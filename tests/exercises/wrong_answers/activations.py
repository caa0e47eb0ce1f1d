"""Typical wrong answers to the exercises on activation functions, with words of what their reader is told."""

import torch
from torch import nn

from lib.models import build, initialise
from wrong_answers.stuck import stuck_in_turn


def started(sizes, activation):
    """Return a network that has not been trained."""
    return initialise(build(sizes, activation), seed=33)


def written(forward):
    """Return a class of activations with the given forward."""
    return type("Mine", (nn.Module,), {"forward": forward})


def without_gradient(self, z):
    with torch.no_grad():
        return z / (1 + z.abs())


WRONG = {
    "five_sigmoids": [
        ([0.25, 20], "not added"), ((0.25, 0.25**5), "what is left"), ([0.25, 4], "one sigmoid"), ([0.5, 32], "height"),
        ([1, 1], "flatter"), ([0.25, 4096], "too many"), ([0.25, 625], "step by step"),
        (0.25, "Expected numbers of shape"),
    ],
    "left_of_the_kink": [
        ([0, 0.1], "the slopes"), ([0, -0.2], "the outputs"), ([0, -1], "got in"), ([5, 5], "other side"),
        ([0.5, 0], "lets nothing through"), ([0, -0.5], "rises everywhere"),
    ],
    "back_to_life": [
        (started([2, 2, 1], nn.ReLU), "still zero"), (started([2, 2, 1], nn.Tanh), "not the leaky"),
        (started([2, 2, 1], nn.Identity), "not the leaky"), (started([2, 2, 1], nn.LeakyReLU), "hardly learned"),
        (started([2, 4, 1], nn.LeakyReLU), "leave its sizes"),
        (nn.LeakyReLU, "Expected the trained model"),
        (nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)), "Expected a network 2-2-1"),
    ],
    "who_is_dead": [
        (lambda layer, inputs: (layer(inputs) == 0).any(dim=0), "for any"),
        (lambda layer, inputs: (layer(inputs) > 0).any(dim=0), "The other way round"),
        (lambda layer, inputs: (layer(inputs) != 0).all(dim=0), "never zero"),
        (lambda layer, inputs: (layer(inputs) < 0).all(dim=0), "nobody dead"),
        (lambda layer, inputs: (layer(inputs) == 0).all(dim=0).sum(), "Expected numbers of shape (6,)"),
        (lambda layer, inputs: (layer(inputs) == 0).all(dim=1), "Expected numbers of shape (6,)"),
        (lambda layer, inputs: None, "returns nothing"),
        *stuck_in_turn(lambda layer, inputs: (layer(inputs) == 0).all(dim=0), layer="all of its arguments", inputs="all of its arguments"),
    ],
    "softsign": [
        (nn.Softsign(), "without parentheses"), (nn.Softsign, "torch's own"), (torch.tanh, "Expected a class"),
        (type("Mine", (), {}), "has to be an nn.Module"),
        (written(lambda self, z: None), "returns nothing"), (written(lambda self: 1), "stopped with TypeError"),
        (written(lambda self, z: z / (1 + z)), "absolute value is missing"),
        (written(lambda self, z: z / 1 + z.abs()), "Parentheses"), (written(lambda self, z: z / (1 + z**2)), "square"),
        (written(lambda self, z: z.abs() / (1 + z.abs())), "with its sign"),
        (written(lambda self, z: z.sum().item()), "only tensors note"), (written(without_gradient), "cuts it off"),
        (written(lambda self, z: (z / (1 + z.abs())).detach()), "cuts it off"),
        (written(lambda self, z: z / (1 + z.detach().abs())), "taken out"),
        (written(lambda self, z: torch.tensor([[-0.8, -0.6, -1 / 3], [0.2, 2 / 3, 0.75]])), "no gradient finds its way"),
    ],
}
