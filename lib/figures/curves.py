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
    checks.dictionary("named", named, most=4)
    checks.require(isinstance(alt, str) and alt.strip(), "alt", "words that say what the curves show", repr(alt))
    traces = []
    for style, (name, values) in enumerate(named.items()):
        y = numbers(f"named[{name!r}]", values)
        checks.require(len(y) == len(x), f"named[{name!r}]", f"{len(x)} values", len(y))
        checks.require(not log_y or y.min() > 0, f"named[{name!r}]", "numbers above 0 for a logarithmic axis", y.min())
        traces.append(look.line(x, y, name, style))
    fig = look.one_panel(traces, alt, x_title, y_title)
    return fig.update_yaxes(type="log", dtick=1, tickformat="~g") if log_y else fig
