"""Self-checks for the exercises on back-propagation."""

import copy

import numpy as np
import torch
from torch import nn

from lib.models import SimpleLinearNN, build, initialise
from self_checks.verdict import Verdict, as_numbers, close, elsewhere, fresh, judge, judge_function, unanswered

NAMES = ["weights1", "bias1", "weights2", "bias2"]


def four_gradients(answer):
    """By hand: the gradients with respect to w1, b1, w2 and b2 of a 1-1-1 network that predicts 6 where y is 4."""
    w1, b1, w2, b2 = parameters = torch.tensor([4.0, -3.0, 3.0, -9.0], requires_grad=True)
    x, y = 2.0, 4.0
    h = w1 * x + b1
    right, = torch.autograd.grad((y - (w2 * h + b2)) ** 2, parameters)
    upstream = right[3]
    return judge(answer, right, {
        "The sign is wrong: the prediction is too high, and each of these parameters raises it.": -right,
        "The factor 2 from the square is missing.": right / 2,
        "The gradients for the two weights have changed places.": right[[2, 1, 0, 3]],
        "These seem to be in the order of weights first. Expected w1, b1, w2, b2.": right[[0, 2, 1, 3]],
        "The first layer acts through h, and h counts w2 times in the prediction: that factor is missing.":
            torch.stack([upstream * x, upstream, upstream * h, upstream]),
        "On the way back through the second layer the factor is its weight, w2, not w1.":
            torch.stack([upstream * w1 * x, upstream * w1, upstream * h, upstream]),
        "The regressor of the second layer is h, not x.": torch.stack([upstream * w2 * x, upstream * w2, upstream * x, upstream]),
        "The last factor for w1 is missing: the derivative of h with respect to w1 is x.":
            torch.stack([upstream * w2, upstream * w2, upstream * h, upstream]),
    })


def two_ways(answer):
    """By hand: what two paths bring back to the input of a 1-2-1 network that predicts 3 where y is 1, and their sum."""
    upstream = 2 * (3 - 1)
    first, second = upstream * 2 * 3, upstream * 4 * -1
    return judge(answer, [first, second, first + second], {
        "The sign is wrong: the prediction is too high, so what lowers it lowers the loss.": [-first, -second, -first - second],
        "The factor 2 from the square is missing.": [first / 2, second / 2, (first + second) / 2],
        "These are the derivatives of the prediction. What comes from the loss is missing.":
            [first / upstream, second / upstream, (first + second) / upstream],
        "The second neuron falls as x grows: its path has a minus.": [first, -second, first - second],
        "Along a path derivatives multiply. Where paths meet, they add up.": [first, second, first * second],
        "Both paths are right. Where they meet, they add up; that one works against the other changes nothing.":
            [first, second, first - second],
        "Both paths are right. Their sum counts, not their mean.": [first, second, (first + second) / 2],
        "Each path has two edges below the prediction: the weight of the output neuron is missing.":
            [upstream * 3, upstream * -1, upstream * 3 - upstream],
        "Each path has two edges below the prediction: the weight of the hidden neuron is missing.":
            [upstream * 2, upstream * 4, upstream * 2 + upstream * 4],
    })


def forward_passes(answer):
    """Predict first: the forward passes that numerical differentiation of the 2-4-1 and the 2-8-1 network takes."""
    sizes = np.array([sum(values.numel() for values in build([2, width, 1]).parameters()) for width in (4, 8)])
    biases = np.array([4 + 1, 8 + 1])
    return judge(answer, sizes + 1, {
        "One more: each difference is taken from the loss before the step, and that takes a pass, too.": sizes,
        "That is two passes for each parameter. One loss before any step will do for all of them.": 2 * sizes,
        "The biases are parameters, too.": sizes - biases + 1,
        "The first is right. In the second, the biases are parameters, too.": [sizes[0] + 1, sizes[1] - biases[1] + 1],
        "Twice the hidden neurons are not quite twice the parameters: there is still one output, with one bias.":
            [sizes[0] + 1, 2 * sizes[0] + 1],
        "Do not double the passes, count again: there is one output, with one bias, and one pass before any step.":
            [sizes[0] + 1, 2 * (sizes[0] + 1)],
    }, tolerance=0.1)


def logit_between(answer):
    """The gradients of a 1-1-1 network with a sigmoid after its first layer."""
    def right(*values):
        w1, b1, w2, b2, x, y = (value.requires_grad_() for value in values)
        loss = (y - (w2 * torch.sigmoid(w1 * x + b1) + b2)) ** 2
        return list(torch.autograd.grad(loss, [w1, b1, w2, b2]))

    def with_factor(factor, on_weight=1, on_bias=1, early=0):
        def slip(w1, b1, w2, b2, x, y):
            h = torch.sigmoid(w1 * x + b1)
            error, local = -2 * (y - (w2 * h + b2)), factor(w1 * x + b1, h)
            top = error * local**early
            return [error * w2 * local**on_weight * x, error * w2 * local**on_bias, top * h, top]
        return slip

    factor = lambda z, h: h * (1 - h)
    sigmoid_of = lambda value: torch.sigmoid(value) * (1 - torch.sigmoid(value))
    return judge_function(answer, [torch.tensor(v) for v in (0.5, -0.4, 3.0, 1.0, 2.0, -1.0)], right, {
        "The chain from the loss to z is as if h were z itself. Which step lies between the two?": with_factor(factor, 0, 0),
        "The factor stands too early: what arrives at the second layer has not been through the sigmoid yet.":
            with_factor(factor, early=1),
        "The bias sits behind the sigmoid as well: the factor belongs in what both of them share.":
            with_factor(factor, on_bias=0),
        "The weight sits behind the sigmoid as well: the factor belongs in what both of them share.":
            with_factor(factor, on_weight=0),
        "h is the value of the sigmoid. The chain rule wants its slope.": with_factor(lambda z, h: h),
        "The slope is h (1 - h), with both factors.": with_factor(lambda z, h: 1 - h),
        "The slope is written in terms of h, the probability. Yours is in terms of z.": with_factor(lambda z, h: z * (1 - z)),
        "h has been through the sigmoid already: its slope is h (1 - h), with no further sigmoid.":
            with_factor(lambda z, h: sigmoid_of(h)),
    }, tolerance=1e-3, others=[[torch.tensor(v) for v in (-1.0, 0.3, 2.0, -0.5, 1.5, 0.7)]])


def way_back(answer):
    """The four gradients of the mean squared error of a linear 2-3-1 network, in the order of its parameters; then of another."""
    verdict = _way_back_of(answer, n=5, seed=1)
    return elsewhere(_way_back_of(answer, n=8, seed=2)) if verdict.right else verdict


def _way_back_of(answer, n, seed):
    """Return the verdict on the gradients for n observations and a network, both drawn."""
    network = initialise(nn.Sequential(SimpleLinearNN(2, 3), SimpleLinearNN(3, 1)), seed)
    inputs, labels = torch.randn(n, 3, generator=torch.Generator().manual_seed(seed)).split([2, 1], dim=1)
    nn.MSELoss()(network(inputs), labels).backward()
    right = {name: as_numbers(values.grad) for name, values in zip(NAMES, network.parameters())}
    got = _returned(answer, fresh([inputs, labels, *network.parameters()]), NAMES)
    if isinstance(got, Verdict):
        return got
    for (name, gradient), part in zip(right.items(), got):
        if part.shape != gradient.shape and (part.size != gradient.size or name.startswith("weights")):
            return Verdict(False, f"Expected the shape {gradient.shape} for the gradient of {name}, got {part.shape}.")
    got = [part.reshape(gradient.shape) for part, gradient in zip(got, right.values())]
    off = [name for name, part in zip(NAMES, got) if not close(part, right[name], 1e-4)]
    if not off:
        return Verdict(True, "Right: torch finds the same four gradients.")
    for words, slip in _slips_on_the_way(inputs, *right.values(), 2 * (network(inputs) - labels) / len(labels)).items():
        if all(close(part, other, 1e-4) for part, other in zip(got, slip)):
            return Verdict(False, words)
    return Verdict(False, f"Not yet: torch disagrees on {' and '.join(off)}. "
                          "Follow the way from the loss to there, factor by factor.")


def _slips_on_the_way(inputs, weights1, bias1, weights2, bias2, upstream):
    """Return the slips for way_back, given the right gradients and the one with respect to the predictions."""
    n, right = len(inputs), [weights1, bias1, weights2, bias2]
    unweighted = as_numbers(upstream).repeat(weights1.shape[1], axis=1)
    return {
        "All four point uphill: the predictions enter the error with a minus.": [-part for part in right],
        f"All four are {n} times too large: the loss is a mean over {n} observations.": [n * part for part in right],
        "All four are half of what they should be: the square has a factor 2.": [part / 2 for part in right],
        "The way back to the hidden layer leads through weights2: multiply by them.":
            [as_numbers(inputs).T @ unweighted, unweighted.sum(axis=0, keepdims=True), weights2, bias2],
        "For the biases, add up the observations. They have been divided by their number already.":
            [weights1, bias1 / n, weights2, bias2 / n],
    }


def collapse(answer):
    """The weights and bias of the one layer that does the same as a 2-4-1 network, and as a 2-3-4-1 network."""
    function = answer
    if callable(answer):
        def function(layers):
            result = answer(layers)
            return (result.weights, result.bias) if isinstance(result, SimpleLinearNN) else result
    for widths in ([4], [3, 4]):
        sizes = [2, *widths, 1]
        layers = initialise(nn.Sequential(*map(SimpleLinearNN, sizes, sizes[1:])), seed=1)
        got = _returned(function, [copy.deepcopy(layers)], ["weights", "bias"])
        if isinstance(got, Verdict):
            return got
        verdict = _same_layer(layers, *got)
        if not verdict.right:
            but = "" if len(widths) == 1 else "It works for two layers, but not yet for three. "
            return Verdict(False, but + verdict.words)
    return verdict


def _same_layer(layers, weights, bias):
    """Return the verdict on one layer that should predict what `layers` do."""
    origin, units = torch.zeros(1, 2), torch.eye(2)
    with torch.no_grad():
        right_bias = as_numbers(layers(origin))
        right = as_numbers(layers(units)) - right_bias
    if weights.shape != right.shape:
        return Verdict(False, f"Two inputs and one output: weights should have the shape {right.shape}, not {weights.shape}.")
    if not close(weights, right, 1e-4):
        return Verdict(False, "The weights are not those of the whole: multiply the matrices of all layers, first layer first.")
    if bias.size != 1:
        return Verdict(False, f"There is one output, so one bias, not {bias.size}: "
                              "a bias goes through the weights of all later layers.")
    if close(bias.reshape(1, 1), right_bias, 1e-4):
        return Verdict(True, "Right: one layer, the same predictions.")
    if close(bias.reshape(1, 1), layers[-1].bias, 1e-4):
        return Verdict(False, "Right weights. But the bias is only that of the last layer: "
                              "the earlier ones reach the prediction, too.")
    return Verdict(False, "Right weights. But a bias goes through the weights of all later layers, and each layer adds its own.")


def _returned(function, arguments, names):
    """Return what the reader's function returns as a list of arrays, one for each name, or the verdict on why not."""
    if not callable(function):
        return judge_function(function, [], None, {})
    try:
        result = function(*arguments)
    except Exception as error:  # whatever the reader's code raises is for the reader to see
        return Verdict(False, f"Your function stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if result is None or unanswered(result):
        return Verdict(False, "Your function returns nothing yet: end it with return and your results.")
    if isinstance(result, dict):
        result = list(result.values())
    if not isinstance(result, (list, tuple)) or len(result) != len(names):
        got = len(result) if isinstance(result, (list, tuple)) else f"one {type(result).__name__}"
        return Verdict(False, f"Expected {len(names)} results, {', '.join(names)}, and got {got}.")
    try:
        return [as_numbers(part) for part in result]
    except (TypeError, ValueError, RuntimeError):
        return Verdict(False, f"Expected numbers for {', '.join(names)}, and got something else among them.")
