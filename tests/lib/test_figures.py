"""The figures draw the numbers they are given, describe themselves, and refuse bad input."""

import copy
from itertools import product

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import torch
from statsmodels.stats.proportion import proportion_confint
from torch import nn

from helpers import refuses
from lib import figures
from lib.figures import look
from lib.figures.maps import ABOVE, BELOW, PALE, grid_over
from lib.figures.values import equation
from lib.models import Perceptron, SimpleLinearNN, build, initialise, state
from lib.replicas import alone, replicate
from lib.training import train

X = torch.tensor([[-2.0], [0.0], [1.0], [4.0]])
Y = torch.tensor([[-3.0], [1.5], [2.0], [9.0]])
GRID = torch.linspace(-1, 4, 11)
STEPS = [(0.0, 0.0), (0.5, 0.1), (1.0, 0.2), (1.5, 0.3), (2.0, 0.4)]


POINTS = torch.tensor([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.5], [2.0, -0.5]])
ZERO_ONE = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
NETWORK = initialise(nn.Sequential(Perceptron(2, 3), Perceptron(3, 1)), seed=0)
MANY = initialise(replicate(build([2, 3, 1]), 4), seed=0)
EACH = [alone(MANY, replica) for replica in range(4)]
OTHER = initialise(nn.Sequential(Perceptron(2, 3), Perceptron(3, 1)), seed=1)
HISTORY = pd.DataFrame({"loss": [0.9, 0.2], "evaluation_loss": [0.8, 0.3], "state": [state(NETWORK), state(OTHER)]}, index=[0, 10])
DATA = POINTS, ZERO_ONE

TABLE = pd.DataFrame({"estimate": [0.3, 0.5], "low": [0.2, 0.35], "high": [0.5, 0.6]}, index=["logit", "network"])
SHARES = pd.DataFrame({"predicted": [10.0, 60.0], "observed": [15.0, 40.0], "low": [5, 30], "high": [25, 50]})
THREE = initialise(build([3, 2, 1]), seed=0)
THREE_MANY = initialise(replicate(build([3, 2, 1]), 3), seed=1)
ANSWERS = torch.tensor([[1.0, 2, 4], [7, 1, 5], [7, 1, 5], [3, 6, 5]]), torch.tensor([[0.0], [1], [1], [0]])
STUDY = pd.DataFrame({"size": ["a", "a", "a", "b", "b"], "epoch": [20, 90, 100, 15, 18], "arrived": [True, True, False, True, True]})
NAMES = dict(titles=["own", "first", "second"], groups=["for A", "for B"])


def two_paths():
    """Return the levels of a network of two neurons: a tensor and a plain number, what they become, a prediction, its loss."""
    x, v, w = torch.tensor(1.5, requires_grad=True), torch.tensor(0.5, requires_grad=True), 0.4
    first, second = 2 * x + w, 1.25 * x
    prediction = v * first - 0.75 * second
    return [{"x": x, "w": w}, {"h₁": first, "h₂": second, "v": v}, {"ŷ": prediction}, {"L": (1 - prediction).pow(2)}]


def every_figure():
    """Return one figure of each builder."""
    return {
        "lines": figures.lines((X, Y), {"OLS": (2.0, 1.0), "guess": (0.5, -0.2)}, observation=2),
        "weight_slider": figures.weight_slider((X, Y), 2, 0.77, 0.25, GRID),
        "epoch_slider": figures.epoch_slider((X, Y), STEPS, (2.0, 1.0)),
        "learning_rate_slider": figures.learning_rate_slider((X, Y), 1.0, {0.01: [0, 0.5, 0.9], 0.1: [0, 3, 1]}),
        "loss_contours": figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, GRID, GRID, {"OLS": (2.0, 1.0)}),
        "curves": figures.curves([0, 1, 2], {"a": [1, 2, 3], "b": [3, 2, 1]}, "epoch", "loss"),
        "survival": figures.survival(STUDY, by="size", marked={"a": 50}),
        "boundary_band": figures.boundary_band(EACH, (POINTS, ZERO_ONE)),
        "two_labels": figures.two_labels((POINTS, ZERO_ONE)),
        "surface": figures.surface(NETWORK, (POINTS, ZERO_ONE)),
        "surface_slider": figures.surface_slider(NETWORK, HISTORY, (POINTS, ZERO_ONE)),
        "neurons": figures.neurons(NETWORK, (POINTS, ZERO_ONE)),
        "network": figures.network([2, 3, 1], NETWORK),
        "backprop": figures.backprop(two_paths()),
        "intervals": figures.intervals({"a": TABLE, "b": TABLE + 0.1}, "loss", reference=0),
        "calibration": figures.calibration({"a": SHARES}),
        "response_slider": figures.response_slider({"one": THREE, "other": THREE_MANY}, ANSWERS, **NAMES),
    }


BUILT = every_figure()
every_builder = pytest.mark.parametrize("name", figures.__all__)


@every_builder
def test_figures_describe_themselves_in_the_books_look_and_are_light(name):
    layout = BUILT[name].layout
    assert layout.meta["alt"].endswith(".") and len(layout.meta["alt"].split()) > 1
    assert layout.template.layout == look.LOOK.layout
    assert len(BUILT[name].to_json()) < 60_000


WITHOUT_AXES = {"network", "backprop", "neurons", "intervals"}


@pytest.mark.parametrize("name", sorted(set(figures.__all__) - WITHOUT_AXES))
def test_axes_have_names(name):
    assert BUILT[name].layout.xaxis.title.text and BUILT[name].layout.yaxis.title.text


@every_builder
def test_every_trace_has_a_name(name):
    assert all(trace.name for trace in BUILT[name].data)


@every_builder
def test_lines_are_told_apart_by_dash_as_well_as_colour(name):
    scatter = [trace for trace in BUILT[name].data if trace.type == "scatter" and trace.line.color in look.COLOURS]
    assert all((look.COLOURS.index(trace.line.color) == look.DASHES.index(trace.line.dash)) for trace in scatter)


def test_styles_differ_in_colour_dash_and_shape():
    assert len(set(look.COLOURS)) == len(set(look.DASHES)) == len(set(look.SYMBOLS)) == 4
    shapes = [trace.marker.symbol for trace in BUILT["two_labels"].data if trace.mode == "markers"]
    assert len(set(shapes)) == 2


def luminance(colour):
    """Return the relative luminance of a colour #rrggbb (WCAG 2)."""
    parts = np.array([int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("colour", [*look.COLOURS, look.GREY])
@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_colours_stand_out_on_white_and_on_dark(colour, page):
    light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 3.0


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
        assert error.y.tolist() == pytest.approx([2.0, 2.0 - residual / 2, 2.0 - residual], abs=1e-5)
        slope = np.diff(tangent.y) / np.diff(tangent.x)
        assert slope.item() == pytest.approx(-2 * residual * 1.0, abs=1e-4)
        assert (np.diff(line.y) / np.diff(line.x)).tolist() == pytest.approx([w, w], abs=1e-5)
        assert step.label == f"{w:.2f} (loss {loss:.2f}, gradient {-2 * residual:.2f})"


def test_epoch_slider_goes_through_the_observations_in_order():
    fig = BUILT["epoch_slider"]
    assert len(fig.frames) == 5
    for i, frame in enumerate(fig.frames[1:], start=1):
        line, used, way, now = frame.data
        assert way.x.tolist() == [step[0] for step in STEPS[:i + 1]]  # what lies ahead is not shown
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


def test_the_lowest_point_of_the_loss_takes_the_bias_into_account():
    best = (X * (Y - 1.0)).sum() / (X * X).sum()
    assert f"lowest at {best:.3g}" in BUILT["learning_rate_slider"].layout.meta["alt"]


def test_lines_of_a_slider_take_the_bias_into_account():
    line = BUILT["weight_slider"].frames[0].data[0]
    w = GRID[0].item()
    assert line.y.tolist() == pytest.approx([w * x + 0.25 for x in (-2, -0.5, 4)], abs=1e-5)


def test_paths_and_points_have_weights_across_and_bias_up():
    path, point = BUILT["loss_contours"].data[1:]
    assert (path.x[-1], path.y[-1]) == (2.0, 0.4) and (point.x[0], point.y[0]) == (2.0, 1.0)
    trail = BUILT["epoch_slider"].frames[-1].data[2]
    assert (trail.x[-1], trail.y[-1]) == (2.0, 0.4)
    assert "from 0x + 0 to 2x + 0.4" in BUILT["loss_contours"].layout.meta["alt"]


def test_two_maps_have_their_own_data_one_scale_and_names_at_the_paths():
    fig = figures.loss_contours({"one": ((X, Y), {"path": STEPS}), "other": ((X, 2 * Y), {"way": STEPS})}, GRID, GRID)
    first, second = [trace for trace in fig.data if trace.type == "contour"]
    assert not np.allclose(first.z, second.z) and (second.xaxis, second.yaxis) == ("x2", "y2")
    assert (fig.layout.yaxis.scaleanchor, fig.layout.yaxis2.scaleanchor) == ("x", "x2")
    assert [(note.text, note.xref) for note in fig.layout.annotations] == [("path", "x"), ("way", "x2")]


def test_names_stand_on_their_own_lines_and_apart_from_the_others():
    x = np.linspace(0, 1, 50)
    ways = {"up": x, "down": 1 - x, "half": np.full(50, 0.5)}
    fig = figures.curves(x, ways, "x", "y")
    assert fig.layout.showlegend is False and [note.text for note in fig.layout.annotations] == list(ways)
    for note in fig.layout.annotations:
        assert np.interp(note.x, x, ways[note.text]) == pytest.approx(note.y, abs=1e-6)
        others = [values for name, values in ways.items() if name != note.text]
        assert min(abs(np.interp(note.x, x, other) - note.y) for other in others) > 0.1


def test_bands_go_around_their_curves_and_lie_behind_them():
    fig = figures.curves([1, 2, 3], {"a": [1, 2, 3], "b": [3, 2, 1]}, "x", "y", bands=({"a": [0, 1, 2], "b": [2, 1, 0]},
                                                                                 {"a": [2, 3, 5], "b": [4, 3, 2]}))
    first, second, *lines = fig.data
    assert [first.name, second.name, *(line.name for line in lines)] == ["a", "b", "a", "b"]
    assert first.x.tolist() == [1, 2, 3, 3, 2, 1] and first.y.tolist() == [0, 1, 2, 5, 3, 2]
    assert second.fill == "toself" and second.y.tolist() == [2, 1, 0, 2, 3, 4]
    with refuses(r"bands\['a'\]"):
        figures.curves([1, 2], {"a": [1, 2]}, "x", "y", bands=({"a": [1]}, {"a": [2, 3]}))


def test_curves_draw_their_values_in_order():
    assert [trace.y.tolist() for trace in BUILT["curves"].data] == [[1, 2, 3], [3, 2, 1]]


def test_small_numbers_are_not_rounded_away():
    fig = figures.curves([1, 2], {"a": [1e-8, 1.234567e-9]}, "x", "y", log_y=True)
    assert fig.data[0].y.tolist() == [1e-8, 1.23457e-9]


@pytest.mark.parametrize("name", ["weight_slider", "epoch_slider", "learning_rate_slider"])
def test_two_panels_stand_above_each_other_where_it_is_narrow(name):
    narrow = BUILT[name].layout.meta["narrow"]
    assert narrow["xaxis.domain"] == narrow["xaxis2.domain"] == [0, 1]
    assert narrow["yaxis2.domain"][1] < narrow["yaxis.domain"][0]


def test_a_slider_leaves_room_round_the_data():
    low, high = BUILT["weight_slider"].layout.yaxis.range
    assert low < Y.min() and high > Y.max()


def test_a_logarithmic_axis_has_more_than_one_number():
    for lowest, dtick in [(0.05, "D2"), (0.001, 1)]:
        fig = figures.curves([1, 2], {"a": [0.5, 0.4], "b": [0.3, lowest]}, "x", "y", log_y=True)
        assert fig.layout.yaxis.dtick == dtick


def test_play_button_plays_all_frames():
    button, = BUILT["weight_slider"].layout.updatemenus[0].buttons
    assert button.method == "animate" and button.args[0] is None and button.args[1]["frame"]["duration"] > 0


def predictions_on(trace, model):
    """Return what a model predicts at the points of a map, as an array of its shape."""
    points = np.stack(np.meshgrid(trace.x, trace.y), axis=-1)
    return model(torch.tensor(points, dtype=torch.float32)).detach().numpy()[..., 0]


def test_surface_shows_predictions_in_percent_at_their_place():
    shade = BUILT["surface"].data[0]
    assert shade.z.dtype == np.uint8
    assert shade.z == pytest.approx(100 * predictions_on(shade, NETWORK), abs=0.6)


def test_the_line_at_50_percent_runs_between_the_predictions_around_it():
    model = initialise(build([2, 4, 1]), seed=0, std=5)
    edge = figures.surface(model, DATA).data[1]
    preds = predictions_on(edge, model).astype(float)
    odds = np.log(preds / (1 - preds))
    crossed = (odds[:, :-1] > 0) != (odds[:, 1:] > 0)
    assert crossed.sum() > 10 and edge.contours.start == edge.contours.end == 0
    way = [heights[:, :-1][crossed] / (heights[:, :-1] - heights[:, 1:])[crossed] for heights in (edge.z.astype(float), odds)]
    assert way[0] == pytest.approx(way[1], abs=2e-3)  # of the distance between two points of the grid
    assert (edge.z[np.abs(edge.z) > 1] > 0).tolist() == (odds[np.abs(edge.z) > 1] > 0).tolist()


def linear(weights, bias, kind=nn.Linear):
    """Return a model of these weights of two inputs, and this bias."""
    model = kind(2, 1)
    for parameter, values in zip(model.parameters(), (weights, bias)):
        parameter.data[:] = torch.tensor(values).reshape(parameter.shape)
    return model


def through_layers(weights, bias):
    """Return a model of three layers that multiplied out has these weights, and this bias."""
    first = nn.Linear(2, 2)
    first.weight.data[:], first.bias.data[:] = torch.tensor([[2.0, 0.0], [0.0, -4.0]]), torch.tensor([1.0, 2.0])
    return nn.Sequential(first, linear([weights[0] / 2, -weights[1] / 4], bias - weights[0] / 2 + weights[1] / 2))


STRAIGHT = [([0.3, 0.05], 0.2), ([0.02, -0.7], 0.4), ([-0.6514, 0.168], 0.577), ([0.5, 0.0], 0.1), ([0.0, 3.0], 1.0)]


@pytest.mark.parametrize("weights, bias", STRAIGHT)
@pytest.mark.parametrize("build, share", [(linear, 0.5), (through_layers, 0.5), (lambda *line: linear(*line, SimpleLinearNN), 0.5),
                                          (lambda *line: linear(*line, Perceptron), 0.0)])
def test_the_boundary_of_a_linear_model_is_the_line_of_its_coefficients(build, share, weights, bias):
    edge = figures.surface(build(weights, bias), DATA).data[1]
    weights, bias = np.float32(weights).astype(float), float(np.float32(bias))
    off = edge.x * weights[0] + edge.y * weights[1] + bias - share
    assert edge.type == "scatter" and len(edge.x) == 2
    assert np.abs(off / np.hypot(*weights)).max() < 1e-6
    x, y, _ = grid_over(POINTS.numpy())
    assert edge.x.tolist() == pytest.approx(x[[0, -1]]) or edge.y.tolist() == pytest.approx(y[[0, -1]])


def test_a_bent_boundary_is_none_of_straight_pieces_across_the_map():
    assert figures.surface(initialise(build([2, 4, 1]), seed=0), DATA).data[1].type == "contour"


def test_a_map_without_a_boundary_has_none():
    assert (figures.surface(linear([0.0, 0.0], 0.2), DATA).data[1].z < 0).all()


def test_the_colours_cover_what_lies_outside_0_and_100_and_tell_it_apart():
    shade = figures.surface(linear([3.0, 3.0], -1.0), DATA).data[0]
    assert shade.zmin <= shade.z.min() < 0 and 100 < shade.z.max() <= shade.zmax
    scale = [(shade.zmin + share * (shade.zmax - shade.zmin), colour) for share, colour in shade.colorscale]
    edges = [shade.zmin, 0, 0, 50, 100, 100, shade.zmax]
    assert [percent for percent, _ in scale] == pytest.approx(edges) and edges == sorted(edges)
    assert [colour for _, colour in scale] == [BELOW, BELOW, *(colour for _, colour in PALE), ABOVE, ABOVE]
    assert set(shade.colorbar.tickvals) >= {0, 100, shade.zmin, shade.zmax}
    assert (shade.z[0, 0], shade.z[-1, -1]) == pytest.approx(
        [100 * (3 * shade.x[i] + 3 * shade.y[i] - 1) for i in (0, -1)], abs=0.06)


def test_the_colours_of_probabilities_go_from_0_to_100():
    shade = BUILT["surface"].data[0]
    assert (shade.zmin, shade.zmax) == (0, 100) and len(shade.colorscale) == 3


def trained(model, loss_fn, epochs=40):
    """Return a model that was trained on four observations, and its history."""
    optim = torch.optim.SGD(model.parameters(), lr=0.3)
    return model, train(model, [DATA], loss_fn, optim, epochs, evaluation=(DATA[0] + 0.3, DATA[1]), watch={"state": state})


TRAINED = {"linear": trained(linear([-1.0, 2.0], 0.5), nn.MSELoss()),
           "network": trained(initialise(build([2, 3, 1]), seed=3), nn.BCELoss())}
each_trained = pytest.mark.parametrize("name", TRAINED)


@each_trained
def test_one_scale_of_colours_covers_every_epoch(name):
    fig = figures.surface_slider(*TRAINED[name], DATA)
    shown = [frame.data[0].z for frame in fig.frames]
    assert fig.data[0].zmin <= min(z.min() for z in shown) and fig.data[0].zmax >= max(z.max() for z in shown)


@each_trained
def test_a_slider_opens_at_the_start_of_training_and_ends_at_its_end(name):
    model, history = TRAINED[name]
    fig = figures.surface_slider(model, history, DATA)
    slider = fig.layout.sliders[0]
    epochs = [int(step.label.split()[0]) for step in slider.steps]
    assert slider.active == 0 and len(epochs) == 24
    assert epochs == sorted(set(epochs)) and (epochs[0], epochs[-1]) == (0, history.index[-1])


@each_trained
def test_a_dot_lies_on_each_curve_of_the_loss_at_every_step(name):
    model, history = TRAINED[name]
    fig = figures.surface_slider(model, history, DATA)
    curves = {trace.name: trace for trace in fig.data if trace.name in ("loss", "evaluation")}
    drawn = [dict(zip(curve.x.tolist(), curve.y.tolist())) for curve in curves.values()]
    assert set(curves) == {"loss", *(["evaluation"] if "evaluation_loss" in history else [])}
    for frame, step in zip(fig.frames, fig.layout.sliders[0].steps):
        epoch, = set(frame.data[2].x)
        assert step.label.startswith(f"{epoch:.0f} (loss {history.loss[epoch]:.3f}, ")
        assert frame.data[2].y == pytest.approx([heights[epoch] for heights in drawn], rel=1e-4)
        assert frame.data[2].y[0] == pytest.approx(history.loss[epoch], rel=1e-4)
    assert {fig.data[frame.traces[2]].xaxis, *(curve.xaxis for curve in curves.values())} == {"x2"}


def test_evaluation_data_are_drawn_hollow_below_the_others():
    fig = figures.surface_slider(NETWORK, HISTORY, DATA, evaluation=(POINTS + 0.1, ZERO_ONE))
    names = [trace.name for trace in fig.data]
    hollow = [fig.data[names.index(f"y = {label}, evaluation")] for label in (0, 1)]
    assert [trace.marker.symbol for trace in hollow] == ["circle-open", "diamond-open"]
    assert sorted(x for trace in hollow for x in trace.x) == pytest.approx(sorted((POINTS[:, 0] + 0.1).tolist()), abs=1e-3)
    assert names.index("y = 1, evaluation") < names.index("y = 0")
    with pytest.raises(ValueError, match="labels"):
        figures.surface_slider(NETWORK, HISTORY, DATA, evaluation=(POINTS, ZERO_ONE + 1))


def test_steps_are_dense_where_predictions_move():
    model, moving = nn.Linear(2, 1), [0.0] * 400 + [i / 20 for i in range(20)] + [1.0] * 400
    states = [state(linear([0.1, 0.1], bias)) for bias in moving]
    history = pd.DataFrame({"loss": moving, "state": states})
    fig = figures.surface_slider(model, history, DATA)
    epochs = [int(step.label.split()[0]) for step in fig.layout.sliders[0].steps]
    assert sum(395 <= epoch <= 425 for epoch in epochs) >= 10


@pytest.mark.parametrize("name", ["two_labels", "surface", "surface_slider", "boundary_band", "neurons"])
def test_both_inputs_have_one_scale_and_a_fixed_range(name):
    layout, (x, y, _) = BUILT[name].layout, grid_over(POINTS.numpy())
    assert layout.yaxis.scaleanchor == "x" and layout.xaxis.constrain == layout.yaxis.constrain == "domain"
    assert layout.xaxis.range == pytest.approx(x[[0, -1]]) and layout.yaxis.range == pytest.approx(y[[0, -1]])
    assert layout.meta["ratio"] == pytest.approx(np.ptp(y) / np.ptp(x))


def test_labels_stand_at_the_data_and_at_the_curves():
    fig = BUILT["surface_slider"]
    words = {trace.text[0]: trace for trace in fig.data if trace.name.startswith("name of")}
    assert set(words) == {"y = 0", "y = 1", "loss", "evaluation"} and not any(trace.showlegend for trace in fig.data)
    assert (words["y = 0"].textposition, words["y = 1"].textposition) == ("top center", "bottom center")
    assert words["y = 0"].y[0] > POINTS[:2, 1].max() and words["y = 1"].y[0] < POINTS[2:, 1].min()
    one = figures.surface_slider(NETWORK, HISTORY.drop(columns="evaluation_loss"), DATA)
    assert "name of loss" not in [trace.name for trace in one.data] and one.layout.yaxis2.title.text == "loss"


def test_a_history_of_a_single_epoch_is_drawn():
    assert len(figures.surface_slider(NETWORK, HISTORY[:1], DATA).frames) == 1


def test_surface_slider_shows_each_state_and_leaves_the_model_alone():
    before = state(NETWORK)
    fig = figures.surface_slider(NETWORK, HISTORY, (POINTS, ZERO_ONE))
    assert all(np.array_equal(new.z, old.z) for new, old in zip(fig.frames[0].data, BUILT["surface"].data[:2]))
    assert not np.array_equal(fig.frames[1].data[0].z, fig.frames[0].data[0].z)
    assert [step.label.split()[0] for step in fig.layout.sliders[0].steps] == ["0", "10"]
    assert all(torch.equal(before[name], value) for name, value in NETWORK.state_dict().items())


def test_share_of_correct_labels_is_counted():
    right = ((NETWORK(POINTS) > 0.5) == (ZERO_ONE == 1)).float().mean().item()
    assert f"{100 * right:.0f} percent of 4 observations" in BUILT["surface"].layout.meta["alt"]


def test_survival_curves_fall_when_an_event_comes_and_stay_where_it_does_not():
    fig = figures.survival(STUDY, by="size", marked={"a": 50})
    line, other, mark = fig.data[2:]
    epochs, left = line.x, np.array(line.y)
    assert epochs[0] == 1 and epochs[-1] == 100
    for low, high, percent in [(1, 19, 100), (20, 89, 67), (90, 100, 33)]:
        assert set(left[(epochs >= low) & (epochs <= high)]) == {percent}
    assert other.y[-1] == 0 and mark.x[0] == 50 and mark.y[0] == 67
    assert line.line.shape == "hv" and "a 33, b 0" in fig.layout.meta["alt"]


def test_bands_of_survival_curves_are_wilsons_intervals():
    low, high = proportion_confint([3, 2, 1], 3, method="wilson")
    band, half = figures.survival(STUDY, by="size").data[0], len(figures.survival(STUDY, by="size").data[2].x)
    assert band.fill == "toself" and band.x[:half].tolist() == band.x[:half - 1:-1].tolist()
    for place, epoch in enumerate([1, 40, 100]):
        i = int(np.abs(band.x[:half] - epoch).argmin())
        assert band.y[i] == round(100 * high[place]) and band.y[-1 - i] == round(100 * low[place])


def test_switches_choose_the_networks_of_one_combination():
    rates, starts = [0.1, 1.0], ["small", "large"]
    study = pd.concat([STUDY.assign(rate=rate, start=start, epoch=STUDY.epoch + 5 * i + 10 * j)
                       for i, rate in enumerate(rates) for j, start in enumerate(starts)])
    fig = figures.survival(study, by="size", switches=["rate", "start"])
    assert fig.layout.meta["switches"] == [["rate", ["0.1", "1.0"]], ["start", ["small", "large"]]]
    assert [step.label for step in fig.layout.sliders[0].steps] == [f"rate {rate}, start {start}" for rate in rates for start in starts]
    for (rate, start), frame in zip(product(rates, starts), fig.frames, strict=True):
        for size, drawn, curve in zip("ab", fig.data[2:], frame.data[2:], strict=True):
            rows = study[(study.rate == rate) & (study.start == start) & (study["size"] == size)]
            left = [(~rows.arrived | (rows.epoch > epoch)).mean() for epoch in drawn.x]
            assert curve.y.tolist() == np.rint(100 * np.array(left)).tolist()
    with refuses("study"):
        figures.survival(study[(study.rate == 1) | (study.start == "small")], by="size", switches=["rate", "start"])


def test_boundary_band_counts_the_networks_that_predict_one():
    fig = figures.boundary_band(EACH, (POINTS, ZERO_ONE))
    x, y, percent = (np.array(fig.data[0][axis]) for axis in "xyz")
    for row, column in [(0, 0), (5, 30), (48, 12), (20, 20)]:
        point = torch.tensor([[x[column], y[row]]], dtype=torch.float32)
        votes = sum((network(point) > 0.5).item() for network in EACH)
        assert percent[row, column] == 25 * votes
    for trace, share in zip([trace for trace in fig.data if trace.type == "contour"], [0.5, 0.05, 0.95], strict=True):
        assert trace.contours.start == 0 and ((trace.z > 0) == (percent > 100 * share)).all()


def test_intervals_reach_from_low_to_high_row_by_row():
    one, other = BUILT["intervals"].data
    assert list(one.x) == [0.3, 0.5] and list(one.x - one.error_x.arrayminus) == pytest.approx([0.2, 0.35])
    assert list(other.x + other.error_x.array) == pytest.approx([0.6, 0.7])
    axis = BUILT["intervals"].layout.yaxis
    assert dict(zip(axis.ticktext, axis.tickvals)) == {"logit": 0, "network": -1}
    assert one.y[0] > one.y[1] and all(abs(one.y - other.y) < 0.5) and BUILT["intervals"].layout.shapes[0].x0 == 0


def test_calibration_draws_the_diagonal_and_counts_the_intervals_that_hold_it():
    diagonal, marks = BUILT["calibration"].data
    assert list(diagonal.x) == list(diagonal.y)
    assert list(marks.y + marks.error_y.array) == [25, 50] and list(marks.y - marks.error_y.arrayminus) == [5, 30]
    assert "1 of 2 intervals" in BUILT["calibration"].layout.meta["alt"]


def test_response_slider_draws_both_models_and_the_observations_at_each_third_input():
    fig = BUILT["response_slider"]
    assert [step.label for step in fig.layout.sliders[0].steps] == ["4 (1 observations)", "5 (3 observations)"]
    assert fig.layout.sliders[0].active == 1
    maps = fig.frames[1].data
    at = torch.tensor([[fig.data[0].x[3], fig.data[0].y[20], 5.0]], dtype=torch.float32)
    assert maps[0].z[20, 3] == pytest.approx(100 * THREE(at).item(), abs=0.6)
    assert maps[4].z[20, 3] == pytest.approx(100 * THREE_MANY(at).mean().item(), abs=0.6)
    clinton, dole = maps[2:4]
    assert (clinton.x.item(), clinton.y.item(), clinton.customdata.item()) == (pytest.approx(2.85), 6, 1)
    assert (dole.x.item(), dole.y.item(), dole.customdata.item()) == (pytest.approx(7.15), 1, 2)
    assert [note.text for note in fig.layout.annotations] == ["one", "other"]


@pytest.mark.parametrize("name, changes", [
    ("models", dict(models={"one": THREE})), ("inputs", dict(data=(POINTS, ANSWERS[1]))),
    ("labels", dict(data=(ANSWERS[0], 2 * ANSWERS[1]))),
    ("titles", dict(titles=["own"])), ("groups", dict(groups=["A"])),
    ("labels", dict(data=(ANSWERS[0], ANSWERS[1][:2]))),
])
def test_response_slider_refuses_what_it_cannot_draw(name, changes):
    good = dict(models={"one": THREE, "other": THREE}, data=ANSWERS, **NAMES)
    with refuses(name):
        figures.response_slider(**{**good, **changes})


def test_intervals_and_calibration_refuse_bad_tables():
    for bad in (TABLE.drop(columns="low"), TABLE.rename(index={"logit": "OLS"})):
        with refuses(r"tables\['b'\]"):
            figures.intervals({"a": TABLE, "b": bad}, "loss")
    with refuses(r"tables\['a'\]"):
        figures.calibration({"a": SHARES.drop(columns="high")})


def test_neurons_draw_each_hidden_output_and_the_sums_up_to_the_prediction():
    maps = [trace for trace in BUILT["neurons"].data if trace.type == "heatmap"]
    assert len(maps) == 6
    at = torch.tensor([[maps[0].x[3], maps[0].y[20]]], dtype=torch.float32)
    hidden, (weights, bias) = NETWORK[0](at)[0], (NETWORK[1].weights[:, 0], NETWORK[1].bias.item())
    for i in range(3):
        own, so_far = maps[2 * i], maps[2 * i + 1]
        assert own.z[20, 3] == pytest.approx(100 * hidden[i].item(), abs=0.6)
        assert so_far.z[20, 3] == pytest.approx(100 * torch.sigmoid(bias + hidden[:i + 1] @ weights[:i + 1]).item(), abs=0.6)
    assert maps[-1].z[20, 3] == pytest.approx(100 * NETWORK(at).item(), abs=0.6)


def test_the_rows_of_neurons_are_named_in_order():
    titles = [note.text for note in BUILT["neurons"].layout.annotations]
    assert [title for title in titles if title.startswith("h")] == ["h<sub>1</sub>", "h<sub>2</sub>", "h<sub>3</sub>"]
    assert [float(title.split()[0]) for title in titles[1::2]] == pytest.approx(NETWORK[1].weights[:, 0].tolist(), abs=0.06)


def test_network_draws_every_weight_by_sign_and_size():
    edges = [trace for trace in BUILT["network"].data if trace.name.startswith("weight")]
    weights = [weight for layer in NETWORK for weight in layer.weights.flatten().tolist()]
    assert [float(edge.name.split()[1]) for edge in edges] == pytest.approx(weights, abs=0.006)
    assert [edge.line.color == look.COLOURS[1] for edge in edges] == [weight > 0 for weight in weights]
    first = [abs(weight) for weight in weights[:6]]
    widths = [edge.line.width for edge in edges[:6]]
    assert sorted(range(6), key=first.__getitem__) == sorted(range(6), key=widths.__getitem__)


def test_a_bare_network_has_a_line_for_each_weight_and_a_disc_for_each_neuron():
    fig = figures.network([2, 4, 1])
    assert sum(trace.mode == "lines" for trace in fig.data) == 2 * 4 + 4 * 1
    assert [len(trace.x) for trace in fig.data if trace.mode == "markers+text"] == [2, 4, 1]


def texts(fig):
    """Return all texts of a figure, from above, without line breaks."""
    found = [(y, text.replace("<br>", " ")) for trace in fig.data for y, text in zip(trace.y, trace.text or ())]
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def test_backprop_shows_all_values_and_then_gradients_level_by_level():
    levels = two_paths()
    values = {name: value for level in levels for name, value in level.items()}
    slopes = {name: torch.autograd.grad(values["L"], value, retain_graph=True)[0].item() for name, value in values.items() if name != "w"}
    shown = texts(figures.backprop(levels))
    for name, value in values.items():
        assert shown.count(f"{name} {torch.as_tensor(value).item():.3g}") == len(levels)
    for level, pictures in zip([["L", "ŷ"], ["h₁", "h₂", "v"], ["x"]], [3, 2, 1]):
        assert [shown.count(f"{slopes[name]:.3g}") for name in level] == [pictures] * len(level)
    assert [text for text in shown if "back" in text] == ["back to ŷ", "back to h₁, h₂, v", "back to x"]


def test_backprop_shows_the_derivative_beside_each_edge_and_joins_only_what_is_connected():
    levels = two_paths()
    assert [texts(figures.backprop(levels)).count(text) for text in ("×0.5", "×-0.75", "×2", "×1.25")] == [2, 2, 1, 1]
    edges = [trace for trace in figures.backprop(levels).data if trace.mode == "lines"]
    assert len(edges) == 4 * (2 + 2 + 3 + 1)  # from x, from the plain number w, from the level of the neurons, to the loss


@pytest.mark.parametrize("name", [name for name in figures.__all__ if name.endswith("slider")])
def test_a_slider_starts_where_the_figure_does(name):
    fig = BUILT[name]
    frame = fig.frames[fig.layout.sliders[0].active]
    for index, part in zip(frame.traces, frame.data):
        for key, numbers in part.to_plotly_json().items():
            if key == "marker":
                assert np.array_equal(fig.data[index].marker.size, numbers["size"])
            else:
                assert np.array_equal(fig.data[index][key], numbers, equal_nan=key in "xy")
    assert [f.name for f in fig.frames] == [step.args[0][0] for step in fig.layout.sliders[0].steps]


def two_steps(first, second, **layout):
    """Return a figure with one trace and a slider of two steps."""
    fig = look.one_panel([look.line([], [], "line")], "A line.", "x", "y").update_layout(**layout)
    return look.with_slider(fig, "step", ["one", "two"], [0], [[first], [second]])


def test_a_slider_never_moves_an_axis():
    one, other = look.moved([0.001, 0.002], [np.nan, 5]), look.moved([0.003], [7])
    layout = two_steps(one, other).layout
    assert layout.xaxis.range == pytest.approx((0.00084, 0.00316)) and layout.yaxis.range == pytest.approx((4.84, 7.16))
    assert two_steps(one, other, yaxis_range=[0, 9]).layout.yaxis.range == (0, 9)
    unmoved = two_steps(go.Scatter(text=["a"]), go.Scatter(text=["b"])).layout
    assert unmoved.xaxis.range is None and unmoved.yaxis.range is None


def test_a_line_in_words():
    assert [equation(3.383, 0.9053), equation(-0.5, -12.0)] == ["3.38x + 0.905", "−0.5x − 12"]


NAN = torch.full((4, 1), float("nan"))


@pytest.mark.parametrize(
    "name, build",
    [
        ("inputs", lambda: figures.lines(([], []), {"OLS": (1, 1)})),
        ("inputs", lambda: figures.lines((NAN, Y), {"OLS": (1, 1)})),
        ("labels", lambda: figures.lines((X, Y[:2]), {"OLS": (1, 1)})),
        ("named", lambda: figures.lines((X, Y), {})),
        ("named", lambda: figures.lines((X, Y), {str(i): (1, 1) for i in range(5)})),
        (r"named\['OLS'\]", lambda: figures.lines((X, Y), {"OLS": ([1, 2], 1)})),
        (r"named\['OLS'\]", lambda: figures.lines((X, Y), {"OLS": 3})),
        ("inputs", lambda: figures.lines((torch.zeros(2, 2), Y), {"OLS": (1, 1)})),
        ("inputs", lambda: figures.lines(([1, 2, 3, float("nan")], Y), {"OLS": (1, 1)})),
        ("inputs", lambda: figures.lines(("words", Y), {"OLS": (1, 1)})),
        ("observation", lambda: figures.lines((X, Y), {"OLS": (1, 1)}, observation=4)),
        ("observation", lambda: figures.weight_slider((X, Y), -1, 0.5, 0.0, GRID)),
        ("grid", lambda: figures.weight_slider((X, Y), 0, 0.5, 0.0, [])),
        ("grid", lambda: figures.weight_slider((X, Y), 0, 0.5, 0.0, [0.5, 0.5])),
        ("weights", lambda: figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, [1, 1], GRID)),
        ("bias", lambda: figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, GRID, [2])),
        ("weights", lambda: figures.weight_slider((X, Y), 0, float("inf"), 0.0, GRID)),
        ("steps", lambda: figures.epoch_slider((X, Y), STEPS[:3], (1, 1))),
        ("steps", lambda: figures.epoch_slider((X, Y), [1, 2, 3, 4, 5], (1, 1))),
        ("paths", lambda: figures.learning_rate_slider((X, Y), 0.0, {})),
        ("paths", lambda: figures.learning_rate_slider((X, Y), 0.0, [[1, 2]])),
        ("paths", lambda: figures.learning_rate_slider((X, Y), 0.0, {"0.1": [1, 2]})),
        ("inputs", lambda: figures.learning_rate_slider((X * 0, Y), 0.0, {0.1: [1, 2]})),
        ("steps", lambda: figures.epoch_slider((X, Y), [(1, 2), (3,)], (1, 1))),
        (r"points\['p'\]", lambda: figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, GRID, GRID, {"p": (1, 2, 3)})),
        (r"points\['p'\]", lambda: figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, GRID, GRID, {"p": (1, float("nan"))})),
        ("weights", lambda: figures.loss_contours({"one": ((X, Y), {"path": STEPS})}, [], GRID)),
        ("paths", lambda: figures.loss_contours({"one": ((X, Y), {str(i): STEPS for i in range(5)})}, GRID, GRID)),
        ("x", lambda: figures.curves([], {"a": []}, "x", "y")),
        ("named", lambda: figures.curves([1, 2], {}, "x", "y")),
        (r"named\['a'\]", lambda: figures.curves([1, 2], {"a": [1]}, "x", "y")),
        (r"named\['a'\]", lambda: figures.curves([1, 2], {"a": [1, float("nan")]}, "x", "y")),
        (r"named\['a'\]", lambda: figures.curves([1, 2], {"a": [1, 0]}, "x", "y", log_y=True)),
        ("study.epoch", lambda: figures.survival(STUDY[:0], by="size")),
        ("study", lambda: figures.survival(None, by="size")),
        ("study", lambda: figures.survival(STUDY.assign(size=["a", "a", None, "b", "b"]), by="size")),
        ("study", lambda: figures.survival(STUDY.drop(columns="arrived"), by="size")),
        ("study", lambda: figures.survival(STUDY, by="rate")),
        ("study.epoch", lambda: figures.survival(STUDY.assign(epoch=float("nan")), by="size")),
        ("marked", lambda: figures.survival(STUDY, by="size", marked={"c": 3})),
        ("networks", lambda: figures.boundary_band(NETWORK, (POINTS, ZERO_ONE))),
        ("sizes", lambda: figures.network([2])),
        ("sizes", lambda: figures.network([2, -4, 1])),
        ("sizes", lambda: figures.network([2, 0, 1])),
        ("sizes", lambda: figures.network(2)),
        ("model", lambda: figures.network([2, 4, 1], NETWORK)),
        ("model", lambda: figures.network([2, 3, 1], Perceptron)),
        ("networks", lambda: figures.boundary_band(None, (POINTS, ZERO_ONE))),
        ("model", lambda: figures.boundary_band([Perceptron(2, 2)], (POINTS, ZERO_ONE))),
        ("levels", lambda: figures.backprop([])),
        ("levels", lambda: figures.backprop([{"x": 1.0}, {"L": 1.0}])),
        ("levels", lambda: figures.backprop([{"x": 1.0}, {}])),
        ("levels", lambda: figures.backprop(two_paths()[0])),
        ("x", lambda: figures.backprop([{**two_paths()[0], "x": float("nan")}, *two_paths()[1:]])),
        ("model", lambda: figures.surface_slider(Perceptron, HISTORY, (POINTS, ZERO_ONE))),
        ("model", lambda: figures.neurons(build([2, 3, 2]), (POINTS, ZERO_ONE))),
        ("model", lambda: figures.surface(Perceptron(2, 3), (POINTS, ZERO_ONE))),
        ("model", lambda: figures.surface(Perceptron, (POINTS, ZERO_ONE))),
        ("inputs", lambda: figures.surface(NETWORK, (POINTS[:, :1], ZERO_ONE))),
        ("inputs", lambda: figures.surface(NETWORK, (torch.ones(4, 2), ZERO_ONE))),
        ("labels", lambda: figures.surface(NETWORK, (POINTS, ZERO_ONE + 1))),
        ("labels", lambda: figures.two_labels((POINTS, ZERO_ONE[:2]))),
        ("history", lambda: figures.surface_slider(NETWORK, {}, (POINTS, ZERO_ONE))),
        ("history", lambda: figures.surface_slider(NETWORK, HISTORY.state, (POINTS, ZERO_ONE))),
        ("history", lambda: figures.surface_slider(NETWORK, HISTORY[:0], (POINTS, ZERO_ONE))),
        ("history.loss", lambda: figures.surface_slider(NETWORK, HISTORY.assign(loss=np.nan), (POINTS, ZERO_ONE))),
        ("model", lambda: figures.neurons(build([2, 1]), (POINTS, ZERO_ONE))),
    ],
)
def test_bad_input_is_refused_by_name(name, build):
    with refuses(name):
        build()


PLAIN = initialise(nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid()), seed=0)


def of_a_model(model):
    """Return every figure of a model with two inputs, three hidden neurons and one output."""
    return [figures.surface(model, DATA), figures.neurons(model, DATA), figures.network([2, 3, 1], model),
            figures.surface_slider(model, pd.DataFrame({"loss": [0.5], "state": [state(model)]}), DATA)]


def test_a_model_of_torchs_own_layers_draws_what_ours_draws():
    ours = build([2, 3, 1])
    for layer, linear in zip(ours, PLAIN[::2]):
        layer.load_state_dict({"weights": linear.weight.T, "bias": linear.bias[None]})
    for one, other in zip(of_a_model(ours), of_a_model(PLAIN)):
        assert one == other


@pytest.mark.parametrize("precision", [torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("model", [NETWORK, PLAIN])
def test_a_model_in_any_precision_draws_its_own_predictions(model, precision):
    model = copy.deepcopy(model).to(precision)
    shade = of_a_model(model)[0].data[0]
    points = np.stack(np.meshgrid(shade.x, shade.y), axis=-1)
    preds = model(torch.tensor(points).to(precision)).detach().double().numpy()[..., 0]
    assert shade.z == pytest.approx(100 * preds, abs=0.6 if precision == torch.float64 else 2)


def test_with_double_as_the_default_precision_every_figure_of_a_model_is_drawn():
    single = [fig.layout.meta["alt"] for fig in of_a_model(NETWORK)]
    torch.set_default_dtype(torch.float64)
    try:
        model = build([2, 3, 1])
        model.load_state_dict(NETWORK.state_dict())
        assert next(model.parameters()).dtype == torch.float64
        assert [fig.layout.meta["alt"] for fig in of_a_model(model)] == single
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_figure_measures_in_evaluation_mode_and_leaves_the_model_as_it_was():
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1), nn.Sigmoid())
    model[2].eval()
    before, modes = state(model), [layer.training for layer in model.modules()]
    assert figures.surface(model, DATA) == figures.surface(model, DATA)
    assert [layer.training for layer in model.modules()] == modes
    assert all(torch.equal(values, before[name]) for name, values in model.state_dict().items())


def test_a_model_that_is_lost_is_refused_by_every_figure():
    lost = initialise(build([2, 3, 1]), seed=0)
    nn.init.constant_(lost[0].weights, torch.nan)
    for draw in (figures.surface, figures.neurons):
        with refuses("model"):
            draw(lost, DATA)
    with refuses("model"):
        figures.network([2, 3, 1], lost)
    with refuses("model"):
        figures.boundary_band([lost], DATA)
    with refuses("model"):
        figures.surface_slider(NETWORK, HISTORY.assign(state=[state(NETWORK), state(lost)]), DATA)


@pytest.mark.parametrize("draw", [figures.neurons, lambda model, data: figures.network([2, 3, 1], model)])
def test_a_single_parameter_that_is_lost_is_enough(draw):
    lost = initialise(build([2, 3, 1]), seed=0)
    nn.init.constant_(lost[1].bias, torch.inf)
    with refuses("model"):
        draw(lost, DATA)


@pytest.mark.parametrize("draw", [figures.surface, figures.neurons, lambda model, data: figures.network([2, 3, 1], model)])
def test_a_figure_of_one_network_refuses_replicas(draw):
    with refuses("model"):
        draw(MANY, DATA)


def test_weights_of_zero_are_thin_lines():
    zero = build([2, 1])
    nn.init.constant_(zero[0].weights, 0)
    assert {trace.line.width for trace in figures.network([2, 1], zero).data if trace.mode == "lines" and trace.x[0] is not None} == {0.5}


def test_a_layer_without_bias_is_drawn():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1, bias=False))
    last = [trace for trace in figures.neurons(model, DATA).data if trace.type == "heatmap"][-1]
    at = torch.tensor([[last.x[7], last.y[11]]], dtype=torch.float32)
    assert last.z[11, 7] == pytest.approx(100 * torch.sigmoid(model(at)).item(), abs=0.6)


def test_a_layer_that_cannot_be_drawn_is_refused():
    with refuses("model"):
        figures.network([2, 3, 1], nn.Sequential(nn.Bilinear(1, 1, 1)))


def test_any_index_and_any_type_of_number_is_drawn():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": [0.5, 1.5, 2.0]}, index=[9, 5, 5])
    fig = figures.lines((frame.x, frame.y), {"OLS": (np.float32(0.75), 0)})
    assert list(fig.data[0].x) == [1, 2, 3]
    figures.curves(frame.x, {"a": frame.y.astype("Float64")}, "x", "y")


@pytest.mark.parametrize("values", [
    pd.Series([1, 0], dtype="Int64"), pd.Series([True, False], dtype="boolean"), pd.Series(["1", "0"]).astype(int).astype("category"),
    pd.Series([1, 0], dtype=object), *(np.array([1, 0]).astype(kind) for kind in (">f8", "f2", "u1", "?", "longdouble")),
    torch.tensor([1, 0], dtype=torch.bfloat16), torch.tensor([True, False]), torch.tensor([1.0, 0.0], requires_grad=True),
])
def test_every_type_of_number_is_drawn(values):
    assert figures.curves([1, 2], {"a": values}, "x", "y").data[0].y.tolist() == [1, 0]


@pytest.mark.parametrize("values", [np.array([1 + 2j, 0]), np.array(["2020", "2021"], "M8[Y]"), ["1", "2"], pd.array([1, None], "Int64")])
def test_what_is_not_a_number_is_refused(values):
    with refuses(r"named\['a'\]"):
        figures.curves([1, 2], {"a": values}, "x", "y")


@pytest.mark.parametrize("kinds", [{"epoch": "Int64"}, {"arrived": "boolean"}, {"arrived": int}, {"size": "category"}])
def test_a_study_of_any_types_and_index_has_the_same_survival_curves(kinds):
    study = STUDY.astype(kinds).set_axis([9, 5, 5, 0, 7])
    assert figures.survival(study, by="size", marked={"a": 50}) == BUILT["survival"]


def test_a_path_may_be_a_table_of_any_index():
    table = pd.DataFrame(STEPS, columns=["weight", "bias"], index=[8, 6, 7, 5, 3])
    assert figures.loss_contours({"one": ((X, Y), {"path": table})}, GRID, GRID, {"OLS": (2.0, 1.0)}) == BUILT["loss_contours"]


def test_networks_vote_alike_as_a_list_and_as_a_series():
    assert figures.boundary_band(pd.Series(EACH, index=[3, 1, 0, 7]), DATA) == BUILT["boundary_band"]
