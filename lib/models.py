"""The layers of every network in the book, and what one does with a model."""

import numbers
from contextlib import contextmanager

import torch
from torch import nn

from lib import checks


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
        fits = isinstance(activation, type)
        checks.require(fits, "activation", "a class: nn.ReLU", activation)
        super().__init__(features_in, features_out)
        self.activation = activation()

    def forward(self, inputs):
        return self.activation(super().forward(inputs))


class Standardise(nn.Module):
    """Turns inputs (n, features) into z-scores by means and sds of some."""

    def __init__(self, inputs):
        super().__init__()
        checks.finite("inputs", inputs)
        same = inputs.amax(dim=-2) == inputs.amin(dim=-2)
        checks.require(not same.any(), "inputs", "columns that vary", same)
        self.register_buffer("mean", inputs.mean(dim=-2, keepdim=True))
        self.register_buffer("std", inputs.std(dim=-2, keepdim=True))

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


def build(sizes, activation=nn.Sigmoid):
    """Return a network of layers with `activation`, then one sigmoid."""
    checks.require(len(sizes) > 1, "sizes", "two or more, as [2, 1]", sizes)
    hidden = [Perceptron(size, after, activation) for size, after in zip(sizes, sizes[1:-1])]
    return nn.Sequential(*hidden, Perceptron(*sizes[-2:]))


def as_generator(seed):
    """Return a torch.Generator started at `seed`, a whole number of at least 0, or `seed` itself if it is one already."""
    if isinstance(seed, torch.Generator):
        return seed
    checks.whole_number("seed", seed, low=0)
    return torch.Generator().manual_seed(int(seed))


def initialise(model, seed, std=1.0):
    """Draw every weight and bias of `model` from N(0, std squared), by a whole number or a torch.Generator; return it."""
    checks.a_model("model", model)
    fits = isinstance(std, numbers.Real) and not isinstance(std, bool) and 0 < std < float("inf")
    checks.require(fits, "std", "a finite number above 0", repr(std))
    generator = as_generator(seed)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=std, generator=generator)
    return model


def glorot(model, seed):
    """Draw weights from N(0, 2 / (features in + out)), with ReLU He's N(0, 2 / features in); biases are 0; return the model."""
    checks.a_model("model", model)
    generator = as_generator(seed)
    for layer in (layer for layer in model.modules() if isinstance(layer, SimpleLinearNN)):
        others = 0 if isinstance(getattr(layer, "activation", None), nn.ReLU) else layer.weights.shape[-1]
        nn.init.normal_(layer.weights, std=(2 / (layer.weights.shape[-2] + others)) ** 0.5, generator=generator)
        nn.init.zeros_(layer.bias)
    return model


def state(model):
    """Return a copy of all parameters, for model.load_state_dict."""
    return {name: values.clone() for name, values in model.state_dict().items()}


@contextmanager
def evaluating(model):
    """Put `model` into evaluation mode for a block (no dropout, fixed batch norms) and leave it as it was."""
    checks.a_model("model", model)
    modes = [(layer, layer.training) for layer in model.modules()]
    try:
        yield model.eval()
    finally:
        for layer, training in modes:
            layer.training = training


def predict(model, inputs):
    """Return predictions for a tensor or array, without gradients and in evaluation mode; raise ValueError for NaN or infinite ones."""
    with torch.no_grad(), evaluating(model):
        preds = model(torch.as_tensor(inputs).to(next(model.parameters(), torch.empty(0))))
    checks.require(preds.isfinite().all(), "model", "finite predictions", "some that are NaN or infinite")
    return preds
