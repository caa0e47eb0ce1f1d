"""Typical wrong answers to the exercises on networks built by hand, with words of what their reader is told."""

import torch
from torch import relu

from self_checks.motivation import X  # as it stands on the reader's page
from wrong_answers.stuck import stuck_in_turn

WRONG = {
    "words": [
        ("cdea", "left over"), ("dcba", "Number 1"), ("cbda", "Number 2"), ("cdab", "Number 3"), ("cdbc", "Number 4"),
        ("abc", "four of the letters"), (["a", "b", "c", ...], "in place of the dots"),
    ],
    "lopsided": [
        ([2, 6, 0], "equal arms"), ([2, 6, 2], "with a minus"), ([2, 6, 3], "right one"), ([2, 6, -1], "left one"),
        ([-2, 6, 1], "distance is positive"), ([-4, 6, 1], "adds 0, not -6"), ([2, 4, 1], "adds 0, not -2"),
        ([6, 2, 1], "mixed up"), ([2, 6], "Expected numbers of shape (3,)"), ([2, ..., 1], "in place of the dots"),
        ([2, 6, None], "in place of the dots"),
    ],
    "tip": [
        (lambda x: 2 * (X - 1).abs(), "all of its arguments"),
        (lambda x: 2 * relu(-x) + 2 * relu(x), "still at 0"),
        (lambda x: 2 * relu(-x - 1) + 2 * relu(x + 1), "went to -1"),
        (lambda x: 2 * relu(-x) + 2 * relu(x - 1), "flat piece"),
        (lambda x: 2 * relu(1 - x) + 2 * relu(x), "between 0 and 1"),
        (lambda x: 2 * relu(-x - 1) + 2 * relu(x - 1), "moved apart"),
        (lambda x: 2 * relu(1 - x) + 2 * relu(x + 1), "between -1 and 1"),
        (lambda x: 2 * relu(1 - x) + 2 * (relu(x) - 1), "flat piece"),
        (lambda x: 2 * relu(-x) + 2 * relu(x) + 1, "lifts the V by 1"),
        (lambda x: 2 * (relu(-x) + 1 + relu(x)), "lifts the V by 2"),
        (lambda x: 2 * (relu(-x) + 1) + 2 * (relu(x) + 1), "lifts the V by 4"),
        (torch.tensor(1.0), "Expected a function"),
        *stuck_in_turn(lambda x: 2 * (x - 1).abs(), x="all of its arguments"),
    ],
    "hat": [
        (lambda x: (2 - X.abs()).clamp(min=0), "all of its arguments"),
        (lambda x: relu(x + 2) - relu(x), "does not fall"),
        (lambda x: relu(x + 2) - 2 * relu(x), "for ever"),
        (lambda x: 2 - relu(x) - relu(-x), "below zero"),
        (lambda x: (relu(x + 2) - 2 * relu(x) + relu(x - 2)) / 2, "height"),
        (lambda x: relu(x + 2) - relu(x) - relu(x - 2), "too late"),
        (lambda x: relu(x - 2) + relu(-x - 2), "upside down"),
        (lambda x: relu(x + 2) + relu(x) + relu(x - 2), "coefficients"),
        (lambda x: max(0, 2 - abs(x)), "RuntimeError"),
        (lambda x: None, "returns nothing"),
        *stuck_in_turn(lambda x: (2 - x.abs()).clamp(min=0), x="all of its arguments"),
    ],
    "nested": [
        (lambda x: torch.minimum((X - 2).abs(), (X + 2).abs()), "all of its arguments"),
        (lambda x: relu(x - 2) + relu(2 - x), "v, not x"),
        (lambda x: relu(x.abs() - 2), "Between the parties"),
        (lambda x: relu(2 - x.abs()), "Beyond the parties"),
        (lambda x: relu(x.abs()) + relu(-x.abs()), "first layer once more"),
        (lambda x: x.abs() - 2, "below zero"), (lambda x: relu(x.abs() - 2) - relu(2 - x.abs()), "and add them"),
        (lambda x: relu(x.abs() + 2) + relu(-2 - x.abs()), "not at v = 2"),
        (lambda x: ..., "returns nothing"),
        *stuck_in_turn(lambda x: (x.abs() - 2).abs(), x="all of its arguments"),
    ],
}
