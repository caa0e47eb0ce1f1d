"""Rewrites the data sets in this folder, byte for byte the same each time."""

from pathlib import Path

import numpy as np
import pandas as pd
from causaldata import cps_mixtape, nsw_mixtape
from statsmodels.datasets import anes96

HERE = Path(__file__).parent


def line():
    """Return 100 draws of y = 3.4 x + 1 + noise, with x uniform on (-5, 5) and the noise N(0, 1.3)."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-5, 5, 100)
    y = 3.4 * x + 1.0 + rng.normal(0, 1.3, 100)
    return pd.DataFrame({"x": x, "y": y})


def half_circles(upper, lower):
    """Return points at these angles on two interleaved half circles, the upper labelled 0 and the lower 1."""
    x1 = np.concatenate([np.cos(upper), 1 - np.cos(lower)])
    x2 = np.concatenate([np.sin(upper), 0.5 - np.sin(lower)])
    y = np.repeat([0, 1], [len(upper), len(lower)])
    return pd.DataFrame({"x1": x1, "x2": x2, "y": y})


def moons():
    """Return the lecture's 500 evenly spaced points, 450 to train and 50 to evaluate, and 100 new ones to test.

    Both labels are equally frequent in each part.
    """
    rng = np.random.default_rng(0)
    upper, lower = (rng.permutation(np.linspace(0, np.pi, 250)) for _ in range(2))
    train = half_circles(upper[:225], lower[:225]).iloc[rng.permutation(450)]
    evaluation = half_circles(upper[225:], lower[225:])
    test = half_circles(*rng.uniform(0, np.pi, (2, 50)))
    split = np.repeat(["train", "evaluation", "test"], [450, 50, 100])
    return pd.concat([train, evaluation, test]).assign(split=split)


def noisy_moons():
    """Return moons with noise N(0, 0.3) on both coordinates: 60 to train, 200 each to evaluate and to test."""
    rng = np.random.default_rng(1)
    points = half_circles(*rng.uniform(0, np.pi, (2, 230)))
    points[["x1", "x2"]] += rng.normal(0, 0.3, (460, 2))
    split = np.repeat(["train", "evaluation", "test"], [60, 200, 200])
    return points.iloc[rng.permutation(460)].assign(split=split)


def survey():
    """Return the American National Election Study of 1996 from statsmodels, split at random: 544 respondents to train, 200 each
    to evaluate and to test.
    """
    frame = anes96.load_pandas().data.drop(columns="logpopul").astype(int)
    split = np.repeat(["train", "evaluation", "test"], [544, 200, 200])
    return frame.assign(split=np.random.default_rng(0).permutation(split))


def training_programme():
    """Return LaLonde's experiment from causaldata, and after it, marked by `survey`, the one that he compared it with."""
    frames = [source.load_pandas().data.drop(columns="data_id") for source in (nsw_mixtape, cps_mixtape)]
    frame = pd.concat(frames, keys=[0, 1], names=["survey"]).reset_index("survey")
    return frame.round().astype(int)


def write(frame, name):
    """Write a data set with eight decimals and the same line endings on every system."""
    frame.to_csv(HERE / name, index=False, float_format="%.8f", lineterminator="\n")


if __name__ == "__main__":
    write(line(), "line.csv")
    write(moons(), "moons.csv")
    write(noisy_moons(), "noisy_moons.csv")
    write(survey(), "anes96.csv")
    write(training_programme(), "lalonde.csv")
