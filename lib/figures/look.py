"""The one look that all figures share: colours, dashes, axes, panels and the slider."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lib.figures.values import axis_range

# Okabe and Ito (2008), "Color Universal Design". These four keep a contrast of 3 : 1 on white paper and on a dark page alike.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"]
GREY = "#757575"
DASHES = ["solid", "dash", "dot", "dashdot"]
SYMBOLS = ["circle", "diamond", "square", "cross"]
BLANK = "\N{NO-BREAK SPACE}"  # plotly leaves a text out of what it animates if it is empty

AXIS = dict(gridcolor="rgba(127,127,127,0.25)", linecolor=GREY, zeroline=False, automargin=True)
LOOK = go.layout.Template(layout=dict(
    font=dict(family="system-ui, sans-serif", size=14, color=GREY), paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    xaxis=AXIS, yaxis=AXIS, legend=dict(orientation="h", x=0, y=1.02, yanchor="bottom", font_size=13),
    margin=dict(l=56, r=16, t=24, b=48), height=420,
))
# What changes on a page too narrow for two panels side by side: they stand one above the other.
STACKED = {"height": 720, "xaxis.domain": [0, 1], "yaxis.domain": [0.58, 1], "xaxis2.domain": [0, 1], "yaxis2.domain": [0, 0.42]}


def line(x, y, name, style=0, **more):
    """Return the trace of a line; `style`, 0 to 3, sets its colour and its dash."""
    return go.Scatter(x=x, y=y, name=name, mode="lines", line=dict(color=COLOURS[style], dash=DASHES[style], width=2.5), **more)


def marks(x, y, name, style=0, size=11, **more):
    """Return the trace of some points; `style`, 0 to 3, sets their colour and their shape."""
    return go.Scatter(x=x, y=y, name=name, mode="markers", marker=dict(color=COLOURS[style], symbol=SYMBOLS[style], size=size), **more)


def band(x, y, name, style):
    """Return the trace of an area in a pale colour; (x, y) go round it."""
    colour = "rgba({}, {}, {}, 0.15)".format(*bytes.fromhex(COLOURS[style][1:]))
    return go.Scatter(x=x, y=y, name=name, fill="toself", fillcolor=colour, mode="none", hoverinfo="skip", showlegend=False)


def cloud(x, y):
    """Return the trace of all observations, small and grey, so that the rest stands out on them."""
    return go.Scatter(x=x, y=y, name="data", mode="markers", marker=dict(color=GREY, size=5))


def texts(spots, words, name=None, color=None, where="middle center"):
    """Return the trace of some texts, each at its spot (x, y); without a name of its own it is that of the first text."""
    name = name or f"name of {words[0]}"
    what = dict(zip("xy", np.reshape(spots, (-1, 2)).T), text=words, name=name, textposition=where, textfont_color=color)
    return go.Scatter(what, mode="text", hoverinfo="skip", showlegend=False)


def worded(trace, where, place=0):
    """Write the name of a trace beside one of its points; return the trace."""
    colour = trace.line.color or trace.marker.color
    return trace.update(mode=f"{trace.mode}+text", text=[BLANK] * place + [trace.name], textposition=where, textfont_color=colour)


def named_at_lines(fig, lines, marks=()):
    """Name each line of a panel where it is farthest from the others and from marks, in place of the legend; return the figure."""
    across, height = (np.log10 if axis.type == "log" else np.asarray for axis in (fig.layout.xaxis, fig.layout.yaxis))
    points = [np.column_stack([across(one.x), height(one.y)]).astype(float) for one in (*lines, *marks)]
    low, size = np.concatenate(points).min(axis=0), np.ptp(np.concatenate(points), axis=0) + 1e-9
    points = [(own - low)[::1 + len(own) // 200] / size for own in points]
    for line, own in zip(lines, points):
        others = np.concatenate([other for other in points if other is not own] or [own - 9])
        gaps = np.hypot(*(own[:, None] - others).T)  # (others, own)
        room = gaps.min(axis=0).clip(max=0.2) * np.where((own.min(axis=1) > 0.08) & (own[:, 1] < 0.93), 1, 0.1)
        best = len(own) - 1 - room[::-1].argmax()  # of places with room enough, the last
        run, rise = own[min(best + 1, len(own) - 1)] - own[max(best - 1, 0)]
        third, steep, rises = int(min(3 * own[best, 0], 2)), abs(rise) > abs(run) / 2, rise * run > 0
        above = own[best, 1] < 0.1 or own[best, 1] >= others[gaps[:, best].argmin(), 1]
        above = rises == (third == 2) if steep and third != 1 else above  # beside a steep line, and inwards
        side = ["left", "center", "right"][2 * (rises == above) if steep else third]
        fig.add_annotation(**dict(zip("xy", own[best] * size + low)), text=line.name, font_color=line.line.color, xanchor=side,
                           showarrow=False, yanchor="bottom" if above else "top", xref=line.xaxis or "x", yref=line.yaxis or "y")
    return fig.update_layout(showlegend=False)


def moved(x, y):
    """Return the part of a trace that a slider changes: where its points are."""
    return go.Scatter(x=np.array(x).round(6), y=np.array(y).round(6))


def one_panel(traces, alt, x_title, y_title):
    """Return a figure in the book's look; `alt` says in words what it shows."""
    return go.Figure(traces, dict(template=LOOK, meta={"alt": alt}, xaxis_title=x_title, yaxis_title=y_title))


def two_panels(left, right, alt, x_titles, y_titles, **layout):
    """Return a figure of two panels side by side; the traces of `right` go to the second one."""
    fig = one_panel(left, alt, x_titles[0], y_titles[0])
    fig.add_traces([trace.update(xaxis="x2", yaxis="y2") for trace in right])
    axes = dict(xaxis2=dict(AXIS, domain=[0.56, 1], anchor="y2", title_text=x_titles[1]),
                yaxis2=dict(AXIS, anchor="x2", title_text=y_titles[1]))
    return fig.update_layout(meta={"alt": alt, "narrow": STACKED}, xaxis_domain=[0, 0.44], **axes).update_layout(**layout)


def small_panels(panels, alt, columns, **subplots):
    """Return a figure of small panels, a dict from a title to its traces, in a number of columns; plotly's settings for subplots."""
    rows, columns = -(-len(panels) // columns), min(len(panels), columns)
    fig = make_subplots(rows, columns, subplot_titles=list(panels), shared_xaxes=True, vertical_spacing=0.1, **subplots)
    for i, traces in enumerate(panels.values()):
        fig.add_traces(traces, i // columns + 1, i % columns + 1)
    return fig.update_layout(template=LOOK, meta={"alt": alt})


def with_slider(fig, name, steps, traces, frames, active=0):
    """Add a slider with a play button to `fig` and return it; Jupyter and Colab show it, the pages draw one of their own.

    At place i, named `steps[i]`, the traces `fig.data[j]` for j in `traces` take over what `frames[i]` has for them; axes never move.
    """
    for index, trace in zip(traces, frames[active]):
        fig.data[index].update(trace)
    fig.frames = [go.Frame(name=str(i), data=data, traces=traces) for i, data in enumerate(frames)]
    hold_axes(fig)
    playback = lambda milliseconds: dict(mode="immediate", frame=dict(duration=milliseconds, redraw=True), transition=dict(duration=0))
    places = [dict(label=step, method="animate", args=[[str(i)], playback(0)]) for i, step in enumerate(steps)]
    quiet = dict(ticklen=0, font_color="rgba(0,0,0,0)", x=0.1, len=0.9, pad_t=60)  # labels of all steps would overlap
    slider = dict(steps=places, active=active, currentvalue=dict(prefix=f"{name}: ", font_color=GREY), **quiet)
    play = dict(label="▶", method="animate", args=[None, playback(150)])
    menu = dict(buttons=[play], type="buttons", showactive=False, x=0, y=0, xanchor="left", yanchor="top", pad_t=80)
    return fig.update_layout(sliders=[slider], updatemenus=[menu], height=480)


def hold_axes(fig):
    """Fix the range of each axis along which frames move points, so that a slider never moves it."""
    for axis in (axis for axis in [*fig.select_xaxes(), *fig.select_yaxes()] if axis.range is None):
        letter, number = axis.plotly_name.split("axis")
        here = [i for i, trace in enumerate(fig.data) if (trace[f"{letter}axis"] or letter) == letter + number]
        moving = [part for frame in fig.frames for i, part in zip(frame.traces, frame.data) if i in here and part[letter] is not None]
        if moving:
            axis.range = axis_range(np.concatenate([part[letter] for part in (*moving, *(fig.data[i] for i in here))]).astype(float))
