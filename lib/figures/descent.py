"""Draws gradient descent on the loss: by learning rate, and as paths over weight and bias."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.look import moved
from lib.figures.values import equation, line, number, numbers, observations, path


def mean_squared_error(x, y, weights, bias):
    """Return the mean squared error of the line for every pair of weights and bias (same shapes)."""
    prediction = np.multiply.outer(weights, x) + np.expand_dims(bias, -1)
    return np.square(y - prediction).mean(axis=-1)


def learning_rate_slider(inputs, labels, bias, paths):
    """Return a figure whose slider chooses between learning rates, with the bias held fixed.

    inputs and labels (n, 1) or (n,); `paths` is a dict from a learning rate to the weights that
    gradient descent went through. Left: those weights on the curve of the mean squared error.
    Right: the mean squared error after each step, on a logarithmic axis.
    """
    x, y = observations(inputs, labels)
    checks.dictionary("paths", paths)
    for rate in paths:
        checks.positive_number("paths", rate)
    checks.require(x.any(), "inputs", "at least one number other than 0", "none")
    bias = number("bias", bias)
    paths = {rate: numbers(f"paths[{rate}]", weights) for rate, weights in paths.items()}
    losses = {rate: mean_squared_error(x, y, w, np.full(w.shape, bias)) for rate, w in paths.items()}
    fig = rate_panels(x, y, bias, paths, losses)
    frames = [[moved(paths[rate], loss), moved(np.arange(len(loss)), loss)] for rate, loss in losses.items()]
    steps = [f"{rate:g} (loss at the end {loss[-1]:.3g})" for rate, loss in losses.items()]
    return look.with_slider(fig, "learning rate", steps, [1, 2], frames)


def rate_panels(x, y, bias, paths, losses):
    """Return the two panels of `learning_rate_slider`, with empty traces for what the slider moves."""
    start = next(iter(paths.values()))[0]
    best = np.dot(x, y - bias) / np.dot(x, x)
    grid = best + np.linspace(-1.5, 1.5, 61) * abs(best - start)
    curve = mean_squared_error(x, y, grid, np.full(grid.shape, bias))
    ends = ", ".join(f"{rate:g} ends at {loss[-1]:.3g}" for rate, loss in losses.items())
    alt = (
        f"Left, the mean squared error by weight, lowest at {best:.3g}, and the steps of gradient descent "
        f"from {start:.3g}. Right, the loss by step. The slider chooses the learning rate: {ends}."
    )
    track = dict(mode="lines+markers", marker=dict(size=9, symbol="diamond"))
    left = [look.line(grid.round(4), curve.round(4), "loss", 3), look.line([], [], "steps", 1).update(track)]
    right = [look.line([], [], "loss after each step", 0).update(track)]
    titles = ("weight <i>w</i>", "step"), ("mean squared error", "mean squared error")
    fig = look.two_panels(left, right, alt, *titles)
    fig.update_layout(xaxis_range=[grid[0], grid[-1]], yaxis_range=[0, curve.max()])
    return fig.update_layout(yaxis2=dict(type="log", dtick=1, tickformat="~g", range=decades(losses)))


def decades(losses):
    """Return the powers of ten, as exponents, between which all losses lie."""
    every = np.concatenate(list(losses.values())).clip(min=1e-12)
    return [float(np.floor(np.log10(every.min()))), float(np.ceil(np.log10(every.max())))]


def loss_contours(inputs, labels, weights, bias, paths, points=None):
    """Return a contour map of the error over weight and bias, with named paths and points on it.

    inputs and labels (n, 1) or (n,); `weights` and `bias` are the grids of the two axes; `paths` is a
    dict from a name to k pairs of (weights, bias), four at most, and `points` one to single pairs.
    The contours show the root of the mean squared error, in the units of the labels.
    """
    x, y = observations(inputs, labels)
    checks.dictionary("paths", paths, most=4)
    points = {name: line(f"points[{name!r}]", point) for name, point in (points or {}).items()}
    weights, bias = numbers("weights", weights), numbers("bias", bias)
    for name, grid in (("weights", weights), ("bias", bias)):
        checks.require(np.ptp(grid) > 0, name, "a grid of some width", grid[:3])
    error = np.sqrt(mean_squared_error(x, y, *np.meshgrid(weights, bias)))
    map_ = go.Contour(
        x=weights, y=bias, z=error.round(3), name="root mean squared error", showscale=False, ncontours=14,
        contours=dict(coloring="none", showlabels=True), line=dict(color=look.GREY, width=1),
    )
    traces = [map_]
    for style, (name, steps) in enumerate(paths.items()):
        steps = path(f"paths[{name!r}]", steps)
        traces.append(look.line(steps[:, 0], steps[:, 1], name, style).update(line_width=1.5))
    for style, (name, point) in enumerate(points.items(), start=len(paths)):
        traces.append(look.marks([point[0]], [point[1]], name, style % 4, size=13))
    ways = [f"{name} from {equation(*steps[0])} to {equation(*steps[-1])}" for name, steps in paths.items()]
    spots = [f"{name} at {equation(*point)}" for name, point in points.items()]
    alt = (
        f"Contour map of the root mean squared error over weight and bias, from {error.min():.2g} to "
        f"{error.max():.3g} (number of observations: {len(x)}), with {'; '.join(ways + spots)}."
    )
    fig = look.one_panel(traces, alt, "weight <i>w</i>", "bias <i>b</i>")
    return fig.update_layout(xaxis_range=[weights[0], weights[-1]], yaxis_range=[bias[0], bias[-1]])
