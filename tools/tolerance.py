"""Compares outputs of cells: how much they differ, and whether they count as equal. All tolerances of the book are here.

Trained models differ between processors in the last digits, so numbers may differ a little. Everything else, such as text and
structure, is compared exactly.
"""

import base64
import re

import numpy as np

# Units: of the last digit for printed decimals, percent of an array's largest value for figures, and steps for surfaces, which are
# stored as whole numbers.
ALLOWED = {"decimals": 1, "figures": 0.1, "surfaces": 1}
DECIMAL = re.compile(r"[-−+]?\d+\.\d*(?:e[-+]?\d+)?")


def same(one, other):
    """Return whether two outputs, or parts of them, count as equal."""
    try:
        return all(size <= ALLOWED[kind] for kind, size in differences(one, other))
    except ValueError:
        return False


def differences(one, other):
    """Yield (kind, size) for each pair of numbers or arrays; raise ValueError if anything else differs."""
    if is_array(one) and is_array(other):
        yield of_arrays(decode(one), decode(other))
    elif isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for pair in zip(one, other):
            yield from differences(*pair)
    elif isinstance(one, str) and isinstance(other, str) and DECIMAL.split(one) == DECIMAL.split(other):
        for pair in zip(DECIMAL.findall(one), DECIMAL.findall(other)):
            yield "decimals", of_decimals(*pair)
    elif isinstance(one, float) or isinstance(other, float):
        yield of_arrays(np.array(one), np.array(other))
    elif one != other:
        raise ValueError(f"{str(one)[:200]} is not {str(other)[:200]}")


def of_decimals(one, other):
    """Return the difference of two printed decimals, in units of the last digit of the more precise one."""
    return round(abs(value(one) - value(other)) / min(last_digit(one), last_digit(other)))


def value(printed):
    """Return a printed decimal as a number."""
    return float(printed.replace("−", "-"))


def last_digit(printed):
    """Return the value of one unit in the last digit of a printed decimal."""
    mantissa, _, exponent = printed.partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def is_array(part):
    """Return whether this is an array of numbers as plotly stores it."""
    return isinstance(part, dict) and {"dtype", "bdata"} <= part.keys()


def decode(part):
    """Return the numbers of an array that plotly has stored."""
    flat = np.frombuffer(base64.b64decode(part["bdata"]), part["dtype"])
    return flat.reshape([int(n) for n in part["shape"].split(",")]) if "shape" in part else flat


def of_arrays(one, other):
    """Return the kind of two arrays, figures or surfaces, and their largest difference."""
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        raise ValueError(f"{one.dtype} of shape {one.shape} is not {other.dtype} of shape {other.shape}")
    if one.dtype.kind in "iu":
        return "surfaces", int(abs(one.astype(int) - other).max(initial=0))
    finite = np.isfinite(one)
    if not np.array_equal(np.where(finite, 0, one), np.where(np.isfinite(other), 0, other), equal_nan=True):
        raise ValueError("NaN or infinite numbers are not in the same places")
    most, reach = float(np.abs(one[finite] - other[finite]).max(initial=0)), float(np.abs(one[finite]).max(initial=0))
    return "figures", 100 * most / (reach or most or 1)


def settle(fresh, stored):
    """Replace fresh outputs of a cell by the stored ones if the two count as equal."""
    for new, old in zip(fresh, stored):
        if "text" in new and "text" in old and same(new["text"], old["text"]):
            new["text"] = old["text"]
        new_data, old_data = new.get("data", {}), old.get("data", {})
        for mime in new_data.keys() & old_data.keys():
            if same(new_data[mime], old_data[mime]):
                new_data[mime] = old_data[mime]
