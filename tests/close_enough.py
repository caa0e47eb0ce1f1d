"""When two outputs of a cell count as equal: the tolerances of the book, all in one place.

Trained models differ between processors in the last digits. Printed decimals may differ by one unit
in their last digit, figures by a thousandth of their largest value, whole percents by one; everything else,
text and structure alike, is compared exactly.
"""

import base64
import re

import numpy as np

FIGURE = "application/vnd.plotly.v1+json"
DECIMAL = re.compile(r"[-−+]?\d+\.\d*(?:e[-+]?\d+)?")
SHARE = 1e-3
PERCENT = 1


def same_text(one, other):
    """Return whether two texts are equal but for one unit in the last digit of their decimals."""
    if DECIMAL.split(one) != DECIMAL.split(other):
        return False
    return all(same_decimal(a, b) for a, b in zip(DECIMAL.findall(one), DECIMAL.findall(other)))


def same_decimal(one, other):
    """Return whether two printed decimals are at most one unit of the finer one's last digit apart."""
    unit = min(last_digit(one), last_digit(other))
    return abs(value(one) - value(other)) <= 1.001 * unit


def value(printed):
    """Return the number that a printed decimal stands for."""
    return float(printed.replace("−", "-"))


def last_digit(printed):
    """Return what one unit in the last digit of a printed decimal is worth."""
    mantissa, _, exponent = printed.partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def same_figure(one, other):
    """Return whether two parts of a plotly figure are equal but for the tolerances above."""
    if is_array(one) and is_array(other):
        return same_array(decode(one), decode(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_figure(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_figure, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return same_text(one, other)
    if isinstance(one, float) or isinstance(other, float):
        return same_array(np.array(one), np.array(other))
    return one == other


def is_array(part):
    """Return whether this is plotly's way of writing an array of numbers."""
    return isinstance(part, dict) and {"dtype", "bdata"} <= part.keys()


def decode(part):
    """Return the numbers of an array as plotly stores it."""
    flat = np.frombuffer(base64.b64decode(part["bdata"]), part["dtype"])
    return flat.reshape([int(n) for n in part["shape"].split(",")]) if "shape" in part else flat


def same_array(one, other):
    """Return whether two arrays are equal within the tolerances above."""
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return False
    if one.dtype.kind in "iu":  # a surface in whole percents
        return abs(one.astype(int) - other).max(initial=0) <= PERCENT
    reach = np.abs(one[np.isfinite(one)]).max(initial=0)
    return np.allclose(one, other, rtol=0, atol=SHARE * reach, equal_nan=True)


def settle(fresh, stored):
    """Give the fresh outputs of a cell the stored value wherever the two count as equal."""
    for new, old in zip(fresh, stored):
        if "text" in new and "text" in old and same_text(new["text"], old["text"]):
            new["text"] = old["text"]
        new_data, old_data = new.get("data", {}), old.get("data", {})
        for mime in new_data.keys() & old_data.keys():
            same = same_figure if mime == FIGURE else same_text
            if same(new_data[mime], old_data[mime]):
                new_data[mime] = old_data[mime]
