"""Draws what a network makes of two or three inputs: its predictions."""

import copy

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from lib import checks
from lib.figures import look
from lib.figures.maps import TITLES, grid_over, hollow_data, level, lines_at, named_data, one_map, one_scale, predictions, repainted, shades
from lib.figures.values import labelled, numbers, to_numpy
from lib.models import predict
from lib.statistics import accuracy


def two_labels(data):
    """Return a scatter plot of two inputs (n, 2), the labels, 0 or 1, told apart by colour and shape."""
    inputs, labels = labelled(data)
    x, y, _ = grid_over(inputs)
    ranges = [f"{name} from {values.min():.2f} to {values.max():.2f}" for name, values in zip(("x1", "x2"), inputs.T)]
    alt = f"Scatter plot of {sum(labels == 0)} observations labelled 0 and {sum(labels == 1)} labelled 1, with {' and '.join(ranges)}."
    return one_map(named_data(inputs, labels, color=None), alt, x, y)


def surface(model, data):
    """Return a map of the predictions of `model` (n, 1), in percent, with its line at 50 percent and the data on it.

    data: inputs (n, 2), labels (n, 1) of 0 and 1. What lies below 0 and above 100 percent is darker.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    preds, right = predictions(model, grid), 100 * accuracy(predict(model, inputs)[..., 0], torch.from_numpy(labels))
    alt = f"Map of predictions over two inputs. {described(preds, right, len(labels))}"
    return one_map([*shades(x, y, [preds]), *named_data(inputs, labels)], alt, x, y)


def surface_slider(model, history, data, evaluation=None, frames=24):
    """Return such a map, with the loss beside it and a slider over some epochs, most of them where predictions change most.

    `history`, as of lib.training.train: loss, state (as of lib.models.state), perhaps evaluation_loss. `evaluation`: data drawn hollow.
    """
    inputs, labels = labelled(data)
    found = list(history) if isinstance(history, pd.DataFrame) and len(history) else type(history).__name__
    checks.require({"loss", "state"} <= set(found), "history", "a table with the columns loss and state, as of lib.training.train", found)
    checks.a_model("model", model)
    checks.whole_number("frames", frames)
    x, y, grid = grid_over(inputs)
    model = copy.deepcopy(model)
    def at(place):
        """Return the copy as the model was at a place of the history."""
        model.load_state_dict(history.state.iloc[place])
        return model
    places, maps = where_it_moves(lambda place: predictions(at(place), grid), len(history), frames)
    right = [100 * accuracy(predict(at(place), inputs)[..., 0], torch.from_numpy(labels)) for place in places]
    epochs, losses = history.index[places], numbers("history.loss", history.loss)[places]
    words = [f"At epoch {epochs[i]}: {described(maps[i], right[i], len(labels))}" for i in (0, -1)]
    alt = f"Map of predictions over two inputs, and beside it the loss, by epoch. {' '.join(words)}"
    others, (curves, heights) = hollow_data(evaluation) if evaluation else [], loss_curves(history, places)
    left = [*shades(x, y, maps), *others, *named_data(inputs, labels)]
    fig = one_scale(look.two_panels(left, curves, alt, [TITLES[0], "epoch"], [TITLES[1], "loss"]), x, y)
    steps = [f"{epoch} (loss {loss:.3f}, {percent:.0f} % correct)" for epoch, loss, percent in zip(epochs, losses, right)]
    moving = [[*parts, look.moved([epoch] * len(at), at)] for parts, epoch, at in zip(repainted(x, y, maps), epochs, heights)]
    look.with_slider(fig, "epoch", steps, [0, 1, len(fig.data) - 1], moving)
    room = dict(margin_t=60, xaxis_domain=[0, 0.64], xaxis2=dict(domain=[0.76, 1], nticks=4), yaxis2_title_standoff=4)
    return fig.update_layout(**room, height=220 + round(405 * fig.layout.meta["ratio"]))


def where_it_moves(seen, n, count):
    """Return up to `count` of n places, each halfway between those where `seen` moves most, from first to last, and what it is there."""
    maps = {place: seen(place) for place in (0, n - 1)}
    while len(maps) < min(count, n):
        pairs = [(a, b) for a, b in zip(sorted(maps), sorted(maps)[1:]) if b > a + 1]
        a, b = max(pairs, key=lambda pair: np.abs(maps[pair[1]] - maps[pair[0]]).clip(0, 1).mean() + (pair[1] - pair[0]) / n / 10)
        maps[(a + b) // 2] = seen((a + b) // 2)
    return sorted(maps), [maps[place] for place in sorted(maps)]


def loss_curves(history, places):
    """Return the traces of the loss by epoch, thinned out between some places, and that on evaluation data; and their heights there."""
    rows = history.iloc[sorted({*places, *range(0, len(history), len(history) // 150 + 1)})]
    names = [name for name in ("loss", "evaluation_loss") if name in history]
    heights = [numbers(f"history.{name}", rows[name]) for name in names]
    curves = [look.line(rows.index, y, name.split("_loss")[0], i, showlegend=False) for i, (name, y) in enumerate(zip(names, heights))]
    gap = curves[0].y - curves[-1].y
    i = int(np.abs(gap[:max(1, 3 * len(gap) // 4)]).argmax())  # where they are far apart
    sides = ("top", "bottom") if gap[i] > 0 else ("bottom", "top")
    words = [look.texts((one.x[i], one.y[i]), [one.name], where=f"{side} center") for one, side in zip(curves, sides) if len(curves) > 1]
    each = dict(marker_color=look.COLOURS[:len(names)], marker_symbol=look.SYMBOLS[:len(names)])
    return [*curves, *words, look.marks([], [], "this epoch", showlegend=False, **each)], history[names].to_numpy()[places]


def boundary_band(networks, data):
    """Return a map of how many percent of some networks predict 1, with the data on it.

    `networks`: a list or Series of models; data: inputs (n, 2), labels (n, 1). Nine in ten boundaries lie between the dashed lines.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    checks.require(isinstance(networks, (list, pd.Series)) and len(networks), "networks", "a list or Series of models", f"{networks!r:.60}")
    each = [predictions(network, grid) > 0.5 for network in networks]
    votes = np.mean(each, axis=0)
    edges = [level(x, y, lines_at(x, y, [votes], share)[0], f"{share:.0%}", width=1.5, dash="dash") for share in (0.05, 0.95)]
    traces = [*shades(x, y, [votes]), *edges, *named_data(inputs, labels, size=4)]
    divided = 100 * np.mean((votes > 0.05) & (votes < 0.95))
    alt = f"Map of the share of {len(each)} networks that predict 1. They are divided on {divided:.0f} percent of its area."
    return one_map(traces, alt, x, y)


def response_slider(models, data, titles, groups):
    """Return two maps of predictions, in percent, with a slider over the third input.

    `models` is a dict of two models of three inputs (of replicas, the mean is drawn). data: inputs (n, 3), of few different numbers each
    (a mark's area is how many are there), labels (n, 1), 0 or 1. `titles` name the inputs, `groups` the labels. Raises ValueError.
    """
    inputs, labels = labelled(data, features=3)
    checks.require(isinstance(models, dict) and len(models) == 2, "models", "a dict of two models", repr(models))
    checks.require(len(titles) == 3, "titles", "three names of inputs", titles)
    checks.require(len(groups) == 2, "groups", "two names of labels", groups)
    x, y = np.linspace(inputs[:, :2].min(axis=0), inputs[:, :2].max(axis=0), 25).T.round(4)
    thirds, counts = np.unique(inputs[:, 2], return_counts=True)
    maps = [[mean_prediction(model, x, y, third) for third in thirds] for model in models.values()]
    people = [[crowd(inputs[(inputs[:, 2] == third) & (labels == label)], label) for label in (0, 1)] for third in thirds]
    frames = [[*one, *some, *other, *some] for one, other, some in zip(*(repainted(x, y, some) for some in maps), people)]
    steps = [f"{third:g} ({count} observations)" for third, count in zip(thirds, counts)]
    ranges = [" and ".join(f"{100 * preds.min():.0f} to {100 * preds.max():.0f}" for preds in pair) for pair in zip(*maps)]
    words = [f"at {third:g} from {range_} percent" for third, range_ in zip(thirds, ranges)]
    alt = (f"Two maps of predictions, {' and '.join(models)}, over {titles[0]} and {titles[1]}. By {titles[2]} they go, "
           f"{'; '.join(words)}.")
    marks = lambda key: [look.marks([], [], name, i, showlegend=key, hovertemplate="%{customdata}") for i, name in enumerate(groups)]
    left, right = shades(x, y, maps[0], showscale=False) + marks(key=True), shades(x, y, maps[1]) + marks(key=False)
    fig = look.two_panels(left, right, alt, titles[:1] * 2, titles[1:2] * 2)
    fig.update_traces(colorbar=dict(orientation="v", x=1.02, y=0.5, yanchor="middle", len=320), selector=dict(type="heatmap"))
    for axis, name in zip(("", "2"), models):
        fig.add_annotation(text=name, x=0.5, y=1, xref=f"x{axis} domain", yref=f"y{axis} domain", yanchor="bottom", showarrow=False)
    look.with_slider(fig, titles[2], steps, list(range(8)), frames, active=int(counts.argmax()))
    return fig.update_layout(legend=dict(y=1.12, itemsizing="constant"), margin_t=70)


def mean_prediction(model, x, y, third):
    """Return the predictions (y, x) for one value of the third input, averaged over replicas."""
    points = np.stack([*np.meshgrid(x, y), np.full((len(y), len(x)), third)], axis=-1)
    preds = to_numpy(predict(model, points.reshape(-1, 3)))
    checks.require(preds.shape[-1] == 1, "models", "one output each", preds.shape[-1])
    return preds.reshape(-1, len(y), len(x)).mean(axis=0)


def crowd(inputs, label):
    """Return what a slider changes of a label's marks: how many of its inputs are at each place, slightly apart from the other's."""
    places, n = np.unique(inputs[:, :2], axis=0, return_counts=True)
    return go.Scatter(x=places[:, 0] + 0.3 * label - 0.15, y=places[:, 1], customdata=n, marker_size=(4 * np.sqrt(n)).round(1))


def described(preds, right, n):
    """Return in words what a map of predictions shows, and how many percent of n observations are right."""
    low, high = 100 * preds.min(), 100 * preds.max()
    return f"Predictions from {low:.0f} to {high:.0f} percent; {right:.0f} percent of {n} observations on the right side of the boundary."
