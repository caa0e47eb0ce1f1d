"""Draws functions and histories: named curves over a common axis, survival curves, activation functions."""

import numpy as np
import torch
from plotly.subplots import make_subplots

from lib import checks
from lib.figures import look
from lib.figures.values import filled_dict, numbers


def curves(x, named, x_title, y_title, log_y=False):
    """Return a figure of the curves in `named`, a dict from name to values, over `x`.

    x (n,) and every curve (n,); `log_y` makes the vertical axis logarithmic. Raises ValueError for more than four curves, or another length.
    """
    x = numbers("x", x)
    filled_dict("named", named, most=4)
    traces, words = [], []
    for style, (name, values) in enumerate(named.items()):
        y = numbers(f"named[{name!r}]", values)
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
        checks.require(not log_y or y.min() > 0, f"named[{name!r}]", "numbers above 0 for a logarithmic axis", y.min())
        traces.append(look.line(x, y, name, style))
        words.append(f"{name} from {y[0]:.3g} to {y[-1]:.3g}")
    alt = f"Curves of {y_title} by {x_title} from {x[0]:.3g} to {x[-1]:.3g}: {'; '.join(words)}."
    fig = look.one_panel(traces, alt, x_title, y_title)
    return fig.update_yaxes(logarithmic(np.concatenate([trace.y for trace in traces]))) if log_y else fig


def logarithmic(values):
    """Return plotly's settings for a logarithmic axis: numbers at powers of ten, and at 2 and 5 where these would be few."""
    return dict(type="log", dtick=1 if values.max() > 100 * values.min() else "D2", tickformat="~g")


def survival(study, by, marked=None):
    """Return survival curves: the percentage of networks that have not arrived yet, by epoch, for each value of a column.

    `study` has a row for each network and the columns epoch, arrived (else it is censored there) and `by`, as of lib.studies.study;
    `marked` is a dict from one of these values to a single epoch, to be shown on its curve. The axis of epochs is logarithmic, from 10.
    Raises ValueError for more than four curves or a mark without one.
    """
    checks.require({"epoch", "arrived", by} <= set(study), "study", f"the columns epoch, arrived and {by}", list(study))
    checks.require(len(study) > 0, "study", "a row for each network", "none")
    horizon = int(numbers("epoch", study["epoch"]).max())
    reached = {name: rows["epoch"].where(rows["arrived"], np.inf).to_numpy() for name, rows in study.groupby(by, sort=False)}
    filled_dict("study", reached, most=4)
    epochs = np.unique(np.geomspace(10, max(horizon, 11), 120).round())
    curves = {name: percent_left(values, epochs) for name, values in reached.items()}
    traces = [look.line(epochs, curve, str(name), style, line_shape="hv") for style, (name, curve) in enumerate(curves.items())]
    for name, epoch in (marked or {}).items():
        checks.require(name in curves, "marked", f"names among {list(curves)}", repr(name))
        height = percent_left(reached[name], [epoch])
        traces.append(look.marks([epoch], height, f"the lecture's run of {name}", list(curves).index(name)))
    left = ", ".join(f"{name} {curve[-1]}" for name, curve in curves.items())
    alt = f"Curves that start at or near 100 percent of networks and fall. Percent left at epoch {horizon}: {left}."
    fig = look.one_panel(traces, alt, "epoch (logarithmic)", "networks not there yet (%)")
    return fig.update_layout(xaxis=logarithmic(epochs), yaxis_range=[-2, 102])


def percent_left(reached, epochs):
    """Return at each of `epochs` how many percent of `reached` lie beyond it, as whole numbers."""
    return np.rint(100 * (reached > np.asarray(epochs)[:, None]).mean(axis=1)).astype(np.uint8)


def activations(named, reach=4.0):
    """Return one small panel for each activation in `named`, a dict from a name to a function of tensors, on (-reach, reach).

    Solid is the function, dashed its derivative by autograd. Raises ValueError for a class, such as nn.ReLU without parentheses.
    """
    filled_dict("named", named)
    checks.positive_number("reach", reach)
    columns = min(3, len(named))
    rows = -(-len(named) // columns)
    fig = make_subplots(rows, columns, subplot_titles=list(named), shared_xaxes=True, horizontal_spacing=0.08, vertical_spacing=0.1)
    for i, (name, function) in enumerate(named.items()):
        checks.require(not isinstance(function, type), f"named[{name!r}]", "a function such as nn.ReLU(), with parentheses", function)
        x, y, slope = with_derivative(function, reach)
        for style, (kind, values) in enumerate({"function": y, "derivative": slope}.items()):
            fig.add_trace(look.line(x, values, kind, style, showlegend=i == 0), i // columns + 1, i % columns + 1)
    alt = f"{len(named)} small panels, each an activation function with its derivative: {', '.join(named)}."
    fig.update_layout(template=look.LOOK, meta={"alt": alt}, height=80 + 190 * rows, margin_t=64)
    return fig.update_layout(legend=dict(y=1, yref="container", yanchor="top"))


def with_derivative(function, reach):
    """Return points from -reach to reach, the function there, and its derivative by autograd."""
    x = torch.linspace(-reach, reach, 161, requires_grad=True)
    with torch.enable_grad():
        y = function(x)
    slope = torch.autograd.grad(y.sum(), x)[0] if y.requires_grad else torch.zeros_like(x)
    return [part.detach().numpy().round(4) for part in (x, y, slope)]
