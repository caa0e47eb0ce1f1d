"""Draws named curves over a common axis, survival curves, and estimates with their intervals."""

from itertools import product

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from statsmodels.stats.proportion import proportion_confint

from lib import checks
from lib.figures import look
from lib.figures.values import columns, filled_dict, numbers


def curves(x, named, x_title, y_title, log_y=False, bands=None):
    """Return a figure of the curves in `named`, a dict from a name to values (n,), four at most, over `x` (n,).

    `log_y`: a logarithmic vertical axis; `bands`: two such dicts, the lower and the upper ends of bands. ValueError for other lengths.
    """
    x = numbers("x", x)
    filled_dict("named", named, most=4)
    traces, areas = [], []
    for style, (name, values) in enumerate(named.items()):
        y = numbers(f"named[{name!r}]", values)
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
        checks.require(not log_y or y.min() > 0, f"named[{name!r}]", "numbers above 0 for a logarithmic axis", y.min())
        traces.append(look.line(x, y, name, style))
        if bands is not None:
            low, high = (numbers(f"bands[{name!r}]", end[name]) for end in bands)
            checks.require(len(low) == len(high) == len(x), f"bands[{name!r}]", f"{len(x)} values each", f"{len(low)} and {len(high)}")
            areas.append(look.band(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), name, style))
    words = "; ".join(f"{line.name} from {line.y[0]:.3g} to {line.y[-1]:.3g}" for line in traces)
    alt = f"Curves of {y_title} by {x_title} from {x[0]:.3g} to {x[-1]:.3g}: {words}."
    heights = logarithmic(np.concatenate([line.y for line in traces])) if log_y else {}
    return look.named_at_lines(look.one_panel(areas + traces, alt, x_title, y_title).update_yaxes(heights), traces)


def logarithmic(values):
    """Return plotly's settings for a logarithmic axis: numbers at powers of ten, and at 2 and 5 where these would be few."""
    return dict(type="log", dtick=1 if values.max() > 100 * values.min() else "D2", tickformat="~g")


def survival(study, by, marked=None, switches=()):
    """Return survival curves: the percentage of networks that have not arrived yet, by epoch, for each value of a column.

    `study`, as of lib.studies.study, has a row for each network and the columns epoch, arrived (else it is censored there) and `by`;
    `marked` is a dict from such a value to one epoch to mark; `switches` are columns of whose values the reader chooses a combination.
    Bands: 95 percent intervals of each share (Wilson). Raises ValueError for over four curves, a mark without one, missing values.
    """
    epoch, arrived = columns("study", study, "epoch", "arrived")
    for name in (by, *switches):
        checks.require(name in study and study[name].notna().all(), "study", f"a column {name} without missing values", list(study))
    levels = [dict.fromkeys(study[name]) for name in (*switches, by)]
    filled_dict("study", levels[-1], most=4)
    ends = pd.Series(np.where(arrived, epoch, np.inf)).groupby([study[name].to_numpy() for name in (*switches, by)])
    reached = {key if switches else key[:1]: rows.to_numpy() for key, rows in ends}
    checks.require(len(reached) == np.prod([*map(len, levels)]), "study", f"networks for each combination of {[*switches, by]}", "some")
    epochs, styles = np.unique(np.geomspace(1, max(int(epoch.max()), 11), 90).round()), {name: i for i, name in enumerate(levels[-1])}
    last = {name: study.epoch[study[by] == name].max() for name in styles}  # where a curve ends: with its networks
    followed = {name: np.append(epochs[epochs < last[name]], last[name]) for name in styles}
    frames = {step: [survivors(reached[*step, name], followed[name]) for name in styles] for step in product(*levels[:-1])}
    first, around = next(iter(frames)), lambda x: np.concatenate([x, x[::-1]])
    bands = [look.band(around(followed[name]), frames[first][i][1], f"{name}, interval", i) for name, i in styles.items()]
    lines = [look.line(followed[name], frames[first][i][0], str(name), i, line_shape="hv") for name, i in styles.items()]
    marks = []
    for name, at in (marked or {}).items():
        checks.require(name in styles, "marked", f"names among {list(styles)}", repr(name))
        mark = look.marks([at], survivors(reached[*first, name], [at])[0], f"the lecture's run of {name}", styles[name])
        marks.append(mark.update(mode="markers+text", text=["lecture"], textposition="bottom left"))
    left = ", ".join(f"{name} {frames[first][i][0][-1]}" for name, i in styles.items())
    alt = f"Curves that start at or near 100 percent of networks and fall. Percent left at epoch {int(epoch.max())}: {left}."
    fig = look.one_panel([*bands, *lines, *marks], alt, "epoch (logarithmic)", "networks not there yet (%)")
    fig.update_layout(xaxis=logarithmic(epochs), yaxis_range=[-2, 102])
    if not switches:
        return look.named_at_lines(fig, lines, marks)
    steps = [", ".join(f"{name} {value}" for name, value in zip(switches, step)) for step in frames]
    moves = [[go.Scatter(y=part) for part in (*(band for _, band in frame), *(curve for curve, _ in frame))] for frame in frames.values()]
    fig.update_layout(meta=dict(fig.layout.meta, switches=[[name, [*map(str, values)]] for name, values in zip(switches, levels)]))
    return look.with_slider(fig, "treatment", steps, [*range(len(moves[0]))], moves)


def survivors(ends, epochs):
    """Return the percentage of networks that end after each epoch, and its interval: along the upper end, and back along the lower."""
    left = (ends > np.asarray(epochs)[:, None]).sum(axis=1)
    low, high = proportion_confint(left, len(ends), method="wilson")
    return tuple(np.rint(100 * share).astype(np.uint8) for share in (left / len(ends), np.concatenate([high, low[::-1]])))


def intervals(tables, x_title, reference=None):
    """Return dots with their intervals, row by row, each table in a colour and shape of its own, and a vertical line at `reference`.

    `tables`: a dict from a name to a DataFrame of estimate, low and high, four at most. Raises ValueError for other columns or rows.
    """
    filled_dict("tables", tables, most=4)
    rows = list(next(iter(tables.values())).index)
    traces, words = [], []
    for style, (name, table) in enumerate(tables.items()):
        checks.require(list(table.index) == rows, f"tables[{name!r}]", f"the rows {rows}", list(table.index))
        estimate, low, high = columns(f"tables[{name!r}]", table, "estimate", "low", "high")
        height = -np.arange(len(rows)) + 0.16 * ((len(tables) - 1) / 2 - style)  # side by side in a row, the first table on top
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

    `tables` is a dict from a name to such a table, with 95 percent intervals; four at most. Raises ValueError for a missing column.
    """
    filled_dict("tables", tables, most=4)
    traces, words = [go.Scatter(x=[0, 100], y=[0, 100], mode="lines", name="perfect", line=dict(color=look.GREY, width=1))], []
    for style, (name, table) in enumerate(tables.items()):
        predicted, observed, low, high = columns(f"tables[{name!r}]", table, "predicted", "observed", "low", "high")
        traces.append(look.marks(predicted, observed, name, style, size=9, error_y=whiskers(observed, low, high)))
        words.append(f"{name}: {np.sum((low <= predicted) & (predicted <= high))} of {len(table)} intervals hold the diagonal")
    alt = f"Observed against predicted percentages, with the diagonal. {'; '.join(words)}."
    return look.one_panel(traces, alt, "predicted (%)", "observed (%)").update_layout(xaxis_range=[-3, 103], yaxis_range=[-3, 103])
