"""Finds numbers and curves in the outputs that a notebook stores, so that nobody types an answer twice.

An address is the id of a cell and where in its output to look, separated by " / ":

    update                   the only number that the cell shows
    update / #2              the second of its numbers; #-1 is the last
    positive / age           the number in the row `age`
    table / 100 / network    the number in this row and column
    curves / evaluation      the curve of this name, if the cell draws a figure
"""

import base64
import re

import numpy as np
from bs4 import BeautifulSoup

FIGURE = "application/vnd.plotly.v1+json"
NUMBER = re.compile(r"(?<![\w.\-])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]|\.\d|-\d)")
POINTS = 120  # of a curve, at most
SIGNS = {"<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}


class Missing(ValueError):
    """What an address leads to is not in the notebook: says what was expected and what came."""


def parts_of(address):
    """Return the parts of an address, the id of its cell first."""
    return [part.strip() for part in address.split(" / ")]


def cell_of(book, address):
    """Return the code cell of an address."""
    found = [cell for cell in book.cells if cell.cell_type == "code" and cell.id == parts_of(address)[0]]
    if not found:
        raise Missing(f"expected the id of a code cell, got {parts_of(address)[0]!r}")
    return found[0]


def outputs(cell):
    """Return the data of a cell's outputs, by mime type; what it prints counts as plain text."""
    return [output.get("data") or {"text/plain": output.get("text", "")} for output in cell.outputs]


def number(book, address):
    """Return a number of a stored output as it is printed there."""
    cell, where = cell_of(book, address), parts_of(address)[1:]
    text = "\n".join(data.get("text/plain", "") for data in outputs(cell))
    if where and not where[0].startswith("#"):
        return in_table(rows_of(cell, text), cell.id, where)
    found = NUMBER.findall(text)
    place = int(where[0][1:]) if where else 1
    if abs(place) > len(found) or not where and len(found) != 1:
        wanted = f"at least {abs(place)} numbers" if where else "one number, or a place such as `#2`,"
        raise Missing(f"expected {wanted} in the output of the cell {cell.id!r}, got {len(found)}")
    return found[place - 1 if place > 0 else place]


def in_table(rows, cell, where):
    """Return the number in a row, and a column if there are several, of a table."""
    row = rows.get(where[0])
    if row is None:
        raise Missing(f"expected a row among {list(rows)} in the output of the cell {cell!r}, got {where[0]!r}")
    column = where[1] if len(where) > 1 else next(iter(row)) if len(row) == 1 else None
    if column not in row:
        raise Missing(f"expected a column among {list(row)} in the output of the cell {cell!r}, got {column!r}")
    return row[column]


def rows_of(cell, text):
    """Return the rows of a printed series or table: a dict from the name of a row to one from columns to numbers."""
    tables = [data["text/html"] for data in outputs(cell) if "text/html" in data]
    if not tables:
        lines = re.findall(r"(?m)^ ?(\S.*?) {2,}(-?[\d.]+(?:e[-+]\d+)?|True|False|inf|NaN)$", text)
        return {name: {"": value} for name, value in lines}
    table = BeautifulSoup(tables[0], "html.parser")
    texts = [[one.get_text() for one in row.find_all(["th", "td"])] for row in table.select("tr")]
    named = [len(row.find_all("th")) for row in table.select("tbody tr")]
    body = texts[len(texts) - len(named):]
    return {", ".join(row[:names]): dict(zip(texts[0][names:], row[names:])) for names, row in zip(named, body)}


def holds(book, condition):
    """Return whether a condition is true of the stored outputs: addresses or numbers compared; `;` stands between comparisons."""
    return all(compared(book, one) for one in condition.split("; "))


def compared(book, condition):
    """Return whether one comparison is true."""
    found = re.fullmatch(r"(.+?) (<=|>=|<|>|=) (.+)", condition.strip())
    if not found:
        raise Missing(f"expected a comparison such as `cell / row < other / row`, got {condition!r}")
    first, sign, second = found.groups()
    return SIGNS[sign](value(book, first), value(book, second))


def value(book, text):
    """Return a number that is given or that an address leads to, or the difference of two, as in `cell / row minus cell / other row`."""
    first, *less = [float(one if NUMBER.fullmatch(one.strip()) else number(book, one)) for one in text.split(" minus ")]
    return first - sum(less)


def figure(book, address):
    """Return the figure of a cell, or None if it draws none."""
    return next((data[FIGURE] for data in outputs(cell_of(book, address)) if FIGURE in data), None)


def curve(book, address):
    """Return the curve with this name in a cell's figure: its points (n, 2)."""
    cell, *where = parts_of(address)
    traces = {trace.get("name"): trace for trace in figure(book, address)["data"]}
    name = where[0] if where else None
    if name not in traces:
        raise Missing(f"expected a curve among {list(traces)} in the figure of the cell {cell!r}, got {name!r}")
    return np.column_stack([decoded(traces[name]["x"]), decoded(traces[name]["y"])]).astype(float)


def decoded(values):
    """Return an array of numbers that plotly has stored."""
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]) if isinstance(values, dict) else np.array(values)


def thinned(points):
    """Return at most POINTS of the points of a curve, with four digits, as lists."""
    kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), POINTS)).round().astype(int))
    return [[float(f"{one:.4g}") for one in column] for column in points[kept].T]


def knots(points, logarithmic):
    """Return where a reader sets her curve: at every point if there are few, at nine if there are many."""
    x = points[:, 0]
    if len(x) <= 13:
        return x.tolist()
    even = np.geomspace(x[0], x[-1], 9) if logarithmic else np.linspace(x[0], x[-1], 9)
    return [float(f"{one:.3g}") for one in even[:-1]] + [float(x[-1])]
