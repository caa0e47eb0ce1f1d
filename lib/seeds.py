"""Turns what a reader calls a seed into the random-number generator that torch needs."""

import torch

from lib import checks


def as_generator(seed):
    """Return `seed` itself if it is a `torch.Generator`, else a new generator started at it.

    Raises ValueError unless `seed` is a whole number of at least 0 or a `torch.Generator`.
    """
    if isinstance(seed, torch.Generator):
        return seed
    checks.whole_number("seed", seed, 0)
    return torch.Generator().manual_seed(int(seed))
