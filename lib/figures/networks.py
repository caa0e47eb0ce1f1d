"""Draws networks as graphs: their neurons and weights, and what passes through them and back; and maps of what hidden neurons do."""

import copy

import numpy as np
import plotly.graph_objects as go
import torch
from torch import nn

from lib import checks
from lib.figures import look
from lib.figures.maps import RESOLUTION, grid_over, named_data, one_scale, shades
from lib.figures.values import labelled, number, to_numpy
from lib.models import SimpleLinearNN, predict
from lib.replicas import replicas_of

UNKNOWN = dict(line=dict(color=look.GREY, dash="solid", width=1.5), hoverinfo="skip")  # of an edge whose weight is not drawn
ROWS = {1: [0], 2: [0.75, -0.75], 3: [0, 1.2, -1.2]}  # how far above the middle the numbers of a level stand, by how many there are


def network(sizes, model=None):
    """Return the diagram of a network with these layer sizes, from the inputs to the output.

    With a `model`, an nn.Sequential of such layers, each line shows its weight (not its bias): colour and dash the sign, width the size.
    """
    checks.require(isinstance(sizes, (list, tuple)) and len(sizes) > 1, "sizes", "a list of at least two layer sizes", repr(sizes))
    for size in sizes:
        checks.whole_number("sizes", size)
    bare, shapes = model is None, list(zip(sizes, sizes[1:]))
    weights = [np.zeros(shape) for shape in shapes] if bare else [*weights_of(model).values()]
    checks.require([matrix.shape for matrix in weights] == shapes, "model", f"layers of {shapes}", repr(model))
    spots = [[(layer, (size - 1) / 2 - i) for i in range(size)] for layer, size in enumerate(sizes)]
    traces = [*edges(weights, spots, bare)]
    for letter, layer in zip(["x", *"h" * (len(sizes) - 2), "ŷ"], spots):
        traces.append(nodes(layer, [f"{letter}<sub>{i}</sub>" for i in range(1, len(layer) + 1)] if len(layer) > 1 else [letter]))
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
    *_, (last, matrix) = weights_of(model).items()
    checks.require(last > 0 and matrix.shape[1] == 1, "model", "a hidden layer and one output", repr(model))
    values, bias = to_numpy(predict(copy.deepcopy(model[:last]).double(), grid)), model[last].bias
    sums = 1 / (1 + np.exp(-np.cumsum(values * matrix[:, 0], axis=1) - (0 if bias is None else bias.item())))
    panels, x, y = {}, x[::2], y[::2]  # small maps can do with every second point
    for i, pair in enumerate(zip(values.T, sums.T)):
        for title, part in zip((f"h<sub>{i + 1}</sub>", f"{matrix[i, 0]:+.1f} h<sub>{i + 1}</sub>"), pair):
            maps = shades(x, y, [part.reshape(RESOLUTION, -1)[::2, ::2]], showscale=False)
            panels[title] = [*maps, *named_data(inputs, labels, size=3)[:2]]
    alt = (f"{len(matrix)} rows of two maps. Left, a hidden neuron: a step across a straight line of its own. Right, the prediction from "
           "the weighted sum of the neurons so far.")
    fig = look.small_panels(panels, alt, 2, horizontal_spacing=0.12)
    one_scale(fig, x, y, ["", *range(2, len(panels) + 1)])
    return fig.update_traces(showlegend=False).update_layout(height=100 + round(270 * fig.layout.meta["ratio"] + 30) * len(matrix))


def edges(weights, spots, bare):
    """Yield a line for every weight, drawn by its sign and size unless the network is bare."""
    for tails, heads, matrix in zip(spots, spots[1:], weights):
        largest = float(np.abs(matrix).max()) or 1.0
        for (i, j), weight in np.ndenumerate(matrix.astype(float)):
            x, y = zip(tails[i], heads[j])
            style, width = int(weight > 0), round(0.5 + 5 * abs(weight) / largest, 2)
            drawn = look.line(x, y, f"weight {weight:.2f}", style, showlegend=False).update(line_width=width)
            yield drawn.update(name="weight", **UNKNOWN) if bare else drawn


def weights_of(model):
    """Return the weights (features_in, features_out) of the layers of `model`, an nn.Sequential, by their places in it."""
    checks.require(isinstance(model, nn.Sequential), "model", "an nn.Sequential of layers", repr(model))
    places = [place for place, layer in enumerate(model) if list(layer.parameters())]
    known = all(isinstance(model[place], (SimpleLinearNN, nn.Linear)) for place in places)
    checks.require(places and known, "model", "layers such as SimpleLinearNN, Perceptron or nn.Linear", repr(model))
    checks.require(replicas_of(model) is None, "model", "one network, such as alone(model, 0)", "a model with replicas")
    checks.finite("model", torch.cat([values.flatten() for values in model.parameters()]))
    stored = lambda layer: layer.weight.T if isinstance(layer, nn.Linear) else layer.weights
    return {place: to_numpy(stored(model[place])) for place in places}


def nodes(spots, labels):
    """Return the trace of some neurons: discs with their names in them."""
    x, y = zip(*spots)
    style = dict(marker=dict(size=38, color="#555555", line=dict(color=look.GREY, width=1)), textfont=dict(color="#ffffff", size=15))
    return go.Scatter(x=x, y=y, text=labels, name="neurons", mode="markers+text", hoverinfo="skip", showlegend=False, **style)


def graph(traces, alt, height):
    """Return a figure without axes."""
    bare = dict(xaxis=dict(visible=False, fixedrange=True), yaxis=dict(visible=False, fixedrange=True))
    return look.one_panel(traces, alt, "", "").update_layout(**bare, height=height, margin=dict(l=16, r=16, t=24, b=16))


def backprop(levels):
    """Return the graph of a computation: a picture with all values, then one for each level of it that gradients have reached.

    `levels`: dicts from names to numbers or tensors of one number, from inputs to the loss; weights stand beside what they multiply.
    """
    fits = isinstance(levels, list) and levels and all(isinstance(level, dict) and len(level) in ROWS for level in levels)
    checks.require(fits, "levels", "a list of dicts of one to three numbers", f"{levels!r:.60}")
    loss = [*levels[-1].values()][-1]
    checks.require(getattr(loss, "grad_fn", None), "levels", "a tensor at the end that torch can differentiate", repr(loss))
    spots = {name: (x, y) for x, level in enumerate(levels) for name, y in zip(level, ROWS[len(level)])}
    values = {name: value for level in levels for name, value in level.items()}
    texts = {name: f"{number(name, value):.3g}" for name, value in values.items()}
    slopes = {name: slope(loss, value) for name, value in values.items() if torch.is_tensor(value)}
    edges = {(tail, head): text for i, level in enumerate(levels[1:]) for tail in levels[i] for head in level
             if (text := slope(values[head], values[tail])) is not None}
    high, last = 1.3 + 2 * max(ROWS[max(map(len, levels))]), len(levels) - 1
    traces = [trace for step in range(last + 1) for trace in gone_back(spots, texts, slopes, edges, step, high)]
    listed = [", ".join(f"{name} = {text}" for name, text in some.items()) for some in (texts, slopes)]
    alt = f"Graph of a computation with its loss. Values on the way forward: {listed[0]}. Gradients on the way back: {listed[1]}."
    ranges = dict(xaxis_range=[-0.35, last + 0.4], yaxis_range=[-high * (last + 0.5), high / 2])
    return graph(traces, alt, 54 * high * len(levels)).update_layout(**ranges)


def slope(head, tail):
    """Return the derivative of a number with respect to another as text: "" for a plain number, None where nothing connects them."""
    if not torch.is_tensor(head) or head.is_leaf:
        return None
    found, = torch.autograd.grad(head, tail, retain_graph=True, allow_unused=True) if torch.is_tensor(tail) else [""]
    return found if found in (None, "") else f"{found.item():.3g}"


def gone_back(spots, values, slopes, edges, step, high):
    """Return the traces of the picture in which gradients have come back `step` levels, below the pictures before it."""
    at = lambda name, up=0: np.add(spots[name], (0, up - high * step)).round(3)
    level = max(x for x, _ in spots.values()) - step
    back = [name for name in slopes if step and spots[name][0] >= level]
    title = f"back to {', '.join(name for name in back if spots[name][0] == level)}" if step else "forward"
    sides = [0.22, 0.37, -0.37]  # of labels, so that they are clear of their edge: on the middle line, above it, below it
    beside = {edge: sides[int(np.sign(sum(spots[name][1] for name in edge)))] for edge in edges if edge[0] in back}
    discs = nodes([at(name) for name in spots], [f"{name}<br>{value}" for name, value in values.items()])
    middles = [(at(tail, up) + at(head, up)) / 2 for (tail, head), up in beside.items()]
    return [*(look.line(*zip(at(tail), at(head)), "weight", showlegend=False).update(UNKNOWN) for tail, head in edges),
            discs.update(marker_size=46, textfont_size=13),
            look.texts(middles, [f"×{edges[edge]}" for edge in beside], "local derivative", look.COLOURS[2]),
            look.texts([at(name, 0.6) for name in back], [slopes[name] for name in back], "gradient", look.COLOURS[1]),
            look.texts((level + step + 0.35, high * (0.5 - step) - 0.4), [title], "step", where="middle left")]
