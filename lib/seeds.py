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


def generators(seed, replicas):
    """Return a list of `replicas` generators that are independent of one another, all drawn from `seed`.

    The first ones are the same however many there are. Raises ValueError for a bad seed or number.
    """
    checks.positive_integer("replicas", replicas)
    children = torch.randint(2**63 - 1, (replicas,), generator=as_generator(seed))
    return [torch.Generator().manual_seed(child) for child in children.tolist()]
