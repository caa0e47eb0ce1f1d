"""Self-checks for the exercises on networks that are built by hand."""

import numpy as np
import torch
from torch import relu

from self_checks.verdict import EMPTY, Verdict, judge, judge_function, unanswered

X = torch.linspace(-5, 5, 101)
WORDS = {
    "c": "Number 1 is something else: a weight is estimated, as a coefficient is.",
    "d": "Number 2 is something else: the loss says how wrong the model is, and is to be made small.",
    "b": "Number 3 is something else: what do you do with a model and data?",
    "a": "Number 4 is something else: a neuron is a linear predictor that is cut off below zero, so it has a knot.",
}


def words(answer):
    """Predict first: which words of deep learning and of statistics belong together."""
    if unanswered(answer):
        return Verdict(False, EMPTY)
    text = "".join(map(str, answer)) if isinstance(answer, (list, tuple)) else str(answer)
    letters = "".join(filter(str.isalpha, text.lower()))
    if len(letters) != len(WORDS) or set(letters) - set("abcde"):
        return Verdict(False, f'Expected four of the letters a to e, such as "abcd", got {answer!r}.')
    if "e" in letters:
        return Verdict(False, "The standard error is the one left over: nothing in this network says how uncertain it is.")
    wrong = [said for letter, (right, said) in zip(letters, WORDS.items()) if letter != right]
    return Verdict(not wrong, wrong[0] if wrong else "Right: most of it you knew under another name.")


def lopsided(answer):
    """Predict first: the V with arms of the slopes -1 and 3, at -2 and at 2, and its OLS slope."""
    def network(x):
        return relu(-x) + 3 * relu(x)

    outputs = network(torch.tensor([-2.0, 2.0]))
    slope, _ = np.polyfit(X, network(X), deg=1)
    if isinstance(answer, (list, tuple)) and len(answer) == 3 and not unanswered(answer):
        first = judge(answer[:2], outputs, {
            "At -2 the left neuron counts a distance, and a distance is positive.": [-2, 6],
            "At -2 the right neuron is cut off: it adds 0, not -6.": [-4, 6],
            "At 2 the left neuron is cut off: it adds 0, not -2.": [2, 4],
            "Left and right are mixed up: -2 lies to the left.": outputs.flip(0),
        }, praise="")
        if not first.right:
            return first
    return judge(answer, [*outputs, slope], {
        "The outputs are right. The slope was zero for equal arms; these are not.": [*outputs, 0],
        "The outputs are right. For the slope, the left arm falls: it counts with a minus.": [*outputs, 2],
        "The outputs are right. The slope is a compromise between both arms, not that of the right one.": [*outputs, 3],
        "The outputs are right. The slope is a compromise between both arms, not that of the left one.": [*outputs, -1],
    })


def _judge_curve(answer, right, slips):
    """Return the verdict on a curve, on the page's grid and on another of another length."""
    return judge_function(answer, [X], right, slips, others=[[torch.linspace(-3.3, 3.1, 41)]])


def tip(answer):
    """The V with its tip at 1."""
    return _judge_curve(answer, lambda x: 2 * (x - 1).abs(), {
        "The tip is still at 0: shift what is inside both ReLUs.": lambda x: 2 * x.abs(),
        "The tip went to -1. What is inside a ReLU must be zero at 1.": lambda x: 2 * (x + 1).abs(),
        "There is a flat piece between 0 and 1: inside both ReLUs must be zero at 1.": lambda x: 2 * relu(-x) + 2 * relu(x - 1),
        "Only the left neuron moved, and the two overlap between 0 and 1.": lambda x: 2 * relu(1 - x) + 2 * relu(x),
        "The neurons moved apart: -x - 1 is zero at -1. The left one must be zero at 1, too.":
            lambda x: 2 * relu(-x - 1) + 2 * relu(x - 1),
        "The two overlap between -1 and 1: the right neuron, too, must be zero at 1.":
            lambda x: 2 * relu(1 - x) + 2 * relu(x + 1),
        **{f"That lifts the V by {lift} and leaves its tip at 0. The 1 belongs inside the ReLU.":
            lambda x, lift=lift: 2 * x.abs() + lift for lift in (1, 2, 4)},
    })


def hat(answer):
    """Zero, then up from -2 to a height of 2 at 0, down to 2, and zero again."""
    return _judge_curve(answer, lambda x: (2 - x.abs()).clamp(min=0), {
        "It rises, but does not fall after 0. One neuron stops the rise; you need as much again to turn it.":
            lambda x: relu(x + 2) - relu(x),
        "Right up to 2, but then it falls for ever: one more neuron has to stop it.": lambda x: relu(x + 2) - 2 * relu(x),
        "Right between -2 and 2, but beyond the hat goes below zero.": lambda x: 2 - x.abs(),
        "A hat, but not of height 2: count how far one step to the side brings you down.":
            lambda x: (2 - x.abs()).clamp(min=0) / 2,
        "It stays at 2 from 0 to 2 and falls too late: the slope has to change from 1 to -1 at 0.":
            lambda x: relu(x + 2) - relu(x) - relu(x - 2),
        "That is a V cut off in the middle, the hat upside down.": lambda x: relu(x - 2) + relu(-x - 2),
        "The knots are right, but their coefficients are not: each is how much the slope changes there.":
            lambda x: relu(x + 2) + relu(x) + relu(x - 2),
    })


def nested(answer):
    """The distance to the nearer one of -2 and 2."""
    return _judge_curve(answer, lambda x: torch.minimum((x - 2).abs(), (x + 2).abs()), {
        "Only the party at 2 is seen. The second layer takes v, not x.": lambda x: (x - 2).abs(),
        "Between the parties your network is zero. A second neuron has to be on where v is below 2.":
            lambda x: relu(x.abs() - 2),
        "Beyond the parties your network is zero. A second neuron has to be on where v is above 2.":
            lambda x: relu(2 - x.abs()),
        "This is the first layer once more. What does v have to be compared with?": lambda x: x.abs(),
        "This goes below zero, which no distance does: take two neurons, one for each side of v = 2, and add them.":
            lambda x: x.abs() - 2,
        "The knots of the second layer are not at v = 2: what is inside has to be zero there.": lambda x: x.abs() + 2,
    })
