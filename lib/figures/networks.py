"""Draws networks as graphs: their neurons and weights, and what passes through them and back."""

import numpy as np
import plotly.graph_objects as go
import torch

from lib import checks
from lib.figures import look


def network(sizes, model=None):
    """Return the diagram of a network with these layer sizes, from the inputs to the output.

    With a `model`, an nn.Sequential of layers of these sizes, every line shows its weight: colour
    and dash give its sign, its width the size. Biases are not drawn.
    """
    listed = isinstance(sizes, (list, tuple)) and len(sizes) > 1
    checks.require(listed, "sizes", "a list with at least an input and an output layer", repr(sizes))
    for size in sizes:
        checks.positive_integer("sizes", size)
    weights = [np.zeros(pair) for pair in zip(sizes, sizes[1:])] if model is None else weights_of(model, sizes)
    traces = []
    for layer, matrix in enumerate(weights):
        for (i, j), weight in np.ndenumerate(matrix):
            ends = place(layer, i, sizes), place(layer + 1, j, sizes)
            traces.append(edge(ends, weight, np.abs(matrix).max(), model))
    for layer, size in enumerate(sizes):
        spots = [place(layer, i, sizes) for i in range(size)]
        traces.append(nodes(spots, names(layer, sizes)))
    alt = f"Diagram of a network with layers of {', '.join(map(str, sizes))}, each neuron joined to the whole layer before."
    if model is not None:
        alt += f" The weights go from {min(m.min() for m in weights):.2f} to {max(m.max() for m in weights):.2f}."
        traces += [look.line([None], [None], f"{sign} weight", i, showlegend=True) for i, sign in enumerate(("negative", "positive"))]
    return graph(traces, alt, 80 + 62 * max(sizes))


def weights_of(model, sizes):
    """Return the weight matrices of a model's layers, refusing one of other sizes."""
    checks.a_model("model", model)
    weights = [layer.weights.detach().numpy() for layer in model]
    found = [matrix.shape for matrix in weights]
    expected = list(zip(sizes, sizes[1:]))
    checks.require(found == expected, "model", f"layers of {expected}", f"{found}")
    return weights


def place(layer, i, sizes):
    """Return where neuron i of a layer stands: layers from left to right, each centred."""
    return layer, (sizes[layer] - 1) / 2 - i


def names(layer, sizes):
    """Return the names of a layer's neurons: x for inputs, h for hidden ones, ŷ for the output."""
    letter = "x" if layer == 0 else "ŷ" if layer == len(sizes) - 1 else "h"
    return [letter if sizes[layer] == 1 else f"{letter}<sub>{i + 1}</sub>" for i in range(sizes[layer])]


def edge(ends, weight, largest, model):
    """Return the line between two neurons, drawn by the sign and the size of its weight."""
    x, y = zip(*ends)
    if model is None:
        return go.Scatter(x=x, y=y, mode="lines", line=dict(color=look.GREY, width=1.5), name="weight", hoverinfo="skip", showlegend=False)
    trace = look.line(x, y, f"weight {weight:.2f}", int(weight > 0), showlegend=False)
    return trace.update(line_width=round(0.5 + 5 * abs(float(weight)) / float(largest), 2))


def nodes(spots, labels):
    """Return the trace of some neurons: discs with their names in them."""
    x, y = zip(*spots)
    disc = dict(size=38, color="#555555", line=dict(color=look.GREY, width=1))
    font = dict(color="#ffffff", size=15)
    return go.Scatter(x=x, y=y, text=labels, mode="markers+text", marker=disc, textfont=font, name="neurons", hoverinfo="skip", showlegend=False)


def graph(traces, alt, height):
    """Return a figure without axes."""
    fig = look.one_panel(traces, alt, "", "")
    axis = dict(visible=False, fixedrange=True)
    return fig.update_layout(xaxis=axis, yaxis=axis, height=height, margin=dict(l=16, r=16, t=24, b=16))


def backprop_slider(model, x, y):
    """Return the graph of a 1-1-1 network and its squared error, with a slider through both passes.

    `model` is an nn.Sequential of two SimpleLinearNN(1, 1); x and y are one observation, of shape
    (1, 1) each. First the values appear from left to right, then the gradients from right to left.
    """
    checks.require([layer.weights.shape for layer in model] == [(1, 1), (1, 1)], "model", "two layers of one neuron", repr(model))
    value, slope = passes(model, x, y)
    spots = {"x": (0, 0), "h": (1, 0), "ŷ": (2, 0), "L": (3, 0), "w₁": (0.5, 1), "w₂": (1.5, 1)}
    arrows = [("x", "h"), ("h", "ŷ"), ("ŷ", "L"), ("w₁", "h"), ("w₂", "ŷ")]
    lines = [edge((spots[a], spots[b]), 0, 1, None) for a, b in arrows]
    forward = ["x", "w₁", "h", "w₂", "ŷ", "L"]
    backward = ["ŷ", "w₂", "h", "w₁"]
    # On the chain, numbers stand under the edge that they travel along; those of a weight, at its disc.
    places = {"x": (0.5, -0.28), "h": (1.5, -0.28), "ŷ": (2.5, -0.28), "L": (3, -0.42), "w₁": (0.5, 0.6), "w₂": (1.5, 0.6)}
    below = [places[name] for name in forward]
    above = [(places[name][0], 1.4 if "w" in name else -0.62) for name in backward]
    values = [f"{value[name]:.2f}" for name in forward]
    slopes = [f"∂L/∂{name} = {slope[name]:.2f}" for name in backward]
    traces = [*lines, nodes(list(spots.values()), list(spots)), words(below, 0), words(above, 1)]
    alt = (
        "Graph of a network of one input, one hidden neuron and one output, with its loss. Values on the way forward: "
        + ", ".join(f"{name} = {text}" for name, text in zip(forward, values)) + ". Gradients on the way back: " + ", ".join(slopes) + "."
    )
    frames = [
        [go.Scatter(text=shown(values, step)), go.Scatter(text=shown(slopes, step - 6))] for step in range(2, 11)
    ]
    steps = ["start", "forward: h", "forward: w₂", "forward: ŷ", "loss", *(f"backward: {name}" for name in backward)]
    fig = graph(traces, alt, 360)
    fig = look.with_slider(fig, "step", steps, [len(lines) + 1, len(lines) + 2], frames)
    return fig.update_layout(xaxis_range=[-0.3, 3.3], yaxis_range=[-1, 1.7], height=420)


def passes(model, x, y):
    """Return the values of a 1-1-1 network on the way forward, and the gradients on the way back."""
    first, second = model
    hidden = first(x)
    prediction = second(hidden)
    loss = (y - prediction).pow(2)
    on_graph = {"ŷ": prediction, "w₂": second.weights, "h": hidden, "w₁": first.weights}
    gradients = torch.autograd.grad(loss, list(on_graph.values()))
    slope = {name: gradient.item() for name, gradient in zip(on_graph, gradients)}
    value = {name: tensor.item() for name, tensor in {"x": x, "L": loss, **on_graph}.items()}
    return value, slope


def words(spots, style):
    """Return an empty trace of text at some spots, for a slider to fill."""
    x, y = zip(*spots)
    name = ["value", "gradient"][style]
    font = {} if style == 0 else dict(color=look.COLOURS[style])
    return go.Scatter(x=x, y=y, mode="text", text=[""] * len(spots), textfont=font, name=name, showlegend=False)


def shown(texts, count):
    """Return the first `count` texts, and nothing for the rest."""
    return [text if i < count else "" for i, text in enumerate(texts)]
