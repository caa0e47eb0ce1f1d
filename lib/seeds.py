"""Turns what a reader calls a seed into the random-number generator that torch needs."""

import torch

from lib import checks


def as_generator(seed):
    """Return `seed` itself if it is a `torch.Generator`, else a new generator started at it.

    Raises ValueError unless `seed` is a whole number of at least 0 or a `torch.Generator`.
    """
    if isinstance(seed, torch.Generator):
        return seed
    whole = isinstance(seed, int) and not isinstance(seed, bool)
    checks.require(whole and seed >= 0, "seed", "a whole number or a torch.Generator", repr(seed))
    return torch.Generator().manual_seed(seed)
