"""Self-checks for the exercises on activation functions, their slopes and dead neurons."""

import inspect

import torch
from torch import nn

from lib.models import Perceptron
from self_checks.data import moons
from self_checks.models import as_in
from self_checks.verdict import EMPTY, Verdict, judge, judge_function, no_model

Z = torch.tensor([[-4.0, -1.5, -0.5], [0.25, 2.0, 3.0]])


def five_sigmoids(answer):
    """By hand: the largest slope of the sigmoid, and by what five of these divide a gradient."""
    z = torch.linspace(-6, 6, 121, dtype=torch.float64, requires_grad=True)
    slope, = torch.autograd.grad(torch.sigmoid(z).sum(), z)
    largest = slope.max()
    return judge(answer, [largest, largest**-5], {
        "The five slopes are multiplied with one another, not added up.": [largest, 5 / largest],
        "The second number is what is left of the gradient. By how much has it been divided?": [largest, largest**5],
        "That is the price of one sigmoid. The gradient passes through five.": [largest, 1 / largest],
        "That is one sigmoid too many: six layers of weights have five sigmoids between them.": [largest, largest**-6],
        "At zero, one half is the height of the sigmoid. Its slope is the height times one minus the height.":
            [0.5, 32],
        "A slope of 1 is that of tanh or of the ReLU. The sigmoid is flatter: look at its dashed line.": [1, 1],
    })


def left_of_the_kink(answer):
    """By hand: the gradient for a weighted sum of -2 behind a ReLU and a leaky one, with an upstream gradient of 5."""
    right = []
    for activation in (nn.ReLU(), nn.LeakyReLU(0.1)):
        z = torch.tensor(-2.0, requires_grad=True)
        right += torch.autograd.grad(5 * activation(z), z)
    return judge(answer, right, {
        "These are the slopes. The chain rule multiplies each with what arrives from the loss.": [0, 0.1],
        "These are the outputs at -2. On the way back it is the slope there that counts.": [0, -0.2],
        "The output at -2 got in. What arrives from the loss is multiplied by the slope, not by the output.": [0, -1],
        "That is the other side of the kink, where both have a slope of 1. Here the weighted sum is negative.": [5, 5],
        "The right way round? The ReLU is the one that lets nothing through.": right[::-1],
        "A negative weighted sum does not turn the slope's sign: the leaky ReLU rises everywhere.": [0, -0.5],
    })


def back_to_life(network):
    """The network 2-2-1 with both hidden neurons dead, trained with a leaky ReLU in their place."""
    if words := no_model(network):
        return Verdict(False, words)
    if [tuple(weights.shape) for weights in network.parameters()] != [(2, 2), (1, 2), (2, 1), (1, 1)]:
        return Verdict(False, "Expected a network 2-2-1: leave its sizes as they are, only the activation changes.")
    try:
        left = network[0].activation(torch.tensor([-2.0, -1.0, 1.0])).tolist()
        inputs, labels = (as_in(network, part) for part in moons("train"))
        loss = nn.BCELoss()(network(inputs).detach(), labels)
    except Exception as error:  # whatever the reader's network raises is for the reader to see
        return Verdict(False, f"Your network stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if left[1] == 0:
        return Verdict(False, "Left of zero, the slope is still zero: no gradient reaches a neuron that is dead.")
    if not -1 < left[1] < 0 or abs(left[0] - 2 * left[1]) > 1e-6 or left[2] != 1:
        return Verdict(False, "This activation revives the neurons, too, but it is not the leaky ReLU.")
    ignorant = nn.BCELoss()(labels.mean().expand_as(labels), labels)
    if loss > 0.75 * ignorant:
        return Verdict(False, "The activation is right, but the network has hardly learned: leave the other lines as "
                              "they were, and run the whole cell.")
    return Verdict(True, "Right: the same start, and now the network learns.")


def who_is_dead(answer):
    """Which of six ReLUs output zero for all of five inputs."""
    layer = _relus([1.0, -1.0, 1.0, 1.0, 0.0, -1.0], [0.0, 0.0, 5.0, -3.0, -1.0, -1.5])
    inputs = torch.tensor([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
    others = [[_relus([1.0, -1.0, -1.0, 0.0], [-1.0, 0.0, 2.0, 1.0]), torch.tensor([[0.5], [1.5], [4.0]])]]

    def right(layer, inputs):
        return layer(inputs).amax(dim=0) <= 0

    return judge_function(answer, [layer, inputs], right, {
        "A neuron is dead if it outputs zero for all inputs; yours calls it dead if it does so for any.":
            lambda layer, inputs: (layer(inputs) == 0).any(dim=0),
        "The other way round: true is for the dead, and these are the living.": lambda *given: ~right(*given),
        "These are the neurons that are never zero. Dead are those that are always zero.":
            lambda layer, inputs: (layer(inputs) > 0).all(dim=0),
        "Yours finds nobody dead. A ReLU's output is never below zero; a dead one's equals zero.":
            lambda layer, inputs: torch.zeros(layer.bias.numel()),
    }, others=others)


def _relus(weights, bias):
    """Return a layer of ReLUs with one input, and these weights and biases, a list each."""
    layer = Perceptron(1, len(bias), nn.ReLU)
    layer.weights, layer.bias = (nn.Parameter(torch.tensor([values])) for values in (weights, bias))
    return layer


def softsign(answer):
    """The activation z / (1 + |z|), written as a class: its values and its gradient."""
    words = _no_activation_class(answer)
    if words:
        return Verdict(False, words)
    z = Z.clone().requires_grad_()
    try:
        outputs = answer()(z)
    except Exception as error:  # whatever the reader's code raises is for the reader to see
        return Verdict(False, f"Your class stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if outputs is None or outputs is ...:
        return Verdict(False, "Your forward returns nothing yet: end it with return and the result.")
    if not isinstance(outputs, torch.Tensor):
        return Verdict(False, f"Expected a tensor from your forward, got {type(outputs).__name__}: only tensors note "
                              "how they were computed.")
    values = judge(outputs, Z / (1 + Z.abs()), {
        "The absolute value is missing in the denominator: yours breaks down at -1.": Z / (1 + Z),
        "The numerator is z itself, with its sign. The absolute value belongs in the denominator only.":
            Z.abs() / (1 + Z.abs()),
        "Parentheses are missing: yours divides z by 1, and then adds |z|.": Z / 1 + Z.abs(),
        "That is the square of z in the denominator, where its absolute value should be.": Z / (1 + Z**2),
    })
    return _gradient_through(outputs, z) if values.right else values


def _no_activation_class(answer):
    """Return what is wrong with something that is no class of activations, else an empty text."""
    if answer is ...:
        return EMPTY
    if isinstance(answer, nn.Module):
        return "This is an instance. Hand over the class, without parentheses: the layer makes its own instance."
    if not inspect.isclass(answer):
        return f"Expected a class, got {type(answer).__name__}."
    if not issubclass(answer, nn.Module):
        return f"The class has to be an nn.Module: begin it with class {answer.__name__}(nn.Module)."
    if answer.__module__.startswith("torch."):
        return "This is a class of torch's own. Here you are asked to write one."
    return ""


def _gradient_through(outputs, z):
    """Return the verdict on the gradient of right outputs for the weighted sums z."""
    if not outputs.requires_grad:
        return Verdict(False, "The values are right, but no gradient finds its way back. What cuts it off: .detach(), "
                              ".item(), torch.tensor() or torch.no_grad()?")
    try:
        gradient, = torch.autograd.grad(outputs.sum(), z)
    except RuntimeError as error:
        return Verdict(False, f"The values are right, but the way back stopped with RuntimeError: {str(error).rstrip('.')}.")
    if not torch.allclose(gradient, (1 + Z.abs()) ** -2, atol=1e-4):
        return Verdict(False, "The values are right, but the gradient is not: a part of the formula was taken out of "
                              "the chain, as .detach() or .item() would do.")
    return Verdict(True, "Right, the values and the gradient. Perceptron(2, 4, Softsign) would take it.")
