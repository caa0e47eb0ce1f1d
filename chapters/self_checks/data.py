"""The book's data as the self-checks read them, from the folder beside the chapters."""

from functools import cache
from pathlib import Path

import pandas as pd

from lib.data import splits

FOLDER = Path(__file__).parents[2] / "data"


@cache
def frame(name):
    """Return a data set by the name of its file, such as "moons"."""
    return pd.read_csv(FOLDER / f"{name}.csv")


@cache
def moons(part, name="moons"):
    """Return inputs and labels of one part of the moons, or of the noisy ones: train, evaluation or test."""
    return splits(frame(name), inputs=["x1", "x2"], labels=["y"])[part]
