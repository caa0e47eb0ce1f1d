"""Draws named curves over a common axis, survival curves and activation functions, and estimates with their intervals."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from lib import checks
from lib.figures import look
from lib.figures.values import columns, filled_dict, numbers, to_numpy
from lib.models import evaluating


def curves(x, named, x_title, y_title, log_y=False):
    """Return a figure of the curves in `named`, a dict from name to values, over `x`.

    x (n,) and every curve (n,); `log_y` makes the vertical axis logarithmic. Raises ValueError for over four curves, or another length.
    """
    x = numbers("x", x)
    filled_dict("named", named, most=4)
    traces = []
    for style, (name, values) in enumerate(named.items()):
        y = numbers(f"named[{name!r}]", values)
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
        checks.require(not log_y or y.min() > 0, f"named[{name!r}]", "numbers above 0 for a logarithmic axis", y.min())
        traces.append(look.line(x, y, name, style))
    words = "; ".join(f"{line.name} from {line.y[0]:.3g} to {line.y[-1]:.3g}" for line in traces)
    alt = f"Curves of {y_title} by {x_title} from {x[0]:.3g} to {x[-1]:.3g}: {words}."
    heights = logarithmic(np.concatenate([line.y for line in traces])) if log_y else {}
    return look.named_at_lines(look.one_panel(traces, alt, x_title, y_title).update_yaxes(heights), traces)


def logarithmic(values):
    """Return plotly's settings for a logarithmic axis: numbers at powers of ten, and at 2 and 5 where these would be few."""
    return dict(type="log", dtick=1 if values.max() > 100 * values.min() else "D2", tickformat="~g")


def survival(study, by, marked=None):
    """Return survival curves: the percentage of networks that have not arrived yet, by epoch, for each value of a column.

    `study`, as of lib.studies.study, has a row for each network and the columns epoch, arrived (else it is censored there) and `by`;
    `marked` is a dict from such a value to one epoch to mark. Raises ValueError for over four curves, a mark without one, missing values.
    """
    epoch, arrived = columns("study", study, "epoch", "arrived")
    checks.require(by in study and study[by].notna().all(), "study", f"a column {by} without missing values", list(study))
    horizon, ends = int(epoch.max()), pd.Series(np.where(arrived, epoch, np.inf))
    reached = {name: rows.to_numpy() for name, rows in ends.groupby(study[by].to_numpy(), sort=False)}
    filled_dict("study", reached, most=4)
    epochs = np.unique(np.geomspace(10, max(horizon, 11), 120).round())
    percent_left = lambda name, at: np.rint(100 * (reached[name] > np.asarray(at)[:, None]).mean(axis=1)).astype(np.uint8)
    curves = {name: percent_left(name, epochs) for name in reached}
    traces = [look.line(epochs, curve, str(name), style, line_shape="hv") for style, (name, curve) in enumerate(curves.items())]
    for name, epoch in (marked or {}).items():
        checks.require(name in curves, "marked", f"names among {list(curves)}", repr(name))
        traces.append(look.marks([epoch], percent_left(name, [epoch]), f"the lecture's run of {name}", list(curves).index(name)))
    left = ", ".join(f"{name} {curve[-1]}" for name, curve in curves.items())
    alt = f"Curves that start at or near 100 percent of networks and fall. Percent left at epoch {horizon}: {left}."
    fig = look.one_panel(traces, alt, "epoch (logarithmic)", "networks not there yet (%)")
    return fig.update_layout(xaxis=logarithmic(epochs), yaxis_range=[-2, 102])


def activations(named):
    """Return one small panel for each activation in `named`, a dict from a name to a function of tensors, on (-4, 4).

    Solid is the function, dashed its derivative by autograd. Raises ValueError for a class, such as nn.ReLU without parentheses.
    """
    filled_dict("named", named)
    panels = {}
    for name, function in named.items():
        x, y, slope = with_derivative(f"named[{name!r}]", function)
        panels[name] = [look.line(x, y, "function", 0, showlegend=not panels), look.line(x, slope, "derivative", 1, showlegend=not panels)]
    alt = f"{len(named)} small panels, each an activation function with its derivative: {', '.join(named)}."
    fig = look.small_panels(panels, alt, 3, horizontal_spacing=0.08)
    return fig.update_layout(height=80 + 190 * -(-len(named) // 3), margin_t=64, legend=dict(y=1, yref="container", yanchor="top"))


def with_derivative(name, function):
    """Return points from -4 to 4, the function there, in evaluation mode, and its derivative by autograd."""
    checks.require(callable(function) and not isinstance(function, type), name, "a function such as nn.ReLU(), with parentheses", function)
    x = torch.linspace(-4, 4, 161, requires_grad=True)
    with torch.enable_grad(), evaluating(function if isinstance(function, torch.nn.Module) else torch.nn.Identity()):
        y = function(x)
    checks.require(y.shape == x.shape and y.isfinite().all(), name, "a finite number for each from -4 to 4", y)
    slope = torch.autograd.grad(y.sum(), x)[0] if y.requires_grad else torch.zeros_like(x)
    return [to_numpy(part).round(4) for part in (x, y, slope)]


def intervals(tables, x_title, reference=None):
    """Return dots with their intervals, row by row, each table in a colour and shape of its own, and a vertical line at `reference`.

    `tables`: a dict from a name to a DataFrame of estimate, low and high, four at most. Raises ValueError for other columns or rows.
    """
    filled_dict("tables", tables, most=4)
    rows = list(next(iter(tables.values())).index)
    traces, words = [], []
    for style, (name, table) in enumerate(tables.items()):
        checks.require(list(table.index) == rows, f"tables[{name!r}]", f"the rows {rows}", list(table.index))
        estimate, low, high = columns(f"tables[{name!r}]", table, "estimate", "low", "high")
        height = -np.arange(len(rows)) + 0.16 * ((len(tables) - 1) / 2 - style)  # side by side in a row, the first table on top
        hover = dict(customdata=np.stack([low, high], axis=1), hovertemplate="%{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})")
        traces.append(look.marks(estimate, height, name, style, error_x=whiskers(estimate, low, high), **hover))
        words += [f"{name}, {row}: {e:.3f} ({l:.3f} to {h:.3f})" for row, e, l, h in zip(rows, estimate, low, high)]
    fig = look.one_panel(traces, f"Estimates with intervals. {'; '.join(words)}.", x_title, "")
    if reference is not None:
        fig.add_vline(reference, line=dict(color=look.GREY, width=1))
    ticks = dict(tickvals=[-i for i in range(len(rows))], ticktext=[str(row) for row in rows], showgrid=False)
    return fig.update_yaxes(**ticks, range=[0.5 - len(rows), 0.5]).update_layout(height=130 + 62 * len(rows))


def whiskers(estimate, low, high):
    """Return plotly's settings for a line from low to high."""
    return dict(type="data", symmetric=False, array=high - estimate, arrayminus=estimate - low, width=0, thickness=2)


def calibration(tables):
    """Return predicted against observed percentages, as of lib.statistics.calibration.

    `tables` is a dict from a name to such a table, with 95 percent intervals; four at most. Raises ValueError for a missing column.
    """
    filled_dict("tables", tables, most=4)
    traces, words = [go.Scatter(x=[0, 100], y=[0, 100], mode="lines", name="perfect", line=dict(color=look.GREY, width=1))], []
    for style, (name, table) in enumerate(tables.items()):
        predicted, observed, low, high = columns(f"tables[{name!r}]", table, "predicted", "observed", "low", "high")
        traces.append(look.marks(predicted, observed, name, style, size=9, error_y=whiskers(observed, low, high)))
        words.append(f"{name}: {np.sum((low <= predicted) & (predicted <= high))} of {len(table)} intervals hold the diagonal")
    alt = f"Observed against predicted percentages, with the diagonal. {'; '.join(words)}."
    return look.one_panel(traces, alt, "predicted (%)", "observed (%)").update_layout(xaxis_range=[-3, 103], yaxis_range=[-3, 103])
