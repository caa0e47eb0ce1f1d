"""Right answers to the exercises on neurons, in several styles."""

import math

import torch
from torch import nn
from torch.distributions import Poisson
from torch.nn import functional

from lib.models import Perceptron, initialise
from lib.training import Batches, train
from right_answers.styles import numbers
from self_checks.data import moons


def trained(neuron, loss_fn=functional.binary_cross_entropy):
    """Return a neuron trained on the lecture's observations as on the page, in its own precision."""
    parts = [[part.to(next(neuron.parameters()).dtype) for part in moons(name)] for name in ("train", "evaluation")]
    everything = [torch.cat(pair) for pair in zip(*parts)]
    optim = torch.optim.SGD(neuron.parameters(), lr=5.0)
    train(neuron, Batches(everything, batch_size=500), loss_fn, optim, epochs=500)
    return neuron


def in_torchs_layers():
    """Return the neuron as a linear layer and a sigmoid, trained in 64 bits."""
    return trained(nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()).double())


def alone(neuron):
    """Return a function that predicts what a neuron does, from copies of its coefficients."""
    (first, second), constant = neuron[0].weight.flatten().tolist(), neuron[0].bias.item()
    return lambda inputs: 1 / (1 + torch.exp(-(first * inputs[:, 0] + second * inputs[:, 1] + constant)))


def by_loop(preds, labels):
    """Add up the observations."""
    total = 0.0
    for mean, count in zip(preds.flatten().tolist(), labels.flatten().tolist()):
        total += mean - count * math.log(mean)
    return total / len(preds)


RIGHT = {
    "one_neuron": [
        *numbers(-1.0, 0.2689), [-1, 1 / (1 + math.exp(1))],
        [-1, torch.sigmoid(torch.tensor([[2.0, 4.0]]) @ torch.tensor([[3.0], [-2.0]]) + 1)],
    ],
    "two_names": numbers(1.5 * math.log(2), -6 * math.log(2)),
    "maximum_likelihood": [trained(initialise(Perceptron(2, 1), seed=0)), in_torchs_layers(), alone(in_torchs_layers())],
    "poisson_loss": [
        nn.PoissonNLLLoss(log_input=False), lambda preds, labels: (preds - labels * torch.log(preds)).mean(),
        by_loop, lambda preds, labels: functional.poisson_nll_loss(preds, labels, log_input=False),
        lambda preds, labels: -(Poisson(preds).log_prob(labels) + torch.lgamma(labels + 1)).mean(),
        lambda preds, labels: preds.double().mean() - torch.xlogy(labels, preds).mean()[None],
        lambda preds, labels: sum(p - y * p.log() for p, y in zip(preds, labels)) / len(preds),
    ],
}
