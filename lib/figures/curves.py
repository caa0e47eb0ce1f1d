"""Draws functions and histories: named curves over a common horizontal axis."""

from lib import checks
from lib.figures import look
from lib.figures.values import numbers


def curves(x, named, x_title, y_title, alt, log_y=False):
    """Return a figure of the curves in `named`, a dict from name to values, over `x`.

    x (n,) and every curve (n,); `alt` says in words what they show; `log_y` makes the vertical
    axis logarithmic. Raises ValueError for more than four curves or for one of another length.
    """
    x = numbers("x", x)
    checks.at_most_four("named", named)
    checks.require(alt.strip(), "alt", "words that say what the curves show", repr(alt))
    for name, y in named.items():
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
    traces = [look.line(x, numbers(name, y), name, i) for i, (name, y) in enumerate(named.items())]
    fig = look.one_panel(traces, alt, x_title, y_title)
    return fig.update_yaxes(type="log", dtick=1, tickformat="~g") if log_y else fig
