"""Models that typical wrong answers of several pages hand in."""

import torch
from torch import nn

from lib.models import Perceptron


def layer(weights, bias, kind=Perceptron):
    """Return a layer with these weights, a list of rows, and this bias, a list."""
    layer = kind(len(weights), len(bias))
    with torch.no_grad():
        layer.weights[:], layer.bias[:] = torch.tensor(weights), torch.tensor([bias])
    return layer


def neuron(*coefficients):
    """Return one neuron with these two weights and bias."""
    return nn.Sequential(layer([[value] for value in coefficients[:2]], [coefficients[2]]))
