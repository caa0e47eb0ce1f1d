"""Draws what a network makes of two inputs: its predictions, its neurons, its hidden space."""

import copy

import numpy as np
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots

from lib import checks
from lib.figures import look
from lib.figures.values import plane
from lib.models import replicas_of

# From the colour of label 0 to that of label 1, pale enough for the data to stand out.
PALE = [[0, "#9cc7e4"], [0.5, "#f4f4f4"], [1, "#f3b98f"]]
RESOLUTION = 40
# The line at 50 percent is drawn from finer steps than whole percents, in which it would stagger: as many as a byte holds.
FINE = 255
TITLES = ("x<sub>1</sub>", "x<sub>2</sub>")


def two_labels(inputs, labels):
    """Return a scatter plot of two inputs (n, 2), the labels, 0 or 1, told apart by colour and shape."""
    inputs, labels = plane(inputs, labels)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    alt = (
        f"Scatter plot of {sum(labels == 0)} observations labelled 0 and {sum(labels == 1)} labelled 1, with "
        f"x1 from {low[0]:.2f} to {high[0]:.2f} and x2 from {low[1]:.2f} to {high[1]:.2f}."
    )
    return look.one_panel(both(inputs, labels), alt, *TITLES)


def surface(model, inputs, labels):
    """Return a map of the predictions of `model`, in percent, with the data on it.

    inputs (n, 2), labels (n, 1) of 0 and 1; `model` has two inputs and one output. The line on the
    map is where the prediction is 50 percent.
    """
    checks.a_model("model", model)
    inputs, labels = plane(inputs, labels)
    x, y, grid = grid_over(inputs)
    preds = predictions(model, grid)
    alt = f"Map of predictions over two inputs. {described(preds, model, inputs, labels)}"
    return look.one_panel([*shades(x, y, preds), *both(inputs, labels)], alt, *TITLES)


def surface_slider(model, states, inputs, labels):
    """Return such a map with a slider over epochs, starting at the last one.

    `states` is a dict or Series from an epoch to what `lib.training.state` noted then. The model
    itself is not changed.
    """
    inputs, labels = plane(inputs, labels)
    states = dict(states)
    checks.dictionary("states", states)
    checks.a_model("model", model)
    x, y, grid = grid_over(inputs)
    models = [at_state(model, state) for _, state in states.items()]
    epochs = [int(epoch) for epoch, _ in states.items()]
    maps = [predictions(one, grid) for one in models]
    words = [described(preds, one, inputs, labels) for preds, one in zip(maps, models)]
    alt = (
        f"Map of predictions over two inputs, by epoch. At epoch {epochs[0]}: {words[0]} "
        f"At epoch {epochs[-1]}: {words[-1]}"
    )
    fig = look.one_panel([*shades(x, y, maps[0]), *both(inputs, labels)], alt, *TITLES)
    steps = [f"{epoch} ({correct(one, inputs, labels):.0f} % correct)" for epoch, one in zip(epochs, models)]
    return look.with_slider(fig, "epoch", steps, [0, 1], [repainted(preds) for preds in maps], active=len(steps) - 1)


def boundary_band(model, inputs, labels):
    """Return a map of how many percent of the replicas of `model` predict 1, with the data on it.

    inputs (n, 2), labels (n, 1). The replicas agree where the map is 0 or 100 percent. Between the
    dashed lines, at 5 and 95 percent, they do not: nine in ten boundaries lie in that band.
    """
    replicas = replicas_of(model)
    checks.require(replicas is not None, "model", "a model with replicas", "a plain one")
    inputs, labels = plane(inputs, labels)
    x, y, grid = grid_over(inputs)
    votes = (hidden(model, grid) > 0.5).mean(axis=0).reshape(RESOLUTION, RESOLUTION)
    edges = [level(x, y, votes, share, width=1.5, dash="dash") for share in (0.05, 0.95)]
    traces = [*shades(x, y, votes), *edges, *both(inputs, labels, size=4)]
    divided = 100 * np.mean((votes > 0.05) & (votes < 0.95))
    alt = (
        f"Map of the share of {replicas} networks that predict 1. They are divided on {divided:.0f} percent "
        "of its area."
    )
    fig = look.one_panel(traces, alt, *TITLES)
    return fig.update_traces(colorbar_title_text="% say 1", selector=dict(type="heatmap"))


def neurons(model, inputs, labels):
    """Return one small map for each neuron of the first layer of `model`, an nn.Sequential."""
    inputs, labels = plane(inputs, labels)
    x, y, grid = grid_over(inputs)
    outputs = hidden(model[:1], grid)
    count = outputs.shape[1]
    rows = -(-count // 2)
    fig = make_subplots(rows, min(count, 2), shared_xaxes=True, shared_yaxes=True, horizontal_spacing=0.06,
                        vertical_spacing=0.1, subplot_titles=[f"neuron {i + 1}" for i in range(count)])
    for i in range(count):
        map_ = outputs[:, i].reshape(RESOLUTION, RESOLUTION)
        for trace in [*shades(x, y, map_, scale=False), *both(inputs, labels, size=4)]:
            fig.add_trace(trace.update(showlegend=False), i // 2 + 1, i % 2 + 1)
    alt = f"{count} maps, one for each hidden neuron: each is a smooth step across a straight line of its own."
    return fig.update_layout(template=look.LOOK, meta={"alt": alt}, height=300 * rows)


def hidden_space(model, inputs, labels):
    """Return the data as the last hidden layer of `model`, an nn.Sequential, represents them.

    Of its many dimensions two are drawn: the weighted sum that the output neuron computes, and
    across it the direction in which the data vary most. Where the sum is 0 the prediction is 50 percent.
    """
    inputs, labels = plane(inputs, labels)
    values = hidden(model[:-1], torch.tensor(inputs, dtype=torch.float32))
    weights = model[-1].weights.detach().numpy()[:, 0]
    checks.require(len(weights) > 1, "model", "at least two neurons in its last hidden layer", len(weights))
    along = weights / np.linalg.norm(weights)
    across = values - values.mean(axis=0) - np.outer((values - values.mean(axis=0)) @ along, along)
    main = np.linalg.svd(across, full_matrices=False)[2][0]
    points = np.column_stack([values @ weights + model[-1].bias.item(), across @ main])
    ends = [points[:, 1].min(), points[:, 1].max()]
    boundary = look.line([0, 0], ends, "50 percent", 2)
    right = 100 * np.mean((points[:, 0] > 0) == labels)
    alt = f"The data in the hidden layer's space: a straight line has {right:.0f} percent of them on the right side."
    titles = ("weighted sum of the hidden layer", "main direction across it")
    return look.one_panel([*both(points, labels), boundary], alt, *titles)


def grid_over(inputs):
    """Return the two axes and the points (RESOLUTION squared, 2) of a grid that covers the inputs."""
    room = 0.15 * np.ptp(inputs, axis=0)
    checks.require((room > 0).all(), "inputs", "two columns that vary", f"ranges {np.ptp(inputs, axis=0)}")
    low, high = inputs.min(axis=0) - room, inputs.max(axis=0) + room
    x, y = np.linspace(low, high, RESOLUTION).T
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return x.round(4), y.round(4), torch.tensor(points, dtype=torch.float32)


def predictions(model, grid):
    """Return the predictions of a model on the grid, (RESOLUTION, RESOLUTION)."""
    outputs = hidden(model, grid)
    checks.require(outputs.shape[1] == 1, "model", "one output", f"{outputs.shape[1]}")
    return outputs.reshape(RESOLUTION, RESOLUTION)


def in_steps(preds, steps=100):
    """Return predictions in whole steps, 100 or FINE from 0 to 1, in a byte each unless some lie beyond."""
    whole = np.rint(steps * preds)
    bounded = 0 <= whole.min() and whole.max() <= steps
    return whole.clip(-9999, 9999).astype(np.uint8 if bounded else np.int16)


def near(preds, share):
    """Return predictions in FINE steps, cut off where they are further from a share than any two neighbours are apart.

    The line at this share stays where it is, and there is less to store.
    """
    reach = max(np.abs(np.diff(preds, axis=axis)).max() for axis in (0, 1))
    return in_steps(preds.clip(share - reach, share + reach), FINE)


def hidden(layers, inputs):
    """Return what some layers make of the inputs, as an array, without gradients."""
    with torch.no_grad():
        return layers(inputs).numpy()


def at_state(model, state):
    """Return a copy of the model with the parameters of `state`."""
    model = copy.deepcopy(model)
    model.load_state_dict(state)
    return model


def correct(model, inputs, labels):
    """Return the percentage of labels on the right side of 50 percent."""
    outputs = hidden(model, torch.tensor(inputs, dtype=torch.float32))[:, 0]
    return 100 * np.mean((outputs > 0.5) == labels)


def described(preds, model, inputs, labels):
    """Return in words what a map of predictions shows."""
    percent = in_steps(preds)
    return (
        f"Predictions from {percent.min()} to {percent.max()} percent; {correct(model, inputs, labels):.0f} "
        f"percent of {len(labels)} observations on the right side of the boundary."
    )


def shades(x, y, preds, scale=True):
    """Return two traces of the predictions: pale shades, with or without their scale, and a line at 50 percent."""
    colours = go.Heatmap(
        x=x, y=y, z=in_steps(preds), zmin=0, zmax=100, colorscale=PALE, zsmooth="fast", name="prediction",
        showscale=scale, colorbar=dict(title="%", thickness=12), hovertemplate="%{z} %",
    )
    return [colours, level(x, y, preds, 0.5, width=2)]


def repainted(preds):
    """Return the part of the traces of `shades` that a slider changes."""
    return [go.Heatmap(z=in_steps(preds)), go.Contour(z=near(preds, 0.5))]


def level(x, y, preds, share, **pen):
    """Return the trace of the line along which predictions are a share between 0 and 1."""
    at = FINE * share
    return go.Contour(
        x=x, y=y, z=near(preds, share), contours=dict(start=at, end=at, size=1, coloring="none"),
        line=dict(color="#222222", **pen), name=f"{share:.0%}", showscale=False, showlegend=False, hoverinfo="skip",
    )


def both(inputs, labels, size=7):
    """Return the two traces of the data, labels told apart by shape and colour."""
    traces = []
    for label in (0, 1):
        at = inputs[labels == label]
        traces.append(look.marks(at[:, 0].round(3), at[:, 1].round(3), f"y = {label}", label, size))
    return traces
