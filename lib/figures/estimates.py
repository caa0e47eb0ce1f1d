"""Draws estimates with their intervals, and predicted against observed shares."""

import numpy as np
import plotly.graph_objects as go

from lib import checks
from lib.figures import look
from lib.figures.values import columns, filled_dict


def intervals(tables, x_title, reference=None):
    """Return dots with their intervals, row by row, each table in a colour and shape of its own.

    `tables` is a dict from a name to a DataFrame with the columns estimate, low and high and the same rows in each; `reference` is where
    to draw a vertical line, such as 0. Raises ValueError for more than four tables, a missing column, other rows, or bad numbers.
    """
    filled_dict("tables", tables, most=4)
    rows = list(next(iter(tables.values())).index)
    traces, words = [], []
    for style, (name, table) in enumerate(tables.items()):
        checks.require(list(table.index) == rows, f"tables[{name!r}]", f"the rows {rows}", list(table.index))
        estimate, low, high = columns(f"tables[{name!r}]", table, "estimate", "low", "high")
        # Side by side within a row, the first table on top.
        height = -np.arange(len(rows)) + 0.16 * ((len(tables) - 1) / 2 - style)
        hover = dict(customdata=np.stack([low, high], axis=1), hovertemplate="%{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})")
        traces.append(look.marks(estimate, height, name, style, error_x=whiskers(estimate, low, high), **hover))
        words += [f"{name}, {row}: {e:.3f} ({l:.3f} to {h:.3f})" for row, e, l, h in zip(rows, estimate, low, high)]
    fig = look.one_panel(traces, f"Estimates with intervals. {'; '.join(words)}.", x_title, "")
    if reference is not None:
        fig.add_vline(reference, line=dict(color=look.GREY, width=1))
    ticks = dict(tickvals=[-i for i in range(len(rows))], ticktext=[str(row) for row in rows], showgrid=False)
    return fig.update_yaxes(**ticks, range=[0.5 - len(rows), 0.5]).update_layout(height=130 + 62 * len(rows))


def whiskers(estimate, low, high):
    """Return plotly's settings for a line from low to high."""
    return dict(type="data", symmetric=False, array=high - estimate, arrayminus=estimate - low, width=0, thickness=2)


def calibration(tables):
    """Return predicted against observed percentages, as of lib.statistics.calibration.

    `tables` is a dict from a name to such a table, four at most; the lines are its 95 percent intervals. On the diagonal a model says
    70 percent where it happens in 70 of 100 cases. Raises ValueError for a missing column.
    """
    filled_dict("tables", tables, most=4)
    traces, words = [go.Scatter(x=[0, 100], y=[0, 100], mode="lines", name="perfect", line=dict(color=look.GREY, width=1))], []
    for style, (name, table) in enumerate(tables.items()):
        predicted, observed, low, high = columns(f"tables[{name!r}]", table, "predicted", "observed", "low", "high")
        traces.append(look.marks(predicted, observed, name, style, size=9, error_y=whiskers(observed, low, high)))
        words.append(f"{name}: {np.sum((low <= predicted) & (predicted <= high))} of {len(table)} intervals hold the diagonal")
    alt = f"Observed against predicted percentages, with the diagonal. {'; '.join(words)}."
    return look.one_panel(traces, alt, "predicted (%)", "observed (%)").update_layout(xaxis_range=[-3, 103], yaxis_range=[-3, 103])
