"""Compares an answer with the right one and with typical slips, and says in words what it found."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

EMPTY = "Nothing to check yet: put your answer in place of the dots."
OTHER = "Not yet, and this check cannot tell which step went wrong: go through the exercise once more, step by step."
ELSEWHERE = "Right for the first data tried, and wrong for others. Does your function use all of its arguments, and nothing else?"


UNNAMED = ("Expected", "Not yet")  # how words begin that name no slip, such as: as many numbers as on the page


class Misfit(Exception):
    """What a check raises if the reader's function has run, and returned what cannot be judged; it says what was expected."""


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
        return Verdict(False, f"Expected numbers, got {odd_one(answer)}.")
    if got.size == expected.size == 1 or (expected.ndim == 1 and got.squeeze().shape == expected.shape):
        got = got.reshape(expected.shape)  # a row or a column is a vector, too
    if got.shape != expected.shape:
        return Verdict(False, f"Expected {shape_of(expected)}, got {shape_of(got)}.")
    if close(got, expected, tolerance):
        return Verdict(True, praise)
    return Verdict(False, next((words for words, slip in slips.items() if close(got, slip, tolerance)), OTHER))


def judge_function(function, arguments, right, slips, praise="Right.", tolerance=0.005, others=()):
    """Return the verdict on a function, by what it returns for `arguments`, and then for `others`, a list of such lists.

    `right` and the values of `slips` are functions, too: the reference, and what is often written in its place.
    A function that takes no notice of an argument, or reads a variable of the page instead, is right for one list at most.
    """
    verdict = judge_call(function, arguments, right, slips, praise, tolerance)
    for before, given in zip([arguments, *others], others):
        if not verdict.right:
            break
        slips = {words: slip for words, slip in slips.items() if judge_call(slip, before, right, {}, "", tolerance).right}
        verdict = elsewhere(judge_call(function, given, right, slips, praise, tolerance))
    return verdict


def elsewhere(verdict):
    """Return the verdict for other data as it is to be said of an answer that was right for the first."""
    if not verdict.right and verdict.words.startswith(UNNAMED):
        return Verdict(False, ELSEWHERE)
    if "stopped with" in verdict.words:
        return Verdict(False, f"Right for the first data tried. For others, y{verdict.words[1:]}")  # from: Your function
    return verdict


def judge_call(function, arguments, right, slips, praise, tolerance):
    """Return the verdict on what a function returns for one list of arguments."""
    if function is ...:
        return Verdict(False, EMPTY)
    if not callable(function):
        return Verdict(False, f"Expected a function, got {type(function).__name__}: write its name without brackets.")
    try:
        answer = function(*fresh(arguments))
    except Misfit as error:
        return Verdict(False, str(error))
    except Exception as error:  # whatever the reader's code raises is for the reader to see
        return Verdict(False, f"Your function stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if answer is None or unanswered(answer):
        return Verdict(False, "Your function returns nothing yet: end it with return and your result.")
    return judge(answer, right(*fresh(arguments)),
                 {words: slip(*fresh(arguments)) for words, slip in slips.items()}, praise, tolerance)


def in_percent(share, words, answer, decimals=2):
    """Return the slips of giving a share in percent, whole or rounded to one or two decimals, for `judge`.

    words: what comes before "67 percent are 0.67"; answer: a function from the number that was given to the whole answer.
    """
    return {f"{words} {given:g} percent are {share:.{decimals}f}.": answer(given) for given in (round(100 * share, n) for n in range(3))}


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
    """Return whether the dots still stand, or nothing stands, where the answer or a part of it should be."""
    return answer is ... or answer is None or (isinstance(answer, (list, tuple)) and any(map(unanswered, answer)))


def as_numbers(values):
    """Return numbers of any kind as an array of 64-bit ones; in a list, a tensor or an array of one number is that number."""
    if isinstance(values, torch.Tensor):
        values = values.detach()
    elif isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, (list, tuple)):
        single = [isinstance(value, (torch.Tensor, np.ndarray)) and len(np.ravel(as_numbers(value))) == 1 for value in values]
        values = [as_numbers(value).reshape(()) if alone else as_numbers(value) for value, alone in zip(values, single)]
    return np.asarray(values, dtype=float)


def odd_one(answer):
    """Return in words what is no number in an answer: the first such part of a list, otherwise the answer's type."""
    if isinstance(answer, (list, tuple)):
        for value in answer:
            try:
                as_numbers(value)
            except (TypeError, ValueError, RuntimeError):
                return f"{value!r:.40}" if isinstance(value, str) else odd_one(value)
        return "parts of different shapes"
    return type(answer).__name__


def close(got, other, tolerance):
    """Return whether two answers have the same shape and equal numbers, within the tolerance."""
    other = as_numbers(other)
    return got.shape == other.shape and np.allclose(got, other, rtol=0, atol=tolerance)


def shape_of(values):
    """Return the shape of an answer in words."""
    return "one number" if values.ndim == 0 else f"numbers of shape {values.shape}"


def fresh(arguments):
    """Return copies of all arguments but generators, so that a function that changes them in place harms nobody."""
    return [value.detach().clone() if isinstance(value, torch.Tensor) else value if isinstance(value, torch.Generator)
            else copy.deepcopy(value) for value in arguments]
