"""The figures draw the numbers they are given, describe themselves, and refuse bad input."""

import numpy as np
import pytest
import torch
from lib import figures
from lib.figures import look
from lib.figures.values import equation
from test_models import refuses

X = torch.tensor([[-2.0], [0.0], [1.0], [4.0]])
Y = torch.tensor([[-3.0], [1.5], [2.0], [9.0]])
GRID = torch.linspace(-1, 4, 11)
STEPS = [(0.0, 0.0), (0.5, 0.1), (1.0, 0.2), (1.5, 0.3), (2.0, 0.4)]


def every_figure():
    """Return one figure of each builder."""
    return {
        "lines": figures.lines(X, Y, {"OLS": (2.0, 1.0), "guess": (0.5, -0.2)}, observation=2),
        "weight_slider": figures.weight_slider(X, Y, 2, 0.77, 0.25, GRID),
        "epoch_slider": figures.epoch_slider(X, Y, STEPS, (2.0, 1.0)),
        "learning_rate_slider": figures.learning_rate_slider(X, Y, 1.0, {0.01: [0, 0.5, 0.9], 0.1: [0, 3, 1]}),
        "loss_contours": figures.loss_contours(X, Y, GRID, GRID, {"path": STEPS}, {"OLS": (2.0, 1.0)}),
        "curves": figures.curves([0, 1, 2], {"a": [1, 2, 3], "b": [3, 2, 1]}, "epoch", "loss", "Two curves."),
    }


BUILT = every_figure()
every_builder = pytest.mark.parametrize("name", figures.__all__)


@every_builder
def test_figures_describe_themselves_and_name_their_axes(name):
    layout = BUILT[name].layout
    assert layout.meta["alt"].endswith(".")
    assert layout.xaxis.title.text and layout.yaxis.title.text
    assert layout.template.layout.colorway is None and len(BUILT[name].to_json()) < 60_000


@every_builder
def test_every_trace_has_a_name(name):
    assert all(trace.name for trace in BUILT[name].data)


@every_builder
def test_lines_are_told_apart_by_dash_as_well_as_colour(name):
    drawn = [trace for trace in BUILT[name].data if trace.type == "scatter" and "lines" in trace.mode]
    pens = [(trace.line.color, trace.line.dash) for trace in drawn]
    assert len(set(pens)) == len(pens)
    assert len({dash for _, dash in pens}) == len({colour for colour, _ in pens})


def luminance(colour):
    """Return the relative luminance of a colour #rrggbb (WCAG 2)."""
    parts = np.array([int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("colour", [*look.COLOURS, look.GREY])
@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_colours_stand_out_on_white_and_on_dark(colour, page):
    light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.9


def test_lines_run_through_the_data():
    fig = BUILT["lines"]
    assert fig.data[0].x.tolist() == X.flatten().tolist()
    assert fig.data[1].y.tolist() == [2.0 * -2 + 1, 2.0 * 4 + 1]
    assert fig.data[1].name == "OLS: 2x + 1"
    assert (fig.data[3].x.item(), fig.data[3].y.item()) == (1.0, 2.0)


def test_weight_slider_ties_line_error_loss_and_gradient_together():
    fig = BUILT["weight_slider"]
    active = fig.layout.sliders[0].active
    assert fig.layout.sliders[0].steps[active].label.startswith("0.77 ")
    for frame, step in zip(fig.frames, fig.layout.sliders[0].steps):
        line, error, tangent, here = frame.data
        w, loss = here.x.item(), here.y.item()
        residual = 2.0 - (w * 1.0 + 0.25)
        assert loss == pytest.approx(residual**2, abs=1e-5)
        assert error.y.tolist() == pytest.approx([2.0, 2.0 - residual], abs=1e-5)
        slope = np.diff(tangent.y) / np.diff(tangent.x)
        assert slope.item() == pytest.approx(-2 * residual * 1.0, abs=1e-4)
        assert (np.diff(line.y) / np.diff(line.x)).item() == pytest.approx(w, abs=1e-5)
        assert step.label == f"{w:.2f} (loss {loss:.2f}, gradient {-2 * residual:.2f})"


def test_epoch_slider_goes_through_the_observations_in_order():
    fig = BUILT["epoch_slider"]
    assert len(fig.frames) == 5
    for i, frame in enumerate(fig.frames[1:], start=1):
        line, used, now = frame.data
        assert (used.x.item(), used.y.item()) == (X[i - 1].item(), Y[i - 1].item())
        assert (now.x.item(), now.y.item()) == pytest.approx(STEPS[i])
        assert (np.diff(line.y) / np.diff(line.x)).item() == pytest.approx(STEPS[i][0])


def test_learning_rate_slider_shows_the_loss_of_every_step():
    steps, losses = BUILT["learning_rate_slider"].frames[1].data
    by_hand = [((Y - (w * X + 1.0)) ** 2).mean().item() for w in (0, 3, 1)]
    assert steps.y.tolist() == pytest.approx(by_hand, rel=1e-5) == losses.y.tolist()


def test_contours_show_the_root_mean_squared_error():
    contour = BUILT["loss_contours"].data[0]
    row, column = 3, 8
    error = Y - (GRID[column] * X + GRID[row])
    assert contour.z[row, column] == pytest.approx(error.pow(2).mean().sqrt().item(), abs=1e-3)


@pytest.mark.parametrize("name", [name for name in figures.__all__ if name.endswith("slider")])
def test_a_slider_starts_where_the_figure_does(name):
    fig = BUILT[name]
    frame = fig.frames[fig.layout.sliders[0].active]
    for index, part in zip(frame.traces, frame.data):
        assert np.array_equal(fig.data[index].x, part.x, equal_nan=True)
    assert [f.name for f in fig.frames] == [step.args[0][0] for step in fig.layout.sliders[0].steps]


def test_a_line_in_words():
    assert [equation(3.383, 0.9053), equation(-0.5, -12.0)] == ["3.38x + 0.905", "−0.5x − 12"]


NAN = torch.full((4, 1), float("nan"))


@pytest.mark.parametrize(
    "name, build",
    [
        ("inputs", lambda: figures.lines([], [], {"OLS": (1, 1)})),
        ("inputs", lambda: figures.lines(NAN, Y, {"OLS": (1, 1)})),
        ("labels", lambda: figures.lines(X, Y[:2], {"OLS": (1, 1)})),
        ("named", lambda: figures.lines(X, Y, {})),
        ("named", lambda: figures.lines(X, Y, {str(i): (1, 1) for i in range(5)})),
        (r"named\['OLS'\]", lambda: figures.lines(X, Y, {"OLS": ([1, 2], 1)})),
        ("observation", lambda: figures.lines(X, Y, {"OLS": (1, 1)}, observation=4)),
        ("observation", lambda: figures.weight_slider(X, Y, -1, 0.5, 0.0, GRID)),
        ("grid", lambda: figures.weight_slider(X, Y, 0, 0.5, 0.0, [])),
        ("weights", lambda: figures.weight_slider(X, Y, 0, float("inf"), 0.0, GRID)),
        ("steps", lambda: figures.epoch_slider(X, Y, STEPS[:3], (1, 1))),
        ("steps", lambda: figures.epoch_slider(X, Y, [1, 2, 3, 4, 5], (1, 1))),
        ("paths", lambda: figures.learning_rate_slider(X, Y, 0.0, {})),
        ("weights", lambda: figures.loss_contours(X, Y, [], GRID, {"path": STEPS})),
        ("paths", lambda: figures.loss_contours(X, Y, GRID, GRID, {str(i): STEPS for i in range(5)})),
        ("x", lambda: figures.curves([], {"a": []}, "x", "y", "Nothing.")),
        ("named", lambda: figures.curves([1, 2], {}, "x", "y", "Nothing.")),
        (r"named\['a'\]", lambda: figures.curves([1, 2], {"a": [1]}, "x", "y", "Too short.")),
        ("alt", lambda: figures.curves([1, 2], {"a": [1, 2]}, "x", "y", "")),
    ],
)
def test_bad_input_is_refused_by_name(name, build):
    with refuses(name):
        build()
