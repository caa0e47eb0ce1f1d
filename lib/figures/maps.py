"""Paints predictions as maps: shades, a line at a share such as 50 percent, and the observations on top."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.values import to_numpy
from lib.models import predict

# From the colour of label 0 to that of label 1, pale enough for the data to stand out.
PALE = [[0, "#9cc7e4"], [0.5, "#f4f4f4"], [1, "#f3b98f"]]
RESOLUTION = 40
FINE = 255  # steps of the line at 50 percent, one byte; with whole percents it would look jagged
TITLES = ("x<sub>1</sub>", "x<sub>2</sub>")


def grid_over(inputs):
    """Return the two axes and the points (RESOLUTION squared, 2) of a grid that covers the inputs."""
    room = 0.15 * np.ptp(inputs, axis=0)
    checks.require((room > 0).all(), "inputs", "two columns that vary", f"ranges {np.ptp(inputs, axis=0)}")
    x, y = np.linspace(inputs.min(axis=0) - room, inputs.max(axis=0) + room, RESOLUTION).T
    return x.round(4), y.round(4), np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def predictions(model, grid):
    """Return the predictions of a model on the grid, (RESOLUTION, RESOLUTION)."""
    outputs = to_numpy(predict(model, grid))
    checks.require(outputs.shape[1:] == (1,), "model", "one output of one network", f"shape {outputs.shape}")
    return outputs.reshape(RESOLUTION, RESOLUTION)


def in_steps(preds, steps=100):
    """Return predictions in whole steps, 100 or FINE from 0 to 1, in a byte each unless some lie beyond."""
    whole = np.rint(steps * preds)
    return whole.clip(-9999, 9999).astype(np.uint8 if whole.min() >= 0 and whole.max() <= steps else np.int16)


def cut_far_values(preds, share):
    """Return predictions in FINE steps, cut off where they are too far from a share to move its line: there is less to store."""
    reach = max(np.abs(np.diff(preds, axis=axis)).max() for axis in (0, 1))
    return in_steps(preds.clip(share - reach, share + reach), FINE)


def shades(x, y, preds, scale=True):
    """Return two traces of the predictions: pale shades, with or without their scale, and a line at 50 percent."""
    colours = go.Heatmap(x=x, y=y, z=in_steps(preds), zmin=0, zmax=100, colorscale=PALE, zsmooth="fast", name="prediction",
                         showscale=scale, colorbar=dict(title="%", thickness=12), hovertemplate="%{z} %")
    return [colours, level(x, y, preds, 0.5, width=2)]


def repainted(preds):
    """Return the part of the traces of `shades` that a slider changes."""
    return [go.Heatmap(z=in_steps(preds)), go.Contour(z=cut_far_values(preds, 0.5))]


def level(x, y, preds, share, **pen):
    """Return the trace of the line along which predictions are a share between 0 and 1."""
    only = dict(start=FINE * share, end=FINE * share, size=1, coloring="none")
    return go.Contour(x=x, y=y, z=cut_far_values(preds, share), contours=only, line=dict(color="#222222", **pen), name=f"{share:.0%}",
                      showscale=False, showlegend=False, hoverinfo="skip")


def data_traces(inputs, labels, size=7):
    """Return the two traces of the data, labels told apart by shape and colour."""
    parts = [inputs[labels == label].round(3) for label in (0, 1)]
    return [look.marks(at[:, 0], at[:, 1], f"y = {label}", label, size) for label, at in enumerate(parts)]
