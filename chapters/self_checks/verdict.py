"""Compares an answer with the right one and with typical slips, and says in words what it found."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

EMPTY = "Nothing to check yet: put your answer in place of the dots."
OTHER = "Not yet, and it is not one of the usual slips: go through the exercise once more, step by step."


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a self-check found: whether the answer is right, and the words for the reader."""

    right: bool
    words: str

    def __repr__(self):
        return ("✓ " if self.right else "✗ ") + self.words


def judge(answer, right, slips, praise="Right.", tolerance=0.005):
    """Return the verdict on a number, or on several in a list, an array or a tensor.

    `right` is what the answer must equal within `tolerance`; `slips` is a dict from words that
    say what went wrong to the answer that one gets by doing so.
    """
    if unanswered(answer):
        return Verdict(False, EMPTY)
    try:
        got, expected = as_numbers(answer), as_numbers(right)
    except (TypeError, ValueError, RuntimeError):
        return Verdict(False, f"Expected numbers, got {type(answer).__name__}.")
    if got.shape != expected.shape:
        return Verdict(False, f"Expected {shape_of(expected)}, got {shape_of(got)}.")
    if close(got, expected, tolerance):
        return Verdict(True, praise)
    return Verdict(False, next((words for words, slip in slips.items() if close(got, slip, tolerance)), OTHER))


def judge_function(function, arguments, right, slips, praise="Right.", tolerance=0.005):
    """Return the verdict on a function, by what it returns for `arguments`.

    `right` and the values of `slips` are functions, too: the reference, and what is often written in its place.
    """
    if function is ...:
        return Verdict(False, EMPTY)
    if not callable(function):
        return Verdict(False, f"Expected a function, got {type(function).__name__}: write its name without brackets.")
    try:
        answer = function(*fresh(arguments))
    except Exception as error:  # whatever the reader's code raises is for the reader to see
        return Verdict(False, f"Your function stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if answer is None or unanswered(answer):
        return Verdict(False, "Your function returns nothing yet: end it with return and your result.")
    return judge(answer, right(*fresh(arguments)),
                 {words: slip(*fresh(arguments)) for words, slip in slips.items()}, praise, tolerance)


def judge_choice(answer, right, said):
    """Return the verdict on a choice such as "a"; `said` is a dict from each choice to what is to be said of it."""
    if answer is ...:
        return Verdict(False, EMPTY)
    letter = "".join(filter(str.isalpha, str(answer).lower()))  # "B" and "b)" are fine, too
    if letter not in said:
        return Verdict(False, f"Expected one of {', '.join(map(repr, said))}, got {answer!r}.")
    return Verdict(letter == right, said[letter])


def no_model(answer):
    """Return what is wrong with an answer that is no model, else an empty text."""
    if answer is ...:
        return EMPTY
    if not isinstance(answer, nn.Module):
        return f"Expected the trained model itself, got {type(answer).__name__}."
    return ""


def unanswered(answer):
    """Return whether the dots still stand where the answer, or a part of it, should be."""
    return answer is ... or (isinstance(answer, (list, tuple)) and any(map(unanswered, answer)))


def as_numbers(values):
    """Return numbers of any kind as an array of 64-bit ones."""
    if isinstance(values, torch.Tensor):
        values = values.detach()
    elif isinstance(values, (list, tuple)):
        values = [as_numbers(value) for value in values]
    return np.asarray(values, dtype=float)


def close(got, other, tolerance):
    """Return whether two answers have the same shape and equal numbers, within the tolerance."""
    other = as_numbers(other)
    return got.shape == other.shape and np.allclose(got, other, rtol=0, atol=tolerance)


def shape_of(values):
    """Return the shape of an answer in words."""
    return "one number" if values.ndim == 0 else f"numbers of shape {values.shape}"


def fresh(arguments):
    """Return copies of all tensors, so that a function that changes them harms nobody."""
    return [value.detach().clone() if isinstance(value, torch.Tensor) else value for value in arguments]
