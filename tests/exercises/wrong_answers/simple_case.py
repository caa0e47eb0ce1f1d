"""Typical wrong answers to the exercises on one observation, with words of what their reader is told."""

import torch

from wrong_answers.stuck import stuck_in_turn

WRONG = {
    "prediction_and_loss": [
        ([2, 3], "is the error"), ([9, 2], "comes first"), ([3, 4], "left out"), ([4, 1], "not 1"), ([2.0, 8.0], "step by step"),
        (None, "Nothing to check yet"),
    ],
    "direction": [("a", "uphill"), ("c", "own gradient"), ("d", "does not matter"), ("e", "Expected one of")],
    "absolute_gradient": [
        (lambda w, b, x, y: (-2 * (y - w * x - b) * x, -2 * (y - w * x - b)), "squared error"),
        (lambda w, b, x, y: (torch.sign(y - w * x - b) * x, torch.sign(y - w * x - b)), "minus sign"),
        (lambda w, b, x, y: -torch.sign(y - w * x - b), "Expected numbers of shape (2,)"),
        (lambda w, b, x, y: (-x, -1), "Below it the error is negative"),
        (lambda w, b, x, y: (-torch.sign(y - w * x - b) * x, -1), "That with respect to the bias"),
        (lambda w, b, x, y: (-torch.sign(y - w * x) * x, -torch.sign(y - w * x)), "bias is missing from the error"),
        *stuck_in_turn(lambda w, b, x, y: [-torch.sign(y - (w * x + b)) * x, -torch.sign(y - (w * x + b))],
                       w="all of its arguments", b="all of its arguments", x="all of its arguments", y="Right where the observation"),
    ],
    "one_step": [
        (lambda w, b, x, y, rate: (w - rate * 2 * (y - w * x - b) * x, b - rate * 2 * (y - w * x - b)), "uphill"),
        (lambda w, b, x, y, rate: (2 * rate * (y - w * x - b) * x, 2 * rate * (y - w * x - b)), "the step itself"),
        (lambda w, b, x, y, rate: (w + 2 * rate * (y - w * x) * x, b + 2 * rate * (y - w * x)), "bias is missing"),
        (lambda w, b, x, y, rate: (w + 2 * rate * (y - b * x - w) * x, b + 2 * rate * (y - b * x - w)), "changed places"),
        (lambda w, b, x, y, rate: (2 * rate * y * x, 2 * rate * y), "start from 0"),
        (lambda w, b, x, y, rate: (w, b), "step by step"),
        (lambda w, b, x, y, rate: (w + rate * (y - w * x - b) * x, b + rate * (y - w * x - b)), "a factor 2"),
        (lambda w, b, x, y, rate: (w + 2 * rate * (y - w * x - b), b + 2 * rate * (y - w * x - b)), "one more factor"),
        (lambda w, b, x, y, rate: (w + 2 * (y - w * x - b) * x, b + 2 * (y - w * x - b)), "rate is left out"),
        (lambda w, b, x, y, rate: (w + 0.2 * (y - w * x - b) * x, b + 0.2 * (y - w * x - b)), "all of its arguments"),
        (lambda w, b, x, y, rate: (w + 4 * rate * (y - w * x - b), b + 2 * rate * (y - w * x - b)), "all of its arguments"),
        (lambda w, b, x, y, rate: (w + 2 * rate * (5 - w * x - b) * x, b + 2 * rate * (5 - w * x - b)), "all of its arguments"),
        (lambda w, b, x, y, rate: (0.5 + 2 * rate * (y - 0.5 * x - b) * x, b + 2 * rate * (y - 0.5 * x - b)), "all of its arguments"),
        (lambda w, b, x, y, rate: (w + 2 * rate * (y - w * x - 1) * x, 1 + 2 * rate * (y - w * x - 1)), "all of its arguments"),
        (lambda *whatever: (1.7, 1.6), "all of its arguments"),
        (lambda w, b, x, y, rate: None, "returns nothing"),
        (lambda w, b, x, y: (w, b), "TypeError"),
        *stuck_in_turn(lambda w, b, x, y, learning_rate: (w + 2 * learning_rate * (y - w * x - b) * x,
                                                          b + 2 * learning_rate * (y - w * x - b)),
                       **dict.fromkeys(["w", "b", "x", "y", "learning_rate"], "all of its arguments")),
    ],
}
