"""Draws networks as graphs: their neurons and weights, and what passes through them and back; and maps of what hidden neurons do."""

import copy

import numpy as np
import plotly.graph_objects as go
import torch
from torch import nn

from lib import checks
from lib.figures import look
from lib.figures.maps import RESOLUTION, data_traces, grid_over, one_scale, shades
from lib.figures.values import labelled, number, to_numpy
from lib.models import SimpleLinearNN, evaluating, predict
from lib.replicas import replicas_of

# The graph of back-propagation: its discs, which are joined, and their numbers: under the edge that they travel along, or at a weight.
DISCS = {"x": (0, 0), "h": (1, 0), "ŷ": (2, 0), "L": (3, 0), "w₁": (0.5, 1), "w₂": (1.5, 1)}
ARROWS = [("x", "h"), ("h", "ŷ"), ("ŷ", "L"), ("w₁", "h"), ("w₂", "ŷ")]
NUMBERS = {"x": (0.5, -0.28), "h": (1.5, -0.28), "ŷ": (2.5, -0.28), "L": (3, -0.42), "w₁": (0.5, 0.6), "w₂": (1.5, 0.6)}
FORWARD = ["x", "w₁", "h", "w₂", "ŷ", "L"]
BACKWARD = ["ŷ", "w₂", "h", "w₁"]


def network(sizes, model=None):
    """Return the diagram of a network with these layer sizes, from the inputs to the output.

    With a `model`, an nn.Sequential of layers of these sizes, every line shows its weight: colour and dash give its sign, its width the
    size. Biases are not drawn.
    """
    checks.require(isinstance(sizes, (list, tuple)) and len(sizes) > 1, "sizes", "a list of at least two layer sizes", repr(sizes))
    for size in sizes:
        checks.whole_number("sizes", size)
    bare, shapes = model is None, list(zip(sizes, sizes[1:]))
    weights = [np.zeros(shape) for shape in shapes] if bare else weights_of(model)
    checks.require([matrix.shape for matrix in weights] == shapes, "model", f"layers of {shapes}", repr(model))
    traces = [*edges(weights, sizes, bare)]
    for layer, size in enumerate(sizes):
        traces.append(nodes([place(layer, i, sizes) for i in range(size)], names(layer, sizes)))
    alt = f"Diagram of a network with layers of {', '.join(map(str, sizes))}, each neuron joined to the whole layer before."
    if not bare:
        alt += f" The weights go from {min(m.min() for m in weights):.2f} to {max(m.max() for m in weights):.2f}."
        traces += [look.line([None], [None], f"{sign} weight", i, showlegend=True) for i, sign in enumerate(("negative", "positive"))]
    return graph(traces, alt, 80 + 62 * max(sizes))


def neurons(model, data):
    """Return two small maps for each neuron of the last hidden layer of `model`, an nn.Sequential with one output.

    Left is what it computes, right the prediction from the weighted sum of it and those above it; the last is the model's own.
    """
    inputs, labels = labelled(data)
    x, y, grid = grid_over(inputs)
    last, matrix = trained_layers(model)[-1], weights_of(model)[-1]
    checks.require(last > 0 and matrix.shape[1] == 1, "model", "a hidden layer and one output", repr(model))
    values, bias = to_numpy(predict(copy.deepcopy(model[:last]).double(), grid)), model[last].bias
    sums = 1 / (1 + np.exp(-np.cumsum(values * matrix[:, 0], axis=1) - (0 if bias is None else bias.item())))
    panels, x, y = {}, x[::2], y[::2]  # small maps can do with every second point
    for i, pair in enumerate(zip(values.T, sums.T)):
        for title, part in zip((f"h<sub>{i + 1}</sub>", f"{matrix[i, 0]:+.1f} h<sub>{i + 1}</sub>"), pair):
            maps = shades(x, y, [part.reshape(RESOLUTION, -1)[::2, ::2]], showscale=False)
            panels[title] = [*maps, *data_traces(inputs, labels, size=3)]
    alt = (f"{len(matrix)} rows of two maps. Left, a hidden neuron: a step across a straight line of its own. Right, the prediction from "
           "the weighted sum of the neurons so far.")
    fig = look.small_panels(panels, alt, 2, horizontal_spacing=0.12)
    fig = one_scale(fig, x, y, ["", *range(2, len(panels) + 1)])
    return fig.update_traces(showlegend=False).update_layout(height=100 + round(270 * fig.layout.meta["ratio"] + 30) * len(matrix))


def edges(weights, sizes, bare):
    """Yield a line for every weight, drawn by its sign and size unless the network is bare."""
    for layer, matrix in enumerate(weights):
        largest = float(np.abs(matrix).max()) or 1.0
        for (i, j), weight in np.ndenumerate(matrix):
            ends = place(layer, i, sizes), place(layer + 1, j, sizes)
            yield plain_edge(*ends) if bare else edge(*ends, float(weight), largest)


def trained_layers(model):
    """Return the places in `model`, an nn.Sequential, of its layers with weights: the book's own, or nn.Linear."""
    checks.require(isinstance(model, nn.Sequential), "model", "an nn.Sequential of layers", repr(model))
    places = [place for place, layer in enumerate(model) if list(layer.parameters())]
    known = all(isinstance(model[place], (SimpleLinearNN, nn.Linear)) for place in places)
    checks.require(places and known, "model", "layers such as SimpleLinearNN, Perceptron or nn.Linear", repr(model))
    checks.require(replicas_of(model) is None, "model", "one network, such as alone(model, 0)", "a model with replicas")
    finite = all(values.isfinite().all() for values in model.parameters())
    checks.require(finite, "model", "finite weights and biases", "some NaN or infinite")
    return places


def weights_of(model):
    """Return the weights of the layers of `model` as arrays (features_in, features_out); nn.Linear stores them the other way round."""
    layers = [model[place] for place in trained_layers(model)]
    return [to_numpy(layer.weight.T if isinstance(layer, nn.Linear) else layer.weights) for layer in layers]


def place(layer, i, sizes):
    """Return where neuron i of a layer stands: layers from left to right, each centred."""
    return layer, (sizes[layer] - 1) / 2 - i


def names(layer, sizes):
    """Return the names of a layer's neurons: x for inputs, h for hidden ones, ŷ for the output."""
    letter = "x" if layer == 0 else "ŷ" if layer == len(sizes) - 1 else "h"
    return [letter if sizes[layer] == 1 else f"{letter}<sub>{i + 1}</sub>" for i in range(sizes[layer])]


def edge(start, end, weight, largest):
    """Return the line between two neurons, drawn by the sign and the size of its weight."""
    x, y = zip(start, end)
    width = round(0.5 + 5 * abs(weight) / largest, 2)
    return look.line(x, y, f"weight {weight:.2f}", int(weight > 0), showlegend=False).update(line_width=width)


def plain_edge(start, end):
    """Return the line between two neurons of whose weight nothing is known."""
    x, y = zip(start, end)
    return go.Scatter(x=x, y=y, mode="lines", line=dict(color=look.GREY, width=1.5), name="weight", hoverinfo="skip", showlegend=False)


def nodes(spots, labels):
    """Return the trace of some neurons: discs with their names in them."""
    x, y = zip(*spots)
    disc = dict(size=38, color="#555555", line=dict(color=look.GREY, width=1))
    style = dict(mode="markers+text", marker=disc, textfont=dict(color="#ffffff", size=15), hoverinfo="skip", showlegend=False)
    return go.Scatter(x=x, y=y, text=labels, name="neurons", **style)


def graph(traces, alt, height):
    """Return a figure without axes."""
    bare = dict(xaxis=dict(visible=False, fixedrange=True), yaxis=dict(visible=False, fixedrange=True))
    return look.one_panel(traces, alt, "", "").update_layout(**bare, height=height, margin=dict(l=16, r=16, t=24, b=16))


def backprop_slider(model, x, y):
    """Return the graph of a 1-1-1 network and its squared error, with a slider through both passes.

    `model` is an nn.Sequential of two layers (1, 1), with or without activations; x and y are one observation, a number each.
    the values appear from left to right, then the gradients from right to left.
    """
    shapes = [matrix.shape for matrix in weights_of(model)]
    checks.require(shapes == [(1, 1), (1, 1)], "model", "two layers of one neuron", repr(model))
    value, slope = passes(model, x, y)
    values = [f"{value[name]:.2f}" for name in FORWARD]
    slopes = [f"∂L/∂{name} = {slope[name]:.2f}" for name in BACKWARD]
    listed = ", ".join(f"{name} = {text}" for name, text in zip(FORWARD, values))
    alt = ("Graph of a network of one input, one hidden neuron and one output, with its loss. Values on the way forward: "
           f"{listed}. Gradients on the way back: {', '.join(slopes)}.")
    lines = [plain_edge(DISCS[start], DISCS[end]) for start, end in ARROWS]
    below = [NUMBERS[name] for name in FORWARD]
    above = [(NUMBERS[name][0], 1.4 if "w" in name else -0.62) for name in BACKWARD]
    traces = [*lines, nodes(list(DISCS.values()), list(DISCS)), words(below, 0), words(above, 1)]
    shown = lambda texts, count: go.Scatter(text=[text if i < count else "" for i, text in enumerate(texts)])
    frames = [[shown(values, step), shown(slopes, step - 6)] for step in range(2, 11)]
    steps = ["start", *(f"forward: {name}" for name in FORWARD[2:5]), "loss", *(f"backward: {name}" for name in BACKWARD)]
    fig = look.with_slider(graph(traces, alt, 420), "step", steps, [6, 7], frames)
    return fig.update_layout(xaxis_range=[-0.3, 3.3], yaxis_range=[-1, 1.7], height=420)


def passes(model, x, y):
    """Return the values of a 1-1-1 network on the way forward, and the gradients on the way back."""
    places = trained_layers(model)
    own = [next(model[place].parameters()) for place in places]  # the weights
    x, y = (torch.full_like(own[0], number(name, part)) for name, part in (("x", x), ("y", y)))
    with torch.enable_grad(), evaluating(model):
        hidden = model[:places[1]](x)
        prediction = model[places[1]:](hidden)
        loss = (y - prediction).pow(2)
    on_graph = {"ŷ": prediction, "w₂": own[1], "h": hidden, "w₁": own[0]}
    slope = {name: torch.autograd.grad(loss, tensor, retain_graph=True)[0].item() for name, tensor in on_graph.items()}
    return {name: tensor.item() for name, tensor in {"x": x, "L": loss, **on_graph}.items()}, slope


def words(spots, style):
    """Return an empty trace of text at some spots, for a slider to fill."""
    x, y = zip(*spots)
    look_of = dict(name="gradient", textfont_color=look.COLOURS[style]) if style else dict(name="value")
    return go.Scatter(x=x, y=y, mode="text", text=[""] * len(spots), showlegend=False, **look_of)
