"""The two building blocks of every network in the book: a regression, and a neuron."""

import torch
from torch import nn

from lib import checks
from lib.seeds import as_generator


class SimpleLinearNN(nn.Module):
    """A linear regression as a layer: outputs = inputs @ weights + bias.

    Shapes: inputs (n, features_in), weights (features_in, features_out),
    bias (1, features_out), outputs (n, features_out).
    Weights and bias start as draws from N(0, 1).
    """

    def __init__(self, features_in=1, features_out=1):
        super().__init__()
        checks.positive_integer("features_in", features_in)
        checks.positive_integer("features_out", features_out)
        self.weights = nn.Parameter(torch.randn(features_in, features_out))
        self.bias = nn.Parameter(torch.randn(1, features_out))

    def forward(self, inputs):
        checks.column_count("inputs", inputs, len(self.weights))
        return inputs @ self.weights + self.bias

    def __repr__(self):
        features_in, features_out = self.weights.shape
        return f"SimpleLinearNN(features_in={features_in}, features_out={features_out})"


class Perceptron(SimpleLinearNN):
    """An artificial neuron, or a layer of them: activation(inputs @ weights + bias).

    Shapes as in SimpleLinearNN. `activation` is a class such as nn.Sigmoid or nn.ReLU.
    """

    def __init__(self, features_in, features_out, activation=nn.Sigmoid):
        checks.module_class("activation", activation)
        super().__init__(features_in, features_out)
        self.activation = activation()

    def forward(self, inputs):
        weighted_sum = super().forward(inputs)
        return self.activation(weighted_sum)

    def __repr__(self):
        features_in, features_out = self.weights.shape
        activation = type(self.activation).__name__
        return f"Perceptron({features_in}, {features_out}, activation={activation})"


def initialise(model, seed, std=1.0):
    """Draw every weight and bias of `model` anew from N(0, std squared); return the model.

    `seed` is a whole number or a torch.Generator, `std` a standard deviation above 0.
    Raises ValueError where they are not.
    """
    checks.positive_number("std", std)
    generator = as_generator(seed)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=std, generator=generator)
    return model
