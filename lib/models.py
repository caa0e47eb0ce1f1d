"""The layers of every network in the book: a regression, a neuron, and a common scale for the inputs."""

import copy
from contextlib import contextmanager

import torch
from torch import nn

from lib import checks
from lib.seeds import as_generator


class SimpleLinearNN(nn.Module):
    """A linear regression: inputs (n, features_in) to (n, features_out)."""

    def __init__(self, features_in=1, features_out=1):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(features_in, features_out))
        self.bias = nn.Parameter(torch.randn(1, features_out))

    def forward(self, inputs):
        return inputs @ self.weights + self.bias


class Perceptron(SimpleLinearNN):
    """A neuron, or a layer of them: activation(inputs @ weights + bias)."""

    def __init__(self, features_in, features_out, activation=nn.Sigmoid):
        checks.a_class("activation", activation)
        super().__init__(features_in, features_out)
        self.activation = activation()

    def forward(self, inputs):
        return self.activation(super().forward(inputs))


class Standardise(nn.Module):
    """Turns inputs (n, features) into z-scores by the mean and sd of given ones."""

    def __init__(self, inputs):
        super().__init__()
        checks.finite("inputs", inputs)
        constant = inputs.amax(dim=-2) == inputs.amin(dim=-2)
        checks.require(not constant.any(), "inputs", "columns that vary", f"constant: {constant.tolist()}")
        self.register_buffer("mean", inputs.mean(dim=-2, keepdim=True))
        self.register_buffer("std", inputs.std(dim=-2, keepdim=True))

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


def build(sizes, activation=nn.Sigmoid):
    """Return a network of perceptrons between layers of the given sizes.

    `activation` is that of the hidden layers; the last one has a sigmoid.
    Raises ValueError for fewer than two sizes, or an activation with parentheses.
    """
    checks.require(len(sizes) > 1, "sizes", "at least two layer sizes, such as [2, 1]", repr(sizes))
    hidden = [Perceptron(size, after, activation) for size, after in zip(sizes, sizes[1:-1])]
    return nn.Sequential(*hidden, Perceptron(*sizes[-2:]))


def initialise(model, seed, std=1.0):
    """Draw every weight and bias of `model` anew from N(0, std squared); return the model.

    `seed` is a whole number or a torch.Generator, `std` a standard deviation above 0.
    Raises ValueError for anything else.
    """
    checks.a_model("model", model)
    checks.positive_number("std", std)
    generator = as_generator(seed)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=std, generator=generator)
    return model


def state(model):
    """Return a copy of all parameters, for model.load_state_dict."""
    return copy.deepcopy(model.state_dict())


@contextmanager
def evaluating(model):
    """Put `model` into evaluation mode for a block (no dropout, fixed batch norms) and leave it as it was."""
    modes = {layer: layer.training for layer in model.modules()}
    model.eval()
    try:
        yield model
    finally:
        for layer, training in modes.items():
            layer.training = training


def predict(model, inputs):
    """Return the predictions of `model` without gradients, in evaluation mode, for looking at.

    inputs (n, features), a tensor or an array, in any precision; returns (n, outputs), or (replicas, n, outputs).
    Raises ValueError for anything but a model, and for predictions that are not finite.
    """
    checks.a_model("model", model)
    like = next(model.parameters(), torch.empty(0))
    with torch.no_grad(), evaluating(model):
        preds = model(torch.as_tensor(inputs).to(like))
    bad = int((~torch.isfinite(preds)).sum())
    checks.require(bad == 0, "model", "finite predictions", f"{bad} that are NaN or infinite")
    return preds
