"""Turns a seed into the random-number generators that torch needs."""

import torch

from lib import checks


def as_generator(seed):
    """Return a torch.Generator started at `seed`, a whole number of at least 0, or `seed` itself if it is one already."""
    if isinstance(seed, torch.Generator):
        return seed
    checks.whole_number("seed", seed, low=0)
    return torch.Generator().manual_seed(int(seed))


def generators(seed, replicas):
    """Return `replicas` independent generators drawn from `seed`: the first ones are the same however many there are."""
    checks.whole_number("replicas", replicas)
    children = torch.randint(2**63 - 1, (replicas,), generator=as_generator(seed))
    return [torch.Generator().manual_seed(child) for child in children.tolist()]
