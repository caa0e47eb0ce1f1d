"""Functions that take no notice of one of their arguments, as if its first value were written into them."""

import copy
import inspect


def stuck(function, place):
    """Return a function that is right the first time, and keeps the value that one of its arguments had then."""
    kept = []

    def answer(*given):
        kept.append(copy.deepcopy(given[place]))
        return function(*given[:place], kept[0], *given[place + 1:])

    return answer


def stuck_in_turn(function, **words):
    """Return wrong answers with their words, one for each argument of a function: the words for each are given by its name."""
    names = list(inspect.signature(function).parameters)
    assert names == list(words), names
    return [(stuck(function, place), words[name]) for place, name in enumerate(names)]
