"""Draws a line and how gradient descent finds it: the slope of a loss, one epoch, learning rates, paths over weight and bias."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.look import moved
from lib.figures.values import as_line, axis_range, equation, filled_dict, number, numbers, observations, path


def lines(data, named, observation=None):
    """Return a scatter plot of the data with straight lines on it.

    data: inputs and labels, (n, 1) or (n,); `named` is a dict from a name to (weights, bias), four at most; `observation` is a row to mark.
    """
    x, y = observations(data)
    filled_dict("named", named, most=4)
    traces = [look.cloud(x, y)]
    for style, (name, value) in enumerate(named.items()):
        weights, bias = as_line(f"named[{name!r}]", value)
        traces.append(look.line(*straight(x, weights, bias), f"{name}: {equation(weights, bias)}", style))
    alt = f"Scatter plot of {len(x)} observations with {', '.join(t.name for t in traces[1:])}."
    if observation is not None:
        checks.whole_number("observation", observation, 0, len(x))
        traces.append(look.marks(x[[observation]], y[[observation]], "one observation", 1))
    return look.one_panel(traces, alt, "x", "y")


def straight(x, weights, bias):
    """Return the two ends of the line weights * x + bias over the range of x."""
    ends = np.array([x.min(), x.max()])
    return ends, (weights * ends + bias).round(4)


def weight_slider(data, observation, weights, bias, grid):
    """Return a figure whose slider moves the weight over `grid`, from `weights`; the bias is fixed.

    Left: the line, and its error for one observation (a row). Right: the squared error by weight; its slope is the gradient.
    """
    x, y = observations(data)
    checks.whole_number("observation", observation, 0, len(x))
    start, bias = number("weights", weights), number("bias", bias)
    grid = np.unique(np.append(numbers("grid", grid), start))
    checks.require(len(grid) > 1, "grid", "a grid of some width", grid)
    x0, y0, reach = x[observation], y[observation], np.array([-1, 1]) * np.ptp(grid) / 8
    error = y0 - (grid * x0 + bias)
    loss, gradient = error**2, -2 * error * x0
    fig = weight_panels(x, y, observation, grid, loss, start)
    frames = [[moved(*straight(x, w, bias)), moved([x0, x0], [y0, y0 - e]), moved(w + reach, e**2 + slope * reach), moved([w], [e**2])]
              for w, e, slope in zip(grid, error, gradient)]  # the line, its error, the tangent, and the point on the loss
    steps = [f"{w:.2f} (loss {height:.2f}, gradient {slope:.2f})" for w, height, slope in zip(grid, loss, gradient)]
    fig.update_layout(yaxis_range=axis_range(y), yaxis2_range=axis_range(loss))
    return look.with_slider(fig, "w", steps, [1, 2, 5, 6], frames, int(np.searchsorted(grid, start)))


def weight_panels(x, y, observation, grid, loss, start):
    """Return the two panels of `weight_slider`, with empty traces for what the slider moves."""
    alt = (f"Left, a line through {len(x)} observations and its error for one of them. Right, the squared error of that observation as "
           f"the weight goes from {grid[0]:g} to {grid[-1]:g}: a parabola, {loss.max():.3g} at its highest and {loss.min():.2g} at its "
           f"lowest, near the weight {grid[loss.argmin()]:.3g}. A slider moves the weight, from {start:.2f}.")
    left = [look.cloud(x, y), look.line([], [], "prediction", 0), look.line([], [], "error", 1).update(line_width=4),
            look.marks(x[[observation]], y[[observation]], "one observation", 1, size=9)]
    right = [look.line(grid, loss.round(4), "loss", 3), look.line([], [], "gradient (slope of the loss)", 2),
             look.marks([], [], "loss at this weight", 2, showlegend=False)]
    return look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "loss of one observation"))


def epoch_slider(data, steps, target):
    """Return a figure whose slider moves through one epoch, one observation at a time.

    data: inputs and labels, (n, 1) or (n,); `steps` holds n + 1 pairs of (weights, bias), the start and then one after each
    observation; `target` is the pair that OLS gives. Left: the line and the observation that moved it last. Right: weight and bias.
    """
    x, y = observations(data)
    steps, target = path("steps", steps), path("target", [target])
    checks.require(len(steps) == len(x) + 1, "steps", f"{len(x) + 1} pairs", len(steps))
    fig = epoch_panels(x, y, steps, target)
    last = [(np.nan, np.nan), *zip(x, y)]  # at the start, none was used
    frames = [[moved(*straight(x, w, b)), moved([x0], [y0]), moved([w], [b])] for (w, b), (x0, y0) in zip(steps, last)]
    texts = [f"{i} ({equation(*step)})" for i, step in enumerate(steps)]
    fig.update_layout(yaxis_range=axis_range(y))
    return look.with_slider(fig, "observations used", texts, [1, 2, 4], frames)


def epoch_panels(x, y, steps, target):
    """Return the two panels of `epoch_slider`, with empty traces for what the slider moves."""
    alt = (f"Left, the line as it moves through {len(x)} observations, from {equation(*steps[0])} to {equation(*steps[-1])}. Right, weight "
           f"and bias on their way to the OLS solution, {equation(*target[0])}. A slider goes through the epoch, row by row.")
    left = [look.cloud(x, y), look.line([], [], "model", 0), look.marks([], [], "observation just used", 1)]
    right = [look.line(steps[:, 0], steps[:, 1], "path of weight and bias", 2, showlegend=False),
             look.marks([], [], "model now", 0, showlegend=False), look.marks(target[:, 0], target[:, 1], "OLS", 3)]
    return look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "bias <i>b</i>"))


def mean_squared_error(x, y, weights, bias):
    """Return the mean squared error of the line for every pair of weights and bias (same shapes)."""
    prediction = np.multiply.outer(weights, x) + np.expand_dims(bias, -1)
    return np.square(y - prediction).mean(axis=-1)


def learning_rate_slider(data, bias, paths):
    """Return a figure whose slider chooses between learning rates, with the bias held fixed.

    data: inputs and labels, (n, 1) or (n,); `paths` is a dict from a learning rate to the weights that gradient descent went through.
    Left: those weights on the curve of the mean squared error. Right: the error after each step, on a logarithmic axis.
    """
    x, y = observations(data)
    filled_dict("paths", paths)
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
    alt = (f"Left, the mean squared error by weight, lowest at {best:.3g}, and the steps of gradient descent from {start:.3g}. Right, the "
           f"loss by step. The slider chooses the learning rate: {ends}.")
    track = dict(mode="lines+markers", marker=dict(size=9, symbol="diamond"))
    left = [look.line(grid.round(4), curve.round(4), "loss", 3), look.line([], [], "steps", 1).update(track)]
    right = [look.line([], [], "loss after each step", 0).update(track)]
    fig = look.two_panels(left, right, alt, ("weight <i>w</i>", "step"), ("mean squared error", "mean squared error"))
    fig.update_layout(xaxis_range=[grid[0], grid[-1]], yaxis_range=[0, curve.max()])
    powers = np.log10(np.concatenate(list(losses.values())).clip(min=1e-12))
    whole = [float(np.floor(powers.min())), float(np.ceil(powers.max()))]
    return fig.update_layout(yaxis2=dict(type="log", dtick=1, tickformat="~g", range=whole))


def loss_contours(data, weights, bias, paths, points=None):
    """Return a contour map of the error over weight and bias, with named paths and points on it.

    data: inputs and labels, (n, 1) or (n,); `weights` and `bias` are the grids of the two axes; `paths` is a dict from a name to k
    pairs of (weights, bias), four at most, and `points` one to single pairs. The contours are in the units of the labels.
    """
    x, y = observations(data)
    filled_dict("paths", paths, most=4)
    paths = {name: path(f"paths[{name!r}]", steps) for name, steps in paths.items()}
    points = {name: as_line(f"points[{name!r}]", point) for name, point in (points or {}).items()}
    weights, bias = numbers("weights", weights), numbers("bias", bias)
    for name, grid in (("weights", weights), ("bias", bias)):
        checks.require(np.ptp(grid) > 0, name, "a grid of some width", grid[:3])
    error = np.sqrt(mean_squared_error(x, y, *np.meshgrid(weights, bias)))
    traces = [go.Contour(x=weights, y=bias, z=error.round(3), name="root mean squared error", showscale=False, ncontours=14,
                         contours=dict(coloring="none", showlabels=True), line=dict(color=look.GREY, width=1))]
    for style, (name, steps) in enumerate(paths.items()):
        traces.append(look.line(steps[:, 0], steps[:, 1], name, style).update(line_width=1.5))
    for style, (name, point) in enumerate(points.items(), start=len(paths)):
        traces.append(look.marks([point[0]], [point[1]], name, style % 4, size=13))
    spots = [f"{name} from {equation(*steps[0])} to {equation(*steps[-1])}" for name, steps in paths.items()]
    spots += [f"{name} at {equation(*point)}" for name, point in points.items()]
    alt = (f"Contour map of the root mean squared error over weight and bias, from {error.min():.2g} to {error.max():.3g} "
           f"(number of observations: {len(x)}), with {'; '.join(spots)}.")
    fig = look.one_panel(traces, alt, "weight <i>w</i>", "bias <i>b</i>")
    return fig.update_layout(xaxis_range=[weights[0], weights[-1]], yaxis_range=[bias[0], bias[-1]])
