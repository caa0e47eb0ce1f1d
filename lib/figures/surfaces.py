"""Draws what a network makes of two inputs: its predictions, its neurons, its hidden space."""

import copy

import numpy as np
import torch
from plotly.subplots import make_subplots

from lib import checks
from lib.figures import look
from lib.figures.maps import RESOLUTION, TITLES, data_traces, grid_over, in_steps, level, predictions, repainted, shades
from lib.figures.networks import trained_layers, weights_of
from lib.figures.values import filled_dict, labelled
from lib.models import predict
from lib.replicas import replicas_of
from lib.statistics import accuracy


def two_labels(data):
    """Return a scatter plot of two inputs (n, 2), the labels, 0 or 1, told apart by colour and shape."""
    inputs, labels = labelled(data)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    alt = (
        f"Scatter plot of {sum(labels == 0)} observations labelled 0 and {sum(labels == 1)} labelled 1, with "
        f"x1 from {low[0]:.2f} to {high[0]:.2f} and x2 from {low[1]:.2f} to {high[1]:.2f}."
    )
    return look.one_panel(data_traces(inputs, labels), alt, *TITLES)


def surface(model, data):
    """Return a map of the predictions of `model`, in percent, with the data on it.

    data: inputs (n, 2), labels (n, 1) of 0 and 1; `model` has two inputs and one output. The line on the
    map is where the prediction is 50 percent.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    preds = predictions(model, grid)
    alt = f"Map of predictions over two inputs. {described(preds, percent_right(model, inputs, labels), len(labels))}"
    return look.one_panel([*shades(x, y, preds), *data_traces(inputs, labels)], alt, *TITLES)


def surface_slider(model, states, data):
    """Return such a map with a slider over epochs, starting at the last one.

    `states` is a dict or Series from an epoch to what `lib.models.state` noted then. The model
    itself is not changed.
    """
    inputs, labels = labelled(data)
    states = dict(states)
    filled_dict("states", states)
    checks.a_model("model", model)
    x, y, grid = grid_over(inputs)
    models = [at_state(model, state) for state in states.values()]
    epochs = [int(epoch) for epoch in states]
    maps = [predictions(one, grid) for one in models]
    right = [percent_right(one, inputs, labels) for one in models]
    words = [f"At epoch {epochs[i]}: {described(maps[i], right[i], len(labels))}" for i in (0, -1)]
    alt = f"Map of predictions over two inputs, by epoch. {' '.join(words)}"
    fig = look.one_panel([*shades(x, y, maps[0]), *data_traces(inputs, labels)], alt, *TITLES)
    steps = [f"{epoch} ({percent:.0f} % correct)" for epoch, percent in zip(epochs, right)]
    return look.with_slider(fig, "epoch", steps, [0, 1], [repainted(preds) for preds in maps], active=len(steps) - 1)


def boundary_band(networks, data):
    """Return a map of how many percent of some networks predict 1, with the data on it.

    `networks` is a list or Series of models, or a model with replicas; data: inputs (n, 2), labels (n, 1). The
    networks agree where the map is 0 or 100 percent. Between the dashed lines, at 5 and 95 percent, they do
    not: nine in ten boundaries lie in that band.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    votes = (votes_of(networks, grid) > 0.5).mean(axis=0).reshape(RESOLUTION, RESOLUTION)
    edges = [level(x, y, votes, share, width=1.5, dash="dash") for share in (0.05, 0.95)]
    traces = [*shades(x, y, votes), *edges, *data_traces(inputs, labels, size=4)]
    divided = 100 * np.mean((votes > 0.05) & (votes < 0.95))
    count = replicas_of(networks) if isinstance(networks, torch.nn.Module) else len(networks)
    alt = f"Map of the share of {count} networks that predict 1. They are divided on {divided:.0f} percent of its area."
    fig = look.one_panel(traces, alt, *TITLES)
    return fig.update_traces(colorbar_title_text="% say 1", selector=dict(type="heatmap"))


def votes_of(networks, grid):
    """Return the predictions of several networks on the grid, (networks, points, 1)."""
    if isinstance(networks, torch.nn.Module):
        checks.require(replicas_of(networks) is not None, "networks", "several, or a model with replicas", "a plain model")
        return predict(networks, grid).numpy()
    checks.require(len(networks) > 0, "networks", "at least one", "none")
    return np.stack([predict(network, grid).numpy() for network in networks])


def neurons(model, data):
    """Return one small map for each neuron of the first layer of `model`, an nn.Sequential."""
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    places = trained_layers(model)
    outputs = predict(model[:[*places, len(model)][1]], grid).numpy()
    count = outputs.shape[1]
    rows = -(-count // 2)
    fig = make_subplots(rows, min(count, 2), shared_xaxes=True, shared_yaxes=True, horizontal_spacing=0.06,
                        vertical_spacing=0.1, subplot_titles=[f"neuron {i + 1}" for i in range(count)])
    for i in range(count):
        map_ = outputs[:, i].reshape(RESOLUTION, RESOLUTION)
        for trace in [*shades(x, y, map_, scale=False), *data_traces(inputs, labels, size=4)]:
            fig.add_trace(trace.update(showlegend=False), i // 2 + 1, i % 2 + 1)
    alt = f"{count} maps, one for each hidden neuron: each is a smooth step across a straight line of its own."
    return fig.update_layout(template=look.LOOK, meta={"alt": alt}, height=300 * rows)


def hidden_space(model, data):
    """Return the data as the last hidden layer of `model`, an nn.Sequential, represents them.

    Of its many dimensions two are drawn: the weighted sum that the output neuron computes, and
    across it the direction in which the data vary most. Where the sum is 0 the prediction is 50 percent.
    """
    inputs, labels = labelled(data)
    last = trained_layers(model)[-1]
    values = predict(model[:last], inputs).numpy()
    weights = weights_of(model)[-1][:, 0]
    checks.require(len(weights) > 1, "model", "at least two neurons in its last hidden layer", len(weights))
    along = weights / np.linalg.norm(weights)
    centred = values - values.mean(axis=0)
    across = centred - np.outer(centred @ along, along)
    main = np.linalg.svd(across, full_matrices=False)[2][0]
    points = np.column_stack([values @ weights + model[last].bias.item(), across @ main])
    boundary = look.line([0, 0], [points[:, 1].min(), points[:, 1].max()], "50 percent", 2)
    right = 100 * np.mean((points[:, 0] > 0) == labels)
    alt = f"The data in the hidden layer's space: a straight line has {right:.0f} percent of them on the right side."
    titles = ("weighted sum of the hidden layer", "main direction across it")
    return look.one_panel([*data_traces(points, labels), boundary], alt, *titles)


def at_state(model, state):
    """Return a copy of the model with the parameters of `state`."""
    model = copy.deepcopy(model)
    model.load_state_dict(state)
    return model


def percent_right(model, inputs, labels):
    """Return the percentage of labels on the right side of 50 percent."""
    preds = predict(model, inputs)[..., 0]
    return 100 * accuracy(preds, torch.from_numpy(labels))


def described(preds, right, n):
    """Return in words what a map of predictions shows, and how many percent of n observations are right."""
    percent = in_steps(preds)
    return (
        f"Predictions from {percent.min()} to {percent.max()} percent; {right:.0f} percent of {n} observations on the "
        "right side of the boundary."
    )
