"""Draws straight lines through data: side by side, by weight, and as they move in training."""

import numpy as np

from lib import checks
from lib.figures import look
from lib.figures.look import moved
from lib.figures.values import equation, line, number, numbers, observations, path, spread


def lines(inputs, labels, named, observation=None):
    """Return a scatter plot of the data with straight lines on it.

    inputs and labels (n, 1) or (n,); `named` is a dict from a name to (weights, bias), four at
    most; `observation` is the row of one observation to single out.
    """
    x, y = observations(inputs, labels)
    checks.dictionary("named", named, most=4)
    traces = [look.cloud(x, y)]
    for style, (name, value) in enumerate(named.items()):
        weights, bias = line(f"named[{name!r}]", value)
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


def weight_slider(inputs, labels, observation, weights, bias, grid):
    """Return a figure whose slider moves the weight over `grid`, from `weights`; the bias is fixed.

    Left: the line, and its error for one observation (its row in the data). Right: the squared error
    as a function of the weight; the slope of that curve, drawn as a tangent, is the gradient.
    """
    x, y = observations(inputs, labels)
    checks.whole_number("observation", observation, 0, len(x))
    start, bias = number("weights", weights), number("bias", bias)
    grid = np.unique(np.append(numbers("grid", grid), start))
    checks.require(len(grid) > 1, "grid", "a grid of some width", grid)
    error = y[observation] - (grid * x[observation] + bias)
    loss, gradient = error**2, -2 * error * x[observation]

    fig = weight_panels(x, y, observation, grid, loss, start)
    frames = weight_frames(x, y, observation, grid, bias, error, gradient)
    rows = zip(grid, loss, gradient)
    steps = [f"{w:.2f} (loss {height:.2f}, gradient {slope:.2f})" for w, height, slope in rows]
    fig.update_layout(yaxis_range=spread(y), yaxis2_range=spread(loss))
    return look.with_slider(fig, "w", steps, [1, 2, 5, 6], frames, int(np.searchsorted(grid, start)))


def weight_panels(x, y, observation, grid, loss, start):
    """Return the two panels of `weight_slider`, with empty traces for what the slider moves."""
    alt = (
        f"Left, a line through {len(x)} observations and its error for one of them. Right, the squared "
        f"error of that observation as the weight goes from {grid[0]:g} to {grid[-1]:g}: a parabola, "
        f"{loss.max():.3g} at its highest and {loss.min():.2g} at its lowest, near the weight "
        f"{grid[loss.argmin()]:.3g}. A slider moves the weight, from {start:.2f}."
    )
    left = [
        look.cloud(x, y),
        look.line([], [], "prediction", 0),
        look.line([], [], "error", 1).update(line_width=4),
        look.marks(x[[observation]], y[[observation]], "one observation", 1, size=9),
    ]
    right = [
        look.line(grid, loss.round(4), "loss", 3),
        look.line([], [], "gradient (slope of the loss)", 2),
        look.marks([], [], "loss at this weight", 2, showlegend=False),
    ]
    return look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "loss of one observation"))


def weight_frames(x, y, observation, grid, bias, error, gradient):
    """Return, for each weight of the grid, the line, its error, the tangent and the point on the loss."""
    x0, y0 = x[observation], y[observation]
    reach = np.array([-1, 1]) * np.ptp(grid) / 8
    return [
        [
            moved(*straight(x, w, bias)),
            moved([x0, x0], [y0, y0 - e]),
            moved(w + reach, e**2 + slope * reach),
            moved([w], [e**2]),
        ]
        for w, e, slope in zip(grid, error, gradient)
    ]


def epoch_slider(inputs, labels, steps, target):
    """Return a figure whose slider moves through one epoch, one observation at a time.

    inputs and labels (n, 1) or (n,); `steps` holds n + 1 pairs of (weights, bias), the start and then
    one after each observation; `target` is the pair that OLS gives.
    Left: the line and the observation that moved it last. Right: the path of weight and bias.
    """
    x, y = observations(inputs, labels)
    steps, target = path("steps", steps), path("target", [target])
    checks.require(len(steps) == len(x) + 1, "steps", f"{len(x) + 1} pairs", len(steps))
    fig = epoch_panels(x, y, steps, target)
    last = [(np.nan, np.nan), *zip(x, y)]  # at the start, none was used
    frames = [
        [moved(*straight(x, w, b)), moved([x0], [y0]), moved([w], [b])]
        for (w, b), (x0, y0) in zip(steps, last)
    ]
    texts = [f"{i} ({equation(*step)})" for i, step in enumerate(steps)]
    fig.update_layout(yaxis_range=spread(y))
    return look.with_slider(fig, "observations used", texts, [1, 2, 4], frames)


def epoch_panels(x, y, steps, target):
    """Return the two panels of `epoch_slider`, with empty traces for what the slider moves."""
    alt = (
        f"Left, the line as it moves through {len(x)} observations, from {equation(*steps[0])} to "
        f"{equation(*steps[-1])}. Right, the path of weight and bias towards the OLS solution, "
        f"{equation(*target[0])}. A slider goes through the epoch, one observation at a time."
    )
    left = [look.cloud(x, y), look.line([], [], "model", 0), look.marks([], [], "observation just used", 1)]
    right = [
        look.line(steps[:, 0], steps[:, 1], "path of weight and bias", 2, showlegend=False),
        look.marks([], [], "model now", 0, showlegend=False),
        look.marks(target[:, 0], target[:, 1], "OLS", 3),
    ]
    return look.two_panels(left, right, alt, ("x", "weight <i>w</i>"), ("y", "bias <i>b</i>"))
