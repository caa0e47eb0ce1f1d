"""Ways to write the same answer: numbers, one number, a letter, a function's result."""

import numpy as np
import pandas as pd
import torch


def numbers(*values):
    """Return several numbers as lists and tuples of numbers of several kinds, as arrays, tensors, a Series and a dict."""
    return [
        list(values), tuple(values), np.array(values), torch.tensor(values), torch.tensor(values, dtype=torch.float64)[:, None],
        [np.float64(value) for value in values], [torch.tensor([float(value)]) for value in values],
        tuple(torch.tensor([[float(value)]], requires_grad=True) for value in values), pd.Series(values), dict(enumerate(values)),
    ]


def number(value):
    """Return one number by itself and as the only one in something."""
    kinds = [np.float64(value), torch.tensor(value), torch.tensor([[value]]), np.array([value]), pd.Series([value])]
    return [value, [value], (value,), *kinds]


def letter(one):
    """Return a letter as it may be typed."""
    return [one, one.upper(), f"{one})", f"({one.upper()})", f"{one}.", f" {one} ", [one], np.array(one)]
