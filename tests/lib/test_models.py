"""The layers compute the slide's formula, are short enough to be shown, and what looks at a model leaves it as it was."""

import inspect

import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, Standardise, as_generator, build, evaluating, glorot, initialise, predict, state
from lib.replicas import replicate


def draws(*shape):
    """Return the same standard normal numbers every time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(5))


def as_torch(layer):
    """Return torch's own linear layer with the parameters of ours: weights transposed, bias flat."""
    theirs = nn.Linear(*layer.weights.shape)
    theirs.load_state_dict({"weight": layer.weights.T, "bias": layer.bias[0]})
    return theirs


def test_linear_layer_is_inputs_times_weights_plus_bias():
    layer, inputs = initialise(SimpleLinearNN(2, 3), 0), draws(5, 2)
    for row in range(5):
        for unit in range(3):
            by_hand = sum(inputs[row, k] * layer.weights[k, unit] for k in range(2)) + layer.bias[0, unit]
            assert layer(inputs)[row, unit].item() == pytest.approx(by_hand.item(), abs=1e-6)


@pytest.mark.parametrize("features_in, features_out", [(1, 1), (4, 2)])
def test_linear_layer_equals_torchs_own(features_in, features_out):
    layer, inputs = SimpleLinearNN(features_in, features_out), draws(7, features_in)
    theirs = as_torch(layer)
    assert torch.allclose(layer(inputs), theirs(inputs), atol=1e-6)
    layer(inputs).pow(2).sum().backward(), theirs(inputs).pow(2).sum().backward()
    assert torch.allclose(layer.weights.grad.T, theirs.weight.grad, rtol=1e-4)
    assert torch.allclose(layer.bias.grad[0], theirs.bias.grad, rtol=1e-4)


@pytest.mark.parametrize("activation", [nn.Sigmoid, nn.ReLU, nn.Tanh, nn.Softplus])
def test_perceptron_equals_torchs_linear_layer_and_activation(activation):
    neuron, inputs = Perceptron(3, 2, activation), draws(6, 3)
    assert torch.allclose(neuron(inputs), nn.Sequential(as_torch(neuron), activation())(inputs), atol=1e-6)


def test_sigmoid_is_the_default():
    neuron, inputs = Perceptron(1, 1), torch.tensor([[0.0], [1.0]])
    neuron.load_state_dict({"weights": torch.tensor([[2.0]]), "bias": torch.tensor([[-1.0]])})
    assert neuron(inputs).flatten().tolist() == pytest.approx([0.268941, 0.731059], abs=1e-6)


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.BCELoss()])
def test_gradients_equal_finite_differences(loss):
    model = initialise(build([2, 3, 1], nn.Tanh), 3).double()
    inputs = draws(8, 2).double()
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


@pytest.mark.parametrize("layer", [SimpleLinearNN, Perceptron])
def test_the_two_layers_are_a_dozen_lines_at_most(layer):
    assert len(inspect.getsource(layer).splitlines()) <= 12


def test_initialise_repeats_itself_and_does_not_touch_the_global_generator():
    one, other = Perceptron(2, 2), Perceptron(2, 2)
    before = torch.get_rng_state()
    initialise(one, seed=1)
    initialise(other, seed=torch.Generator().manual_seed(1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.weights, other.weights) and torch.equal(one.bias, other.bias)


def test_initialise_is_torchs_normal_weights_first():
    torch.manual_seed(4)
    expected = [nn.init.normal_(torch.empty(shape), std=0.5) for shape in ((2, 3), (1, 3))]
    layer = initialise(SimpleLinearNN(2, 3), 4, std=0.5)
    assert torch.equal(layer.weights, expected[0]) and torch.equal(layer.bias, expected[1])


@pytest.mark.parametrize("activation", [nn.ReLU(), torch.relu, "relu", None])
def test_activation_is_a_class(activation):
    with refuses("activation"):
        Perceptron(2, 4, activation)
    with refuses("activation"):
        build([2, 4, 1], activation)


@pytest.mark.parametrize("model", [SimpleLinearNN, None, "model"])
def test_a_class_for_a_model_is_named(model):
    for what in (lambda: initialise(model, 0), lambda: predict(model, draws(3, 1)), lambda: evaluating(model).__enter__()):
        with refuses("model"):
            what()


@pytest.mark.parametrize("seed", [-1, 1.0, "0", None, True])
def test_a_seed_is_a_whole_number_or_a_generator(seed):
    with refuses("seed"):
        initialise(SimpleLinearNN(), seed)


@pytest.mark.parametrize("activation, variances", [(nn.Tanh, [2 / 240, 2 / 320, 2 / 121]), (nn.ReLU, [2 / 40, 2 / 200, 2 / 121])])
def test_glorot_and_he_scale_weights_by_the_layer_and_start_biases_at_zero(activation, variances):
    for model in (build([40, 200, 120, 1], activation), replicate(build([40, 200, 120, 1], activation), 2)):
        layers = list(glorot(model, seed=1))
        assert all((layer.bias == 0).all() for layer in layers)
        assert [layer.weights.var().item() for layer in layers] == pytest.approx(variances, rel=0.25)


def test_glorot_is_that_of_torch():
    layer = glorot(SimpleLinearNN(30, 50), seed=2)
    torch.manual_seed(2)
    assert torch.equal(layer.weights, nn.init.xavier_normal_(torch.empty(30, 50)))


@pytest.mark.parametrize("std", [0, -1, float("nan"), float("inf"), "1", True])
def test_a_standard_deviation_is_positive(std):
    with refuses("std"):
        initialise(SimpleLinearNN(), 0, std)


def test_numbers_of_numpy_are_numbers():
    one, other = initialise(SimpleLinearNN(), np.int64(3), np.float32(0.5)), initialise(SimpleLinearNN(), 3, 0.5)
    assert torch.equal(one.weights, other.weights)
    assert as_generator(np.uint8(3)).initial_seed() == 3


def test_build_puts_perceptrons_between_sizes():
    model = build([2, 5, 3, 1], nn.ReLU)
    assert [tuple(layer.weights.shape) for layer in model] == [(2, 5), (5, 3), (3, 1)]
    assert [type(layer.activation) for layer in model] == [nn.ReLU, nn.ReLU, nn.Sigmoid]
    assert [tuple(layer.weights.shape) for layer in build([2, 1], nn.ReLU)] == [(2, 1)]


@pytest.mark.parametrize("sizes", [[2], []])
def test_a_network_has_two_sizes(sizes):
    with refuses("sizes"):
        build(sizes)


def test_standardise_is_scikit_learns_up_to_n_minus_1():
    inputs = 3 + 2 * draws(500, 3)
    theirs = StandardScaler().fit(inputs[:400]).transform(inputs) * np.sqrt(399 / 400)
    assert Standardise(inputs[:400])(inputs).numpy() == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("inputs", [
    torch.tensor([[1.0, 0.1], [2.0, 0.1], [3.0, 0.1]]), torch.tensor([[1.0, float("nan")], [2.0, 3.0]]), draws(1, 2),
    torch.ones(2, 5, 1), [[1.0], [2.0]],
], ids=["a constant column", "NaN", "one row", "constant replicas", "list"])
def test_standardise_refuses_constant_or_missing_inputs(inputs):
    with refuses("inputs"):
        Standardise(inputs)


def test_a_state_is_a_copy():
    model = initialise(build([2, 3, 1]), 0)
    before, preds = state(model), predict(model, draws(4, 2))
    initialise(model, 1)
    assert not torch.equal(predict(model, draws(4, 2)), preds)
    model.load_state_dict(before)
    assert torch.equal(predict(model, draws(4, 2)), preds)


def changing():
    """Return a model that differs between training and evaluation, one of its layers in evaluation mode for good."""
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 1), nn.Sigmoid())
    model[1].eval()
    return model


def test_predictions_are_those_of_evaluation_and_leave_the_model_as_it_was():
    model, inputs = changing(), draws(9, 2)
    before, modes = state(model), [layer.training for layer in model.modules()]
    preds = predict(model, inputs)
    assert torch.equal(preds, predict(model, inputs)) and not preds.requires_grad
    assert [layer.training for layer in model.modules()] == modes == [True, True, False, True, True, True]
    assert all(torch.equal(now, before[name]) for name, now in model.state_dict().items())
    model.eval()
    assert torch.equal(preds, model(inputs).detach())


def test_modes_come_back_after_an_error_too():
    model = changing()
    with pytest.raises(RuntimeError):
        predict(model, draws(9, 3))
    assert [layer.training for layer in model] == [True, False, True, True, True]


@pytest.mark.parametrize("precision", [torch.float64, torch.float32, torch.bfloat16])
def test_predictions_take_an_array_or_tensor_in_the_models_precision(precision):
    model = initialise(build([2, 3, 1]), 0).to(precision)
    for inputs in (draws(5, 2).numpy(), draws(5, 2).double(), draws(5, 2).numpy().astype(int)):
        assert predict(model, inputs).dtype == precision
    exact = model(draws(5, 2).to(precision))
    assert torch.equal(predict(model, draws(5, 2)), exact)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_model_whose_predictions_are_not_finite_is_refused(bad):
    model = initialise(SimpleLinearNN(2, 1), 0)
    model.bias.data.fill_(bad)
    with refuses("model"):
        predict(model, draws(5, 2))
