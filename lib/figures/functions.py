"""Draws activation functions, each with its derivative."""

import torch
from plotly.subplots import make_subplots

from lib import checks
from lib.figures import look


def activations(named, reach=4.0):
    """Return one small panel for each activation in `named`, a dict from a name to a function of tensors.

    Solid is the function on (-reach, reach), dashed its derivative as autograd gives it.
    """
    checks.dictionary("named", named)
    checks.positive_number("reach", reach)
    columns = min(3, len(named))
    rows = -(-len(named) // columns)
    gaps = dict(horizontal_spacing=0.08, vertical_spacing=0.1)
    fig = make_subplots(rows, columns, subplot_titles=list(named), shared_xaxes=True, **gaps)
    for i, function in enumerate(named.values()):
        x, y, slope = with_derivative(function, reach)
        for trace in (look.line(x, y, "function", 0), look.line(x, slope, "derivative", 1)):
            fig.add_trace(trace.update(showlegend=i == 0), i // columns + 1, i % columns + 1)
    alt = f"{len(named)} small panels, each an activation function with its derivative: {', '.join(named)}."
    fig.update_layout(template=look.LOOK, meta={"alt": alt}, height=80 + 190 * rows, margin_t=64)
    return fig.update_layout(legend=dict(y=1, yref="container", yanchor="top"))


def with_derivative(function, reach):
    """Return points from -reach to reach, the function there, and its derivative by autograd."""
    x = torch.linspace(-reach, reach, 161, requires_grad=True)
    y = function(x)
    slope = torch.zeros_like(x)
    if y.requires_grad:
        slope, = torch.autograd.grad(y.sum(), x)
    return [part.detach().numpy().round(4) for part in (x, y, slope)]
