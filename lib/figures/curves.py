"""Draws functions and histories: named curves over a common horizontal axis, and survival curves."""

import numpy as np

from lib import checks
from lib.figures import look
from lib.figures.values import numbers


def curves(x, named, x_title, y_title, alt, log_y=False):
    """Return a figure of the curves in `named`, a dict from name to values, over `x`.

    x (n,) and every curve (n,); `alt` says in words what they show; `log_y` makes the vertical
    axis logarithmic. Raises ValueError for more than four curves or for one of another length.
    """
    x = numbers("x", x)
    checks.dictionary("named", named, most=4)
    checks.require(isinstance(alt, str) and alt.strip(), "alt", "words that say what the curves show", repr(alt))
    traces = []
    for style, (name, values) in enumerate(named.items()):
        y = numbers(f"named[{name!r}]", values)
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
        checks.require(not log_y or y.min() > 0, f"named[{name!r}]", "numbers above 0 for a logarithmic axis", y.min())
        traces.append(look.line(x, y, name, style))
    fig = look.one_panel(traces, alt, x_title, y_title)
    return fig.update_yaxes(logarithmic(np.concatenate([trace.y for trace in traces]))) if log_y else fig


def logarithmic(values):
    """Return plotly's words for a logarithmic axis with numbers at powers of ten, and at 2 and 5 where these would be few."""
    return dict(type="log", dtick=1 if values.max() > 100 * values.min() else "D2", tickformat="~g")


def survival(times, horizon, marked=None):
    """Return survival curves: the percentage of networks that an event has not reached, by epoch.

    `times` is a dict from a name to epochs (replicas,), infinite or over `horizon`, the last epoch
    looked at, where the event did not come (censored there). `marked` is a dict from one of these names
    to a single epoch, to be shown on its curve. The axis of epochs is logarithmic, from 10.
    Raises ValueError for more than four curves, a mark without a curve, or epochs that are NaN.
    """
    checks.dictionary("times", times, most=4)
    checks.whole_number("horizon", horizon, 11)
    reached = {name: event_times(f"times[{name!r}]", values) for name, values in times.items()}
    marked = marked or {}
    epochs = np.unique(np.geomspace(10, horizon, 120).round())
    traces, words = [], []
    for style, (name, values) in enumerate(reached.items()):
        traces.append(look.line(epochs, percent_left(values, epochs), name, style, line_shape="hv"))
        words.append(f"{name} {percent_left(values, [horizon])[0]}")
    for name, epoch in marked.items():
        checks.require(name in times, "marked", f"names among {list(times)}", repr(name))
        height = percent_left(reached[name], [epoch])
        traces.append(look.marks([epoch], height, f"the lecture's run of {name}", list(times).index(name)))
    left = f"Percent left at epoch {horizon}: {', '.join(words)}."
    alt = f"Curves that start at or near 100 percent of networks and fall. {left}"
    fig = look.one_panel(traces, alt, "epoch (logarithmic)", "networks not there yet (%)")
    return fig.update_xaxes(logarithmic(epochs)).update_yaxes(range=[-2, 102])


def event_times(name, values):
    """Return epochs (replicas,), which may be infinite but not NaN, as an array."""
    values = np.asarray(values, dtype=float)
    checks.require(values.ndim == 1 and len(values) > 0, name, "one epoch for each replica", f"shape {values.shape}")
    checks.require(not np.isnan(values).any(), name, "epochs, infinite for never", f"{np.isnan(values).sum()} NaN")
    return values


def percent_left(reached, epochs):
    """Return at each of `epochs` how many percent of `reached` lie beyond it, as whole numbers."""
    return np.rint(100 * (reached > np.asarray(epochs)[:, None]).mean(axis=1)).astype(np.uint8)
