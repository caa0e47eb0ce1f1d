"""The two layers compute the slide's formula, and refuse what does not fit."""

import numpy as np
import pytest
import torch
from torch import nn

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, initialise


def draws(*shape):
    """Return the same standard normal numbers every time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(5))


def test_linear_layer_is_inputs_times_weights_plus_bias():
    layer, inputs = initialise(SimpleLinearNN(2, 3), 0), draws(5, 2)
    for row in range(5):
        for unit in range(3):
            by_hand = sum(inputs[row, k] * layer.weights[k, unit] for k in range(2)) + layer.bias[0, unit]
            assert layer(inputs)[row, unit].item() == pytest.approx(by_hand.item(), abs=1e-6)


def test_linear_layer_equals_torchs_own():
    layer, theirs, inputs = initialise(SimpleLinearNN(4, 2), 0), nn.Linear(4, 2), draws(7, 4)
    theirs.weight.data, theirs.bias.data = layer.weights.data.T, layer.bias.data[0]
    assert torch.allclose(layer(inputs), theirs(inputs), atol=1e-6)


@pytest.mark.parametrize("activation", [nn.Sigmoid, nn.ReLU, nn.Tanh])
def test_perceptron_is_the_activation_of_the_weighted_sum(activation):
    neuron, inputs = initialise(Perceptron(3, 2, activation), 0), draws(6, 3)
    assert torch.equal(neuron(inputs), activation()(inputs @ neuron.weights + neuron.bias))


def test_sigmoid_is_the_default():
    neuron, inputs = Perceptron(1, 1), torch.tensor([[0.0], [1.0]])
    neuron.weights.data.fill_(2.0), neuron.bias.data.fill_(-1.0)
    assert neuron(inputs).flatten().tolist() == pytest.approx([0.268941, 0.731059], abs=1e-6)


@pytest.mark.parametrize("loss", [lambda p, y: (p - y).pow(2).mean(), nn.BCELoss()], ids=["mse", "cross-entropy"])
def test_gradients_equal_finite_differences(loss):
    model = nn.Sequential(Perceptron(2, 3, nn.Tanh), Perceptron(3, 1)).double()
    initialise(model, seed=3)
    generator = torch.Generator().manual_seed(4)
    inputs = torch.randn(8, 2, generator=generator, dtype=torch.float64)
    labels = (inputs[:, :1] > 0).double()
    loss(model(inputs), labels).backward()
    for parameter in model.parameters():
        for index in range(parameter.numel()):
            entry, h = parameter.data.view(-1), 1e-6
            entry[index] += h
            above = loss(model(inputs), labels).item()
            entry[index] -= 2 * h
            below = loss(model(inputs), labels).item()
            entry[index] += h
            assert parameter.grad.view(-1)[index].item() == pytest.approx((above - below) / (2 * h), abs=1e-8)


def test_gradients_of_a_line_equal_the_closed_form():
    model = initialise(SimpleLinearNN(2, 1).double(), 0)
    inputs, labels = draws(9, 2).double(), draws(9, 1).double()
    nn.MSELoss()(model(inputs), labels).backward()
    error = labels - model(inputs)
    assert torch.allclose(model.weights.grad, -2 / 9 * inputs.T @ error)
    assert torch.allclose(model.bias.grad, -2 / 9 * error.sum().reshape(1, 1))


def test_models_print_their_shape():
    model = nn.Sequential(SimpleLinearNN(2, 4), Perceptron(4, 1, nn.ReLU))
    assert "SimpleLinearNN(features_in=2, features_out=4)" in repr(model)
    assert "Perceptron(features_in=4, features_out=1, activation=ReLU)" in repr(model)
    assert repr(SimpleLinearNN(replicas=3)) == "SimpleLinearNN(features_in=1, features_out=1, replicas=3)"


def test_initialise_repeats_itself_and_does_not_touch_the_global_generator():
    one, other = Perceptron(2, 2), Perceptron(2, 2)
    state = torch.get_rng_state()
    initialise(one, seed=1)
    initialise(other, seed=torch.Generator().manual_seed(1))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(one.weights, other.weights) and torch.equal(one.bias, other.bias)


def test_initialise_draws_with_the_given_standard_deviation():
    layer = initialise(SimpleLinearNN(100, 100), seed=0, std=0.5)
    assert layer.weights.std().item() == pytest.approx(0.5, rel=0.02)
    assert layer.weights.mean().item() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("size", [0, -1, 1.5, "2", True, None])
@pytest.mark.parametrize("name", ["features_in", "features_out"])
def test_sizes_are_positive_integers(name, size):
    with refuses(name):
        SimpleLinearNN(**{name: size})


@pytest.mark.parametrize("activation", [nn.ReLU(), torch.relu, "relu", None, int])
def test_activation_is_a_class(activation):
    with refuses("activation"):
        Perceptron(2, 4, activation)


@pytest.mark.parametrize(
    "inputs",
    [*map(torch.zeros, [(5, 3), (5,), (2, 5), ()]), torch.zeros(5, 2).double(), np.zeros((5, 2)), [[0.0, 0.0]]],
    ids=["3 columns", "flat", "transposed", "scalar", "double", "array", "list"],
)
def test_inputs_fit_the_layer(inputs):
    with refuses("inputs"):
        SimpleLinearNN(2, 1)(inputs)


def test_replicas_are_independent_layers():
    together, inputs = initialise(Perceptron(2, 3, replicas=4), 0), draws(6, 2)
    for replica in range(4):
        alone = Perceptron(2, 3)
        alone.weights.data, alone.bias.data = together.weights.data[replica], together.bias.data[replica]
        assert torch.allclose(together(inputs)[replica], alone(inputs), atol=1e-6)


@pytest.mark.parametrize("replicas", [0, -1, 2.0, "3", True])
def test_replicas_are_a_positive_integer(replicas):
    with refuses("replicas"):
        Perceptron(2, 3, replicas=replicas)


@pytest.mark.parametrize("model", [SimpleLinearNN, None, "model"])
def test_initialise_wants_a_model(model):
    with refuses("model"):
        initialise(model, 0)


@pytest.mark.parametrize("seed", [-1, 1.0, "0", None, True, 2**64])
def test_a_seed_is_a_whole_number_or_a_generator(seed):
    with refuses("seed"):
        initialise(SimpleLinearNN(), seed)


@pytest.mark.parametrize("std", [0, -1, float("nan"), float("inf"), "1"])
def test_a_standard_deviation_is_positive(std):
    with refuses("std"):
        initialise(SimpleLinearNN(), 0, std)
