"""The layers of every network in the book: a regression, a neuron, and a common scale for the inputs."""

import copy

import torch
from torch import nn

from lib import checks
from lib.seeds import as_generator


class SimpleLinearNN(nn.Module):
    """A linear regression as a layer: outputs = inputs @ weights + bias.

    Shapes: inputs (n, features_in), weights (features_in, features_out),
    bias (1, features_out), outputs (n, features_out).
    Weights and bias start as draws from N(0, 1). With replicas=R the layer
    stands for R independent ones at once: weights (R, features_in,
    features_out), bias (R, 1, features_out), outputs (R, n, features_out).
    """

    def __init__(self, features_in=1, features_out=1, replicas=None):
        super().__init__()
        checks.positive_integer("features_in", features_in)
        checks.positive_integer("features_out", features_out)
        if replicas is not None:
            checks.positive_integer("replicas", replicas)
        many = () if replicas is None else (replicas,)
        weights = torch.randn(*many, features_in, features_out)
        self.weights = nn.Parameter(weights)
        self.bias = nn.Parameter(torch.randn(*many, 1, features_out))

    def forward(self, inputs):
        checks.inputs_fit(inputs, self.weights)
        if inputs.dim() == self.weights.dim() == 3:  # for replicas, quicker
            return torch.baddbmm(self.bias, inputs, self.weights)
        return inputs @ self.weights + self.bias

    def __repr__(self):
        return f"SimpleLinearNN({self.sizes()})"

    def sizes(self):
        """Return the numbers that the layer was made with, in words."""
        *many, features_in, features_out = self.weights.shape
        words = f"features_in={features_in}, features_out={features_out}"
        return words + "".join(f", replicas={replicas}" for replicas in many)


class Perceptron(SimpleLinearNN):
    """A neuron, or a layer of them: activation(inputs @ weights + bias).

    Shapes as in SimpleLinearNN. `activation` is a class such as nn.Sigmoid
    or nn.ReLU, without brackets.
    """

    def __init__(self, features_in, features_out, activation=nn.Sigmoid,
                 replicas=None):
        checks.activation_class("activation", activation)
        super().__init__(features_in, features_out, replicas)
        self.activation = activation()

    def forward(self, inputs):
        weighted_sum = super().forward(inputs)
        return self.activation(weighted_sum)

    def __repr__(self):
        activation = type(self.activation).__name__
        return f"Perceptron({self.sizes()}, activation={activation})"


class Standardise(nn.Module):
    """A layer that puts its inputs on the scale of given ones: z-scores.

    Made from inputs (n, features) or (replicas, n, features), of which it
    keeps mean and std, (1, features) or (replicas, 1, features); std is
    that of a sample, as in R and Stata. There is nothing to train in it.
    Raises ValueError for inputs that are not finite or do not vary.
    """

    def __init__(self, inputs):
        super().__init__()
        checks.columns_vary("inputs", inputs)
        self.register_buffer("mean", inputs.mean(dim=-2, keepdim=True))
        self.register_buffer("std", inputs.std(dim=-2, keepdim=True))

    def forward(self, inputs):
        checks.inputs_fit(inputs, self.mean.mT)
        return (inputs - self.mean) / self.std


def build(sizes, activation=nn.Sigmoid, replicas=None):
    """Return a network of perceptrons between layers of the given sizes.

    `activation` is that of the hidden layers; the last one has a sigmoid.
    Raises ValueError as the layers do, or for less than two sizes.
    """
    expected = "at least two layer sizes, such as [2, 1]"
    checks.require(len(sizes) > 1, "sizes", expected, repr(sizes))
    kinds = [activation] * (len(sizes) - 2) + [nn.Sigmoid]
    layers = zip(sizes, sizes[1:], kinds)
    return nn.Sequential(*(Perceptron(*layer, replicas=replicas)
                           for layer in layers))


def initialise(model, seed, std=1.0):
    """Draw every weight and bias of `model` anew from N(0, std squared); return the model.

    `seed` is a whole number or a torch.Generator, `std` a standard deviation above 0.
    Raises ValueError where they are not.
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


def replicas_of(model):
    """Return how many replicas `model` holds, None for a plain one.

    Raises ValueError where replicated and plain layers are mixed, or layers
    with different numbers of replicas.
    """
    checks.a_model("model", model)
    many = {values.shape[0] if values.dim() > 2 else None for values in model.parameters()}
    expected, got = "as many replicas in every layer", f"replicas {sorted(many, key=str)}"
    checks.require(len(many) <= 1, "model", expected, got)
    return many.pop() if many else None
