"""Right answers to the exercises on back-propagation, in several styles."""

import functools
import math

import numpy as np
import torch
from torch import nn

from lib.models import SimpleLinearNN
from right_answers.styles import numbers


def by_autograd(w1, b1, w2, b2, x, y):
    """Let torch find the gradients."""
    parameters = [value.clone().requires_grad_() for value in (w1, b1, w2, b2)]
    w1, b1, w2, b2 = parameters
    return torch.autograd.grad((y - (w2 * torch.sigmoid(w1 * x + b1) + b2)) ** 2, parameters)


def by_math(w1, b1, w2, b2, x, y):
    """Take plain numbers, and write the sigmoid out."""
    w1, b1, w2, b2, x, y = map(float, (w1, b1, w2, b2, x, y))
    h = 1 / (1 + math.exp(-(w1 * x + b1)))
    error = w2 * h + b2 - y
    return np.array([2 * error * w2 * h * (1 - h) * x, 2 * error * w2 * h * (1 - h), 2 * error * h, 2 * error])


def by_name(w1, b1, w2, b2, x, y):
    """Name the gradients, and put the factor where the upstream gradient arrives."""
    h = torch.sigmoid(w1 * x + b1)
    upstream = 2 * (w2 * h + b2 - y)
    to_z = upstream * w2 * (h - h**2)
    return {"w1": to_z * x, "b1": to_z, "w2": upstream * h, "b2": upstream}


def kept_rows(inputs, labels, weights1, bias1, weights2, bias2):
    """Keep the biases in a row."""
    hidden = inputs @ weights1 + bias1
    upstream = 2 * (hidden @ weights2 + bias2 - labels) / len(inputs)
    back = upstream @ weights2.T
    return [inputs.T @ back, back.sum(dim=0, keepdim=True), hidden.T @ upstream, upstream.sum(dim=0, keepdim=True)]


def in_numpy(*given):
    """Do it in numpy, in 64 bits, and name the results."""
    inputs, labels, weights1, bias1, weights2, bias2 = (value.detach().numpy().astype(float) for value in given)
    hidden = inputs @ weights1 + bias1
    upstream = -2 * (labels - hidden @ weights2 - bias2) / len(labels)
    back = np.outer(upstream, weights2)
    return {"weights1": inputs.T @ back, "bias1": back.sum(axis=0), "weights2": hidden.T @ upstream, "bias2": upstream.sum()}


def row_by_row(inputs, labels, weights1, bias1, weights2, bias2):
    """Add up the gradients of one observation after the other."""
    totals = [torch.zeros_like(value) for value in (weights1, bias1, weights2, bias2)]
    for x, y in zip(inputs, labels):
        hidden = x @ weights1 + bias1.flatten()
        upstream = -2 * (y - (hidden @ weights2 + bias2.flatten())) / len(inputs)
        back = upstream * weights2.flatten()
        for total, part in zip(totals, [torch.outer(x, back), back, torch.outer(hidden, upstream), upstream]):
            total += part
    return totals


def by_einsum(inputs, labels, weights1, bias1, weights2, bias2):
    """Name the dimensions."""
    hidden = torch.einsum("ni,ih->nh", inputs, weights1) + bias1
    upstream = -2 * (labels - hidden @ weights2 - bias2) / labels.shape[0]
    back = torch.einsum("no,ho->nh", upstream, weights2)
    return torch.einsum("ni,nh->ih", inputs, back), back.sum(0), torch.einsum("nh,no->ho", hidden, upstream), upstream.sum(0)


def from_predictions(layers):
    """Read the coefficients off the predictions."""
    bias = layers(torch.zeros(1, 2))
    return layers(torch.eye(2)) - bias, bias


def as_a_layer(layers):
    """Return a layer that holds both."""
    layer = SimpleLinearNN(2, 1)
    weights, bias = from_predictions(layers)
    layer.weights, layer.bias = nn.Parameter(weights.detach()), nn.Parameter(bias.detach())
    return layer


def by_reduce(layers):
    """Collapse two layers at a time, in numpy."""
    pairs = [(layer.weights.detach().numpy(), layer.bias.detach().numpy()) for layer in layers]
    return functools.reduce(lambda one, two: (one[0] @ two[0], one[1] @ two[0] + two[1]), pairs)


def by_homogeneous(layers):
    """Append the constant to every layer, and multiply; in 64 bits."""
    whole = torch.eye(layers[0].weights.shape[0] + 1).double()
    for layer in layers:
        constant = torch.zeros(len(layer.weights) + 1, 1).double()
        constant[-1] = 1
        whole = whole @ torch.cat([torch.cat([layer.weights.double(), layer.bias.double()]), constant], dim=1)
    return {"weights": whole[:-1, :-1], "bias": whole[-1, 0]}


RIGHT = {
    "four_gradients": numbers(24, 12, 20, 4),
    "two_ways": numbers(24, -16, 8),
    "forward_passes": numbers(18, 34),
    "logit_between": [by_autograd, by_math, by_name],
    "way_back": [kept_rows, in_numpy, row_by_row, by_einsum],
    "collapse": [from_predictions, as_a_layer, by_reduce, by_homogeneous],
}
