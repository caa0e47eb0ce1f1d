"""Typical wrong answers to the exercises on back-propagation, with words of what their reader is told."""

import torch

from wrong_answers.stuck import stuck_in_turn


def _logit_between(factor, early=False, only_weight=False):
    """Return the gradients of the logit in the middle with `factor` in place of its slope."""
    def gradients(w1, b1, w2, b2, x, y):
        z = w1 * x + b1
        h = torch.sigmoid(z)
        upstream = -2 * (y - (w2 * h + b2)) * (factor(z, h) if early else 1)
        to_z = upstream * w2 * (1 if early else factor(z, h))
        return to_z * x, upstream * w2 if only_weight else to_z, upstream * h, upstream
    return gradients


def _way_back(sign=-1, factor=2, mean=True, through=True, bias=torch.sum, turn=False):
    """Return a way back through the 2-3-1 network with one thing done differently."""
    def gradients(inputs, labels, weights1, bias1, weights2, bias2):
        hidden = inputs @ weights1 + bias1
        above = sign * factor * (labels - hidden @ weights2 - bias2) / (len(labels) if mean else 1)
        to_hidden = above @ (weights2.T if through else torch.ones(1, 3))
        second = above.T @ hidden if turn else hidden.T @ above
        return inputs.T @ to_hidden, bias(to_hidden, dim=0), second, bias(above, dim=0)
    return gradients


def _collapse(step, layers_used=slice(1, None)):
    """Return a function that collapses layers, taking the bias from `step`(bias, layer)."""
    def collapse(layers):
        weights, bias = layers[0].weights, layers[0].bias
        for layer in layers[layers_used]:
            weights, bias = weights @ layer.weights, step(bias, layer)
        return weights, bias
    return collapse


WRONG = {
    "four_gradients": [
        ([-24, -12, -20, -4], "sign is wrong"), ([12, 6, 10, 2], "factor 2"), ([20, 12, 24, 4], "changed places"),
        ([24, 20, 12, 4], "Expected w1, b1, w2, b2"), ([8, 4, 20, 4], "counts w2 times"), ([32, 16, 20, 4], "not w1"),
        ([24, 12, 8, 4], "is h, not x"), ([12, 12, 20, 4], "last factor"), ([1, 2, 3, 4], "step by step"),
        ([24, 12, 20], "Expected numbers of shape (4,)"),
    ],
    "two_ways": [
        ([-24, 16, -8], "sign is wrong"), ([12, -8, 4], "factor 2"), ([6, -4, 2], "derivatives of the prediction"),
        ([24, 16, 40], "has a minus"), ([24, -16, -384], "add up"), ([24, -16, 40], "changes nothing"), ([24, -16, 4], "not their mean"),
        ([12, -4, 8], "output neuron is missing"), ([8, 16, 24], "hidden neuron is missing"), ([1, 2, 3], "step by step"),
        ([24, -16], "Expected numbers of shape (3,)"),
    ],
    "forward_passes": [
        ([17, 33], "before the step, and"), ([34, 66], "two passes for each"), ([13, 25], "biases are parameters"),
        ([18, 25], "first is right"), ([18, 35], "not quite twice"), ([18, 36], "Do not double"), ([3, 3], "step by step"),
    ],
    "logit_between": [
        (_logit_between(lambda z, h: 1), "as if h were z"), (_logit_between(lambda z, h: h * (1 - h), early=True), "too early"),
        (_logit_between(lambda z, h: h * (1 - h), only_weight=True), "bias sits behind"),
        (_logit_between(lambda z, h: h), "wants its slope"), (_logit_between(lambda z, h: 1 - h), "both factors"),
        (_logit_between(lambda z, h: z * (1 - z)), "in terms of z"),
        (_logit_between(lambda z, h: torch.sigmoid(h) * (1 - torch.sigmoid(h))), "already"),
        *stuck_in_turn(lambda w1, b1, w2, b2, x, y: _logit_between(lambda z, h: h * (1 - h))(w1, b1, w2, b2, x, y),
                       **dict.fromkeys(["w1", "b1", "w2", "b2", "x", "y"], "all of its arguments")),
    ],
    "way_back": [
        (_way_back(sign=1), "uphill"), (_way_back(mean=False), "5 times too large"), (_way_back(factor=1), "factor 2"),
        (_way_back(through=False), "leads through weights2"), (_way_back(bias=torch.mean), "add up the observations"),
        (_way_back(turn=True), "Expected the shape (3, 1) for the gradient of weights2, got (1, 3)"),
        (lambda *values: [1 + part for part in values[2:]], "torch disagrees on weights1 and bias1"),
        (lambda *values: values[:2], "Expected 4 results"), (lambda *values: None, "returns nothing"),
        (lambda inputs, labels: inputs, "TypeError"),
        *stuck_in_turn(_way_back(), inputs="stopped with RuntimeError", labels="stopped with RuntimeError",
                       **dict.fromkeys(["weights1", "bias1", "weights2", "bias2"], "all of its arguments")),
    ],
    "collapse": [
        (_collapse(lambda bias, layer: bias + layer.bias), "not 4: a bias goes through"),
        (_collapse(lambda bias, layer: layer.bias), "only that of the last"),
        (_collapse(lambda bias, layer: bias @ layer.weights), "each layer adds its own"),
        (_collapse(lambda bias, layer: bias @ layer.weights + layer.bias, slice(1, 2)), "not yet for three"),
        (lambda layers: layers[0].weights, "Expected 2 results"),
        (lambda layers: (sum(layer.weights.sum() for layer in layers), layers[-1].bias), "Two inputs and one output"),
        (lambda layers: (layers[0].weights.mean(dim=1, keepdim=True), layers[-1].bias), "not those of the whole"),
        (lambda layers: None, "returns nothing"), (lambda layers: layers, "got one Sequential"),
        (lambda layers: (layers[0], layers[1]), "something else among them"),
        *stuck_in_turn(_collapse(lambda bias, layer: bias @ layer.weights + layer.bias), layers="not yet for three"),
    ],
}
