"""Paints predictions as maps: shades, a line at a share such as 50 percent, and the observations on top."""

import copy

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.values import labelled, to_numpy
from lib.models import predict

# From the colour of label 0 to that of label 1, pale enough for the data to stand out; beyond 0 and 100 percent it is darker.
PALE = [[0, "#9cc7e4"], [0.5, "#f4f4f4"], [1, "#f3b98f"]]
BELOW, ABOVE = "#5d9fcb", "#dd9159"
RESOLUTION = 49
TITLES = ("x<sub>1</sub>", "x<sub>2</sub>")
INK = "#222222"  # on maps, which are pale on a dark page too
BAR = dict(orientation="h", xanchor="left", yanchor="bottom", xpad=0, ypad=5, thickness=10, lenmode="pixels", len=240, outlinewidth=0)


def grid_over(inputs):
    """Return the two axes and the points (RESOLUTION squared, 2) of a grid that covers the inputs."""
    room = 0.15 * np.ptp(inputs, axis=0)
    checks.require((room > 0).all(), "inputs", "two columns that vary", f"ranges {np.ptp(inputs, axis=0)}")
    x, y = np.linspace(inputs.min(axis=0) - room, inputs.max(axis=0) + room, RESOLUTION).T.round(4)
    return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def predictions(model, grid):
    """Return the predictions of a model on the grid, (RESOLUTION, RESOLUTION), in double precision."""
    checks.a_model("model", model)
    outputs = to_numpy(predict(copy.deepcopy(model).double(), grid))
    checks.require(outputs.shape[1:] == (1,), "model", "one output of one network", f"shape {outputs.shape}")
    return outputs.reshape(RESOLUTION, RESOLUTION)


def in_percent(preds):
    """Return predictions in percent: whole ones in a byte each, or tenths if some lie beyond 0 and 100, so that edges are straight."""
    percent = np.round(100 * preds, 1).clip(-9999, 9999).astype("f4")
    return np.rint(100 * preds).astype(np.uint8) if percent.min() > -0.5 and percent.max() < 100.5 else percent


def colours(maps):
    """Return plotly's settings of colours that cover some maps: from 0 to 100 percent, and beyond as far as they go."""
    low, high = 25 * int(np.floor(4 * min(0, np.min(maps)))), 25 * int(np.ceil(4 * max(1, np.max(maps))))
    zero, hundred = -low / (high - low), (100 - low) / (high - low)
    scale = [[zero + share * (hundred - zero), colour] for share, colour in PALE]
    scale = [[0, BELOW], [zero, BELOW]] * (low < 0) + scale + [[hundred, ABOVE], [1, ABOVE]] * (high > 100)
    ticks = sorted({low, 0, 50, 100, high} if high - low <= 300 else {low, 0, 100, high})
    bar = dict(BAR, x=0, y=1, tickvals=ticks, ticktext=[f"{tick} %".replace("-", "−") for tick in ticks])
    return dict(zmin=low, zmax=high, colorscale=scale, colorbar=bar, zsmooth="best" if len(scale) > 3 else "fast")


def shades(x, y, maps, showscale=True):
    """Return two traces of the first of some maps: shades, in colours that cover all of them, and its line at 50 percent."""
    (paint, line), *_ = repainted(x, y, maps)
    step = (len(x) - 1) // (len(paint.z) - 1)
    how = dict(x=x[::step], y=y[::step], name="prediction", hovertemplate="%{z} %", showscale=showscale, **colours(maps))
    return [paint.update(how), level(x, y, line, "50%", width=2)]


def repainted(x, y, maps):
    """Return for each map the parts of the traces of `shades` that a slider changes."""
    lines = lines_at(x, y, maps, 0.5)
    step = 4 if lines[0].type == "scatter" and (np.min(maps) < 0 or np.max(maps) > 1) else 1  # plotly fills in what is a plane
    return [(go.Heatmap(z=in_percent(preds[::step, ::step])), line) for preds, line in zip(maps, lines)]


def level(x, y, part, name, **pen):
    """Return the trace of a line of `lines_at`."""
    style = dict(line=dict(color=INK, **pen), name=name, showlegend=False, hoverinfo="skip")
    if part.type == "scatter":
        return go.Scatter(part, mode="lines", **style)
    return go.Contour(part, x=x, y=y, contours=dict(start=0, end=0, size=1, coloring="none"), line_smoothing=0, showscale=False, **style)


def lines_at(x, y, maps, share):
    """Return for each map what a slider changes of its line at a share: its ends if all are straight, otherwise heights above it."""
    ends = [straight(x, y, preds, share) for preds in maps]
    return [go.Contour(z=near_zero(heights(preds, share)[-1])) for preds in maps] if None in ends else [look.moved(*pair) for pair in ends]


def heights(preds, share):
    """Return predictions less a share and, if they are probabilities, their log odds less its own, which bend less."""
    odds = lambda p: np.log(p) - np.log1p(-p)
    probable = preds.min() > 0 and preds.max() <= 1  # a share of votes may be 0
    return [preds - share, *([odds(preds.clip(max=1 - 1e-15)) - odds(share)] if probable else [])]


def straight(x, y, preds, share):
    """Return the ends, two x and two y, of the line at a share if predictions or their log odds lie on a plane, otherwise None."""
    design = np.column_stack([*(axis.ravel() for axis in np.meshgrid(x, y)), np.ones(preds.size)])
    for height in heights(preds, share):
        (a, b, c), *_ = np.linalg.lstsq(design, height.ravel())
        if np.abs(design @ (a, b, c) - height.ravel()).max() < 1e-7 and max(abs(a), abs(b)) > 1e-9:
            across = abs(a) * np.ptp(x) < abs(b) * np.ptp(y)
            return (x[[0, -1]], -(a * x[[0, -1]] + c) / b) if across else (-(b * y[[0, -1]] + c) / a, y[[0, -1]])
    return None


def near_zero(heights):
    """Return heights in whole steps, cut off where they are too far from 0 to move the line there: there is less to store."""
    pairs = [(heights[1:], heights[:-1]), (heights[:, 1:], heights[:, :-1])]
    reach = max(np.maximum(abs(one), abs(other)).max(where=(one > 0) != (other > 0), initial=1e-3) for one, other in pairs)
    return np.rint(1000 * (heights / reach).clip(-1, 1)).astype(np.int16)


def named_data(inputs, labels, color=INK, size=7):
    """Return two traces of the data, and the names of their labels: above the one that lies higher, below the other; so no legend."""
    traces = [look.marks(*inputs[labels == i].round(3).T, f"y = {i}", i, size, showlegend=False) for i in (0, 1)]
    low, high = sorted(traces, key=lambda one: np.sum(one.y) / max(len(one.y), 1))
    ends = [(one, find(one.y), side) for one, find, side in ((low, np.argmin, "bottom"), (high, np.argmax, "top")) if len(one.y)]
    off = {"top": 0.02 * np.ptp(inputs[:, 1]), "bottom": -0.02 * np.ptp(inputs[:, 1])}
    spot = lambda one, i, side: (one.x[i], one.y[i] + off[side])
    return [*traces, *(look.texts(spot(*end), [end[0].name], color=color, where=f"{end[2]} center") for end in ends)]


def hollow_data(data):
    """Return two traces of data that the model was not trained on, told from those that it was by being hollow."""
    inputs, labels = labelled(data)
    return [look.marks(*inputs[labels == i].T.round(3).astype("f4"), f"y = {i}, evaluation", i, 6, showlegend=False,
                       marker_symbol=f"{look.SYMBOLS[i]}-open") for i in (0, 1)]


def one_map(traces, alt, x, y):
    """Return a figure of one map, as high as it is if both inputs have one scale."""
    fig = one_scale(look.one_panel(traces, alt, *TITLES), x, y)
    return fig.update_layout(margin_t=60, height=110 + round(632 * fig.layout.meta["ratio"]))


def one_scale(fig, x, y, panels=("",)):
    """Draw both inputs of the maps in some panels to one scale, on phones too, and hold them to the range of the map."""
    for panel in panels:
        fig.layout[f"xaxis{panel}"].update(range=[x[0], x[-1]], constrain="domain", constraintoward="left")
        fig.layout[f"yaxis{panel}"].update(range=[y[0], y[-1]], constrain="domain", constraintoward="top", scaleanchor=f"x{panel}")
    return fig.update_layout(meta={**fig.layout.meta, "ratio": min(1, np.ptp(y) / np.ptp(x))})
