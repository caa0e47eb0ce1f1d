"""Writes the data sets of this folder anew, byte for byte the same each time."""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def line():
    """Return 100 draws of y = 3.4 x + 1 + noise, with x uniform on (-5, 5) and the noise N(0, 1.3)."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-5, 5, 100)
    y = 3.4 * x + 1.0 + rng.normal(0, 1.3, 100)
    return pd.DataFrame({"x": x, "y": y})


def write(frame, name):
    """Write a data set with eight decimals and the same line ends on every system."""
    frame.to_csv(HERE / name, index=False, float_format="%.8f", lineterminator="\n")


if __name__ == "__main__":
    write(line(), "line.csv")
