"""Draws what a network makes of two or three inputs: its predictions."""

import copy

import numpy as np
import plotly.graph_objects as go
import torch

from lib import checks
from lib.figures import look
from lib.figures.maps import TITLES, data_traces, grid_over, in_steps, level, predictions, repainted, shades
from lib.figures.values import filled_dict, labelled, to_numpy
from lib.models import predict
from lib.replicas import alone, replicas_of
from lib.statistics import accuracy

STEPS = 25  # of the maps of response_slider, on each axis


def two_labels(data):
    """Return a scatter plot of two inputs (n, 2), the labels, 0 or 1, told apart by colour and shape."""
    inputs, labels = labelled(data)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    alt = (f"Scatter plot of {sum(labels == 0)} observations labelled 0 and {sum(labels == 1)} labelled 1, with x1 from {low[0]:.2f} to "
           f"{high[0]:.2f} and x2 from {low[1]:.2f} to {high[1]:.2f}.")
    return look.one_panel(data_traces(inputs, labels), alt, *TITLES)


def surface(model, data):
    """Return a map of the predictions of `model` (n, 1), in percent, with its line at 50 percent and the data on it.

    data: inputs (n, 2), labels (n, 1) of 0 and 1.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    preds = predictions(model, grid)
    alt = f"Map of predictions over two inputs. {described(preds, percent_right(model, inputs, labels), len(labels))}"
    return look.one_panel([*shades(x, y, preds), *data_traces(inputs, labels)], alt, *TITLES)


def surface_slider(model, states, data):
    """Return such a map with a slider over epochs, starting at the last one.

    `states` is a dict or Series from an epoch to what `lib.models.state` noted then. The model itself is not changed.
    """
    inputs, labels = labelled(data)
    states = dict(states)
    filled_dict("states", states)
    x, y, grid = grid_over(inputs)
    epochs, models = [int(epoch) for epoch in states], [at_state(model, state) for state in states.values()]
    maps, right = [predictions(one, grid) for one in models], [percent_right(one, inputs, labels) for one in models]
    words = [f"At epoch {epochs[i]}: {described(maps[i], right[i], len(labels))}" for i in (0, -1)]
    alt = f"Map of predictions over two inputs, by epoch. {' '.join(words)}"
    fig = look.one_panel([*shades(x, y, maps[0]), *data_traces(inputs, labels)], alt, *TITLES)
    steps = [f"{epoch} ({percent:.0f} % correct)" for epoch, percent in zip(epochs, right)]
    return look.with_slider(fig, "epoch", steps, [0, 1], [repainted(preds) for preds in maps], active=len(steps) - 1)


def boundary_band(networks, data):
    """Return a map of how many percent of some networks predict 1, with the data on it.

    `networks` is a list or Series of models, or a model with replicas; data: inputs (n, 2), labels (n, 1). The networks agree where the
    map is 0 or 100 percent. Nine in ten boundaries lie between the dashed lines, at 5 and 95 percent.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    if isinstance(networks, torch.nn.Module):
        networks = [alone(networks, replica) for replica in range(replicas_of(networks) or 0)]
    checks.require(networks is not None and len(networks) > 0, "networks", "some models, or one with replicas", "none")
    each = [predictions(network, grid) > 0.5 for network in networks]
    votes = np.mean(each, axis=0)
    edges = [level(x, y, votes, share, width=1.5, dash="dash") for share in (0.05, 0.95)]
    traces = [*shades(x, y, votes), *edges, *data_traces(inputs, labels, size=4)]
    divided = 100 * np.mean((votes > 0.05) & (votes < 0.95))
    alt = f"Map of the share of {len(each)} networks that predict 1. They are divided on {divided:.0f} percent of its area."
    fig = look.one_panel(traces, alt, *TITLES)
    return fig.update_traces(colorbar_title_text="% say 1", selector=dict(type="heatmap"))


def response_slider(models, data, titles, groups):
    """Return two maps of predictions, in percent, with a slider over the third input.

    `models` is a dict from a name to a model of three inputs; of a model with replicas the mean is drawn. data: inputs (n, 3) of few
    different numbers each, such as answers on a scale, labels (n, 1) of 0 or 1: the area of a mark grows with the observations there.
    `titles` are the names of the inputs, `groups` those of the labels. Raises ValueError where these do not fit.
    """
    inputs, labels = labelled(data, features=3)
    checks.require(isinstance(models, dict) and len(models) == 2, "models", "a dict of two models", repr(models))
    checks.require(len(titles) == 3, "titles", "three names of inputs", titles)
    checks.require(len(groups) == 2, "groups", "two names of labels", groups)
    x, y = np.linspace(inputs[:, :2].min(axis=0), inputs[:, :2].max(axis=0), STEPS).T.round(4)
    frames, words, steps = [], [], []
    thirds, counts = np.unique(inputs[:, 2], return_counts=True)
    for third, count in zip(thirds, counts):
        maps = [mean_prediction(model, x, y, third) for model in models.values()]
        people = crowds(inputs[inputs[:, 2] == third], labels[inputs[:, 2] == third])
        frames.append([trace for preds in maps for trace in [*repainted(preds), *people]])
        steps.append(f"{third:g} ({count} observations)")
        ranges = [f"{100 * preds.min():.0f} to {100 * preds.max():.0f}" for preds in maps]
        words.append(f"at {third:g} from {' and '.join(ranges)} percent")
    alt = (f"Two maps of predictions, {' and '.join(models)}, over {titles[0]} and {titles[1]}. By {titles[2]} they go, "
           f"{'; '.join(words)}.")
    fig = look.two_panels(*panels(x, y, groups), alt, titles[:1] * 2, titles[1:2] * 2)
    return headed(look.with_slider(fig, titles[2], steps, list(range(8)), frames, active=int(counts.argmax())), models)


def mean_prediction(model, x, y, third):
    """Return the predictions (y, x) for one value of the third input, averaged over replicas."""
    points = np.stack([*np.meshgrid(x, y), np.full((len(y), len(x)), third)], axis=-1)
    preds = to_numpy(predict(model, points.reshape(-1, 3)))
    checks.require(preds.shape[-1] == 1, "models", "one output each", f"{preds.shape[-1]}")
    return preds.reshape(-1, len(y), len(x)).mean(axis=0)


def crowds(inputs, labels):
    """Return for each label what a slider changes: how many observations are at each place, slightly apart."""
    found = [np.unique(inputs[labels == label, :2], axis=0, return_counts=True) for label in (0, 1)]
    return [go.Scatter(x=places[:, 0] + 0.3 * label - 0.15, y=places[:, 1], customdata=n, marker_size=(4 * np.sqrt(n)).round(1))
            for label, (places, n) in enumerate(found)]


def panels(x, y, groups):
    """Return the traces of both panels, as yet without predictions and observations."""
    maps = [shades(x, y, np.zeros((len(y), len(x))), scale=right) for right in (False, True)]
    people = [[look.marks([], [], name, label, showlegend=not right, hovertemplate="%{customdata}") for label, name in enumerate(groups)]
              for right in (False, True)]
    return maps[0] + people[0], maps[1] + people[1]


def headed(fig, names):
    """Write the name of its model above each panel."""
    for axis, name in zip(("", "2"), names):
        fig.add_annotation(text=name, x=0.5, y=1, xref=f"x{axis} domain", yref=f"y{axis} domain", yanchor="bottom", showarrow=False)
    return fig.update_layout(legend=dict(y=1.12, itemsizing="constant"), margin_t=70)


def at_state(model, state):
    """Return a copy of the model with the parameters of `state`."""
    checks.a_model("model", model)
    model = copy.deepcopy(model)
    model.load_state_dict(state)
    return model


def percent_right(model, inputs, labels):
    """Return the percentage of labels on the right side of 50 percent."""
    return 100 * accuracy(predict(model, inputs)[..., 0], torch.from_numpy(labels))


def described(preds, right, n):
    """Return in words what a map of predictions shows, and how many percent of n observations are right."""
    low, high = in_steps(np.array([preds.min(), preds.max()]))
    return f"Predictions from {low} to {high} percent; {right:.0f} percent of {n} observations on the right side of the boundary."
