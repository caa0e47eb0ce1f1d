"""Draws a line and how gradient descent finds it: the slope of a loss, one epoch, learning rates, paths over weight and bias."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.values import as_line, axis_range, equation, filled_dict, number, numbers, observations, rows


def lines(data, named, observation=None):
    """Return a scatter plot of the data with straight lines on it.

    data: inputs and labels, (n, 1) or (n,); `named` is a dict from a name to (weights, bias), four at most; `observation` is a row to mark.
    """
    x, y = observations(data)
    filled_dict("named", named, most=4)
    traces = [look.cloud(x, y)]
    for style, (name, value) in enumerate(named.items()):
        weights, bias = as_line(f"named[{name!r}]", value)
        traces.append(look.worded(look.line(*straight(x, weights, bias), f"{name}: {equation(weights, bias)}", style), "middle right", 1))
    alt = f"Scatter plot of {len(x)} observations with {', '.join(t.name for t in traces[1:])}."
    if observation is not None:
        checks.whole_number("observation", observation, 0, len(x))
        traces.append(look.worded(look.marks(x[[observation]], y[[observation]], "one observation", 1), "bottom right"))
    return look.one_panel(traces, alt, "x", "y").update_layout(showlegend=False, xaxis_range=[axis_range(x)[0], x.min() + 1.75 * np.ptp(x)])


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
    place = [x.min(), np.quantile([x.min(), x.max()], 0.25), x.max()]  # its name stands at the second of them
    frames = [[look.moved(place, np.multiply(place, w) + bias), look.moved([x0] * 3, y0 - e * np.array([0, 0.5, 1])),
               look.moved(w + reach, e**2 + slope * reach), look.moved([w], [e**2])] for w, e, slope in zip(grid, error, gradient)]
    steps = [f"{w:.2f} (loss {height:.2f}, gradient {slope:.2f})" for w, height, slope in zip(grid, loss, gradient)]
    alt = f"A line and its error for one observation. Its squared error by weight is a parabola, lowest near {grid[loss.argmin()]:.3g}."
    left = [look.cloud(x, y), look.worded(look.line([], [], "prediction", 0), "bottom right", 1),
            look.worded(look.line([], [], "error", 1), "middle right", 1), look.marks([x0], [y0], "one observation", 1, size=9)]
    right = [look.line(grid, loss.round(4), "loss", 3), look.worded(look.line([], [], "gradient", 2), "top right"),
             look.marks([], [], "loss at this weight", 2)]
    fig = look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "loss of one observation"),
                          yaxis_range=axis_range(y), yaxis2_range=axis_range(loss), showlegend=False)
    return look.with_slider(fig, "w", steps, [1, 2, 5, 6], frames, int(np.searchsorted(grid, start)))


def epoch_slider(data, steps, target):
    """Return a figure whose slider moves through one epoch, an observation at a time: the line, beside the path of weight and bias.

    data: inputs and labels, (n, 1) or (n,); `steps`: n + 1 pairs of (weights, bias), at the start and after each; `target`: that of OLS.
    """
    x, y = observations(data)
    steps, target = rows("steps", steps), rows("target", [target])
    checks.require(len(steps) == len(x) + 1, "steps", f"{len(x) + 1} pairs", len(steps))
    frames = [[look.moved(*straight(x, *step)), look.moved([x0], [y0]), look.moved(*steps[:i + 1].T), look.moved(*steps[[i]].T)]
              for i, (step, (x0, y0)) in enumerate(zip(steps, [(np.nan, np.nan), *zip(x, y)]))]  # at the start, none was used
    alt = f"From {equation(*steps[0])} through {len(x)} observations to {equation(*steps[-1])}, on the way to OLS, {equation(*target[0])}."
    left = [look.cloud(x, y), look.line([], [], "model", 0), look.worded(look.marks([], [], "just used", 1), "bottom right")]
    right = [look.line([], [], "path of weight and bias", 2), look.worded(look.marks([], [], "now", 0), "bottom right"),
             look.worded(look.marks(*target.T, "OLS", 3), "top left")]
    fig = look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "bias <i>b</i>"), yaxis_range=axis_range(y), showlegend=False)
    return look.with_slider(fig, "observations used", [f"{i} ({equation(*step)})" for i, step in enumerate(steps)], [1, 2, 3, 4], frames)


def mean_squared_error(x, y, weights, bias):
    """Return the mean squared error of the line for every pair of weights and bias, of one shape or a single number."""
    return np.square(y - np.multiply.outer(weights, x) - np.expand_dims(bias, -1)).mean(axis=-1)


def learning_rate_slider(data, bias, paths):
    """Return a figure whose slider chooses a learning rate: its weights on the curve of the loss, at a fixed bias, and the loss by step.

    data: inputs and labels, (n, 1) or (n,); `paths` is a dict from a learning rate to the weights that gradient descent went through.
    """
    x, y = observations(data)
    filled_dict("paths", paths)
    checks.require(min(number("paths", rate) for rate in paths) > 0, "paths", "learning rates above 0", min(paths))
    checks.require(x.any(), "inputs", "at least one number other than 0", "none")
    bias = number("bias", bias)
    paths = {rate: numbers(f"paths[{rate}]", weights) for rate, weights in paths.items()}
    losses = {rate: mean_squared_error(x, y, w, bias) for rate, w in paths.items()}
    frames = [[look.moved(paths[rate], loss), look.moved(range(len(loss)), loss)] for rate, loss in losses.items()]
    steps = [f"{rate:g} (loss at the end {loss[-1]:.3g})" for rate, loss in losses.items()]
    start, best = next(iter(paths.values()))[0], np.dot(x, y - bias) / np.dot(x, x)
    grid = best + np.linspace(-1.5, 1.5, 61) * abs(best - start)
    curve = mean_squared_error(x, y, grid, bias)
    alt = f"Descent from the weight {start:.3g} on the mean squared error, lowest at {best:.3g}. Learning rates: {', '.join(steps)}."
    left, right = [look.line([], [], name, style).update(mode="lines+markers", marker=dict(size=9, symbol="diamond"))
                   for style, name in ((1, "steps"), (0, "loss after each step"))]
    fig = look.two_panels([look.line(grid.round(4), curve.round(4), "loss", 3), left], [right], alt, ("weight <i>w</i>", "step"),
                          ("mean squared error",) * 2, showlegend=False, xaxis_range=[grid[0], grid[-1]], yaxis_range=[0, curve.max()],
                          yaxis2=dict(type="log", dtick=1, tickformat="~g", range=[float(np.log10(max(curve.min(), 1e-9))) - 0.1, 3]))
    return look.with_slider(fig, "learning rate", steps, [1, 2], frames, len(paths) // 2)


def loss_contours(panels, weights, bias, points=None):
    """Return one or two contour maps of the error over weight and bias, with named paths and points on them.

    `panels` is a dict from a title to (data, paths): inputs and labels, each (n, 1) or (n,), and a dict from a name to k pairs of
    (weights, bias), four at most. `weights` and `bias` are the grids of the axes; `points` is a dict from a name to a single pair.
    """
    filled_dict("panels", panels, most=2)
    points = {name: as_line(f"points[{name!r}]", point) for name, point in (points or {}).items()}
    weights, bias = numbers("weights", weights), numbers("bias", bias)
    for name, grid in (("weights", weights), ("bias", bias)):
        checks.require(np.ptp(grid) > 0, name, "a grid of some width", grid[:3])
    contours = dict(showscale=False, ncontours=10, line=dict(color=look.GREY, width=0.7), contours=dict(showlabels=True, labelfont_size=11),
                    colorscale=["rgba(127,127,127,0.04)"] * 2)  # they add up: the lower, the lighter
    drawn, words = [], []
    for title, (data, paths) in panels.items():
        filled_dict("paths", paths, most=4)
        traces = [look.line(*rows(f"paths[{name!r}]", steps).T, name, i) for i, (name, steps) in enumerate(paths.items())]
        spots = [look.worded(look.marks([w], [b], name, 3), "top right") for name, (w, b) in points.items()]
        error = np.sqrt(mean_squared_error(*observations(data), *np.meshgrid(weights, bias)))
        drawn.append([go.Contour(x=weights, y=bias, z=error.round(3).astype(np.float32), name=title, **contours), *traces, *spots])
        words += [f"{one.name} from {equation(one.x[0], one.y[0])} to {equation(one.x[-1], one.y[-1])}" for one in [*traces, *spots]]
    alt = f"Contours of the root mean squared error over weight and bias: {', beside '.join(panels)}. With {'; '.join(words)}."
    across, up = [f"weight <i>w</i> ({title})" for title in panels], ["bias <i>b</i>"] * 2
    fig = look.two_panels(*drawn, alt, across, up) if len(panels) == 2 else look.one_panel(*drawn, alt, "weight <i>w</i>", up[0])
    for traces in drawn:
        look.named_at_lines(fig, traces[1:len(traces) - len(points)], traces[len(traces) - len(points):])
    fig.update_xaxes(range=[weights[0], weights[-1]], constrain="domain").update_layout(height=480 - 70 * len(panels))
    return fig.for_each_yaxis(lambda axis: axis.update(range=[bias[0], bias[-1]], scaleanchor=axis.anchor or "x", constrain="domain"))
