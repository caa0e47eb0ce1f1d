"""Draws straight lines through data."""

import numpy as np

from lib import checks
from lib.figures import look
from lib.figures.values import as_line, equation, filled_dict, observations


def lines(data, named, observation=None):
    """Return a scatter plot of the data with straight lines on it.

    data: inputs and labels, (n, 1) or (n,); `named` is a dict from a name to (weights, bias), four at
    most; `observation` is the row of one observation to single out.
    """
    x, y = observations(data)
    filled_dict("named", named, most=4)
    traces = [look.cloud(x, y)]
    for style, (name, value) in enumerate(named.items()):
        weights, bias = as_line(f"named[{name!r}]", value)
        legend = f"{name}: {equation(weights, bias)}"
        traces.append(look.line(*straight(x, weights, bias), legend, style))
    alt = f"Scatter plot of {len(x)} observations with {', '.join(t.name for t in traces[1:])}."
    if observation is not None:
        checks.whole_number("observation", observation, 0, len(x))
        traces.append(look.marks(x[[observation]], y[[observation]], "one observation", 1))
    return look.one_panel(traces, alt, "x", "y")


def straight(x, weights, bias):
    """Return the two ends of the line weights * x + bias over the range of x."""
    ends = np.array([x.min(), x.max()])
    return ends, (weights * ends + bias).round(4)
