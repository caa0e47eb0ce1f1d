"""Draws two models of three inputs side by side, over two of them, with a slider over the third."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.maps import repainted, shades
from lib.figures.values import labelled
from lib.models import predict

RESOLUTION = 25


def response_slider(models, data, titles, groups):
    """Return two maps of predictions, in percent, with a slider over the third input.

    `models` is a dict from a name to a model of three inputs; of a model with replicas the mean
    is drawn. data: inputs (n, 3) of few different numbers each, such as answers on a scale, labels
    (n, 1) of 0 or 1: the area of a mark grows with the number of observations there. `titles` are
    the names of the inputs, `groups` those of the labels. Raises ValueError where these do not fit.
    """
    inputs, labels = labelled(data, features=3)
    check_responses(models, titles, groups)
    x, y = np.linspace(inputs[:, :2].min(axis=0), inputs[:, :2].max(axis=0), RESOLUTION).T.round(4)
    frames, words, steps = [], [], []
    thirds, counts = np.unique(inputs[:, 2], return_counts=True)
    for third, count in zip(thirds, counts):
        here = inputs[:, 2] == third
        maps = [mean_prediction(model, x, y, third) for model in models.values()]
        people = crowds(inputs[here], labels[here])
        frames.append([trace for preds in maps for trace in [*repainted(preds), *people]])
        steps.append(f"{third:g} ({count} observations)")
        ranges = [f"{100 * preds.min():.0f} to {100 * preds.max():.0f}" for preds in maps]
        words.append(f"at {third:g} from {' and '.join(ranges)} percent")
    alt = (
        f"Two maps of predictions, {' and '.join(models)}, over {titles[0]} and {titles[1]}. By {titles[2]} they go, "
        f"{'; '.join(words)}."
    )
    fig = look.two_panels(*panels(x, y, groups), alt, titles[:1] * 2, titles[1:2] * 2)
    fig = look.with_slider(fig, titles[2], steps, list(range(8)), frames, active=int(counts.argmax()))
    return headed(fig, models)


def check_responses(models, titles, groups):
    """Refuse what response_slider cannot draw."""
    checks.require(isinstance(models, dict) and len(models) == 2, "models", "a dict of two models", repr(models))
    for name, model in models.items():
        checks.a_model(f"models[{name!r}]", model)
    checks.require(len(titles) == 3, "titles", "three names of inputs", titles)
    checks.require(len(groups) == 2, "groups", "two names of labels", groups)


def mean_prediction(model, x, y, third):
    """Return the predictions (y, x) for one value of the third input, averaged over replicas."""
    points = np.stack([*np.meshgrid(x, y), np.full((len(y), len(x)), third)], axis=-1)
    preds = predict(model, points.reshape(-1, 3)).numpy()
    checks.require(preds.shape[-1] == 1, "models", "one output each", f"{preds.shape[-1]}")
    return preds.reshape(-1, len(y), len(x)).mean(axis=0)


def crowds(inputs, labels):
    """Return for each label what a slider changes: how many observations are at each place, slightly apart."""
    traces = []
    for label in (0, 1):
        places, counts = np.unique(inputs[labels == label, :2], axis=0, return_counts=True)
        traces.append(go.Scatter(x=places[:, 0] + 0.3 * label - 0.15, y=places[:, 1], customdata=counts,
                                 marker_size=(4 * np.sqrt(counts)).round(1)))
    return traces


def panels(x, y, groups):
    """Return the traces of both panels, as yet without predictions and observations."""
    empty = np.zeros((len(y), len(x)))
    both = []
    for right in (False, True):
        style = dict(showlegend=not right, hovertemplate="%{customdata}")
        people = [look.marks([], [], name, label, **style) for label, name in enumerate(groups)]
        both.append([*shades(x, y, empty, scale=right), *people])
    return both


def headed(fig, names):
    """Write the name of its model above each panel."""
    for axis, name in zip(("", "2"), names):
        fig.add_annotation(text=name, x=0.5, y=1, xref=f"x{axis} domain", yref=f"y{axis} domain", yanchor="bottom",
                           showarrow=False)
    return fig.update_layout(legend=dict(y=1.12, itemsizing="constant"), margin_t=70)
