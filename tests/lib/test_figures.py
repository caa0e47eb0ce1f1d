"""The figures draw the numbers they are given, describe themselves, and refuse bad input."""

import copy

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import torch
from torch import nn

from helpers import refuses
from lib import figures
from lib.figures import look
from lib.figures.maps import FINE
from lib.figures.values import equation
from lib.models import Perceptron, SimpleLinearNN, build, initialise, state
from lib.replicas import alone, replicate

X = torch.tensor([[-2.0], [0.0], [1.0], [4.0]])
Y = torch.tensor([[-3.0], [1.5], [2.0], [9.0]])
GRID = torch.linspace(-1, 4, 11)
STEPS = [(0.0, 0.0), (0.5, 0.1), (1.0, 0.2), (1.5, 0.3), (2.0, 0.4)]


POINTS = torch.tensor([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.5], [2.0, -0.5]])
ZERO_ONE = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
NETWORK = initialise(nn.Sequential(Perceptron(2, 3), Perceptron(3, 1)), seed=0)
MANY = initialise(replicate(build([2, 3, 1]), 4), seed=0)
CHAIN = initialise(nn.Sequential(SimpleLinearNN(), SimpleLinearNN()).double(), seed=0)
STATES = {0: state(NETWORK), 10: state(initialise(nn.Sequential(Perceptron(2, 3), Perceptron(3, 1)), seed=1))}
ONE = torch.tensor([[1.5]]).double(), torch.tensor([[0.5]]).double()

TABLE = pd.DataFrame({"estimate": [0.3, 0.5], "low": [0.2, 0.35], "high": [0.5, 0.6]}, index=["logit", "network"])
SHARES = pd.DataFrame({"predicted": [10.0, 60.0], "observed": [15.0, 40.0], "low": [5, 30], "high": [25, 50]})
THREE = initialise(build([3, 2, 1]), seed=0)
THREE_MANY = initialise(replicate(build([3, 2, 1]), 3), seed=1)
ANSWERS = torch.tensor([[1.0, 2, 4], [7, 1, 5], [7, 1, 5], [3, 6, 5]]), torch.tensor([[0.0], [1], [1], [0]])
STUDY = pd.DataFrame({"size": ["a", "a", "a", "b", "b"], "epoch": [20, 90, 100, 15, 18], "arrived": [True, True, False, True, True]})
NAMES = dict(titles=["own", "first", "second"], groups=["for A", "for B"])


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
        "boundary_band": figures.boundary_band(MANY, (POINTS, ZERO_ONE)),
        "two_labels": figures.two_labels((POINTS, ZERO_ONE)),
        "surface": figures.surface(NETWORK, (POINTS, ZERO_ONE)),
        "surface_slider": figures.surface_slider(NETWORK, STATES, (POINTS, ZERO_ONE)),
        "neurons": figures.neurons(NETWORK, (POINTS, ZERO_ONE)),
        "hidden_space": figures.hidden_space(NETWORK, (POINTS, ZERO_ONE)),
        "network": figures.network([2, 3, 1], NETWORK),
        "backprop_slider": figures.backprop_slider(CHAIN, *ONE),
        "intervals": figures.intervals({"a": TABLE, "b": TABLE + 0.1}, "loss", reference=0),
        "calibration": figures.calibration({"a": SHARES}),
        "response_slider": figures.response_slider({"one": THREE, "other": THREE_MANY}, ANSWERS, **NAMES),
        "activations": figures.activations({"tanh": torch.tanh, "step": lambda z: (z > 0).float()}),
    }


BUILT = every_figure()
every_builder = pytest.mark.parametrize("name", figures.__all__)


@every_builder
def test_figures_describe_themselves_in_the_books_look_and_are_light(name):
    layout = BUILT[name].layout
    assert layout.meta["alt"].endswith(".") and len(layout.meta["alt"].split()) > 1
    assert layout.template.layout == look.LOOK.layout
    assert len(BUILT[name].to_json()) < 60_000


WITHOUT_AXES = {"network", "backprop_slider", "neurons", "activations", "intervals"}


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
    shapes = [trace.marker.symbol for trace in BUILT["two_labels"].data]
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
    edge = figures.surface(model, (POINTS, ZERO_ONE)).data[1]
    preds = predictions_on(edge, model)
    crossed = (preds[:, :-1] > 0.5) != (preds[:, 1:] > 0.5)
    assert crossed.any() and edge.z.dtype == np.uint8
    for side in (np.s_[:, :-1], np.s_[:, 1:]):
        assert edge.z[side][crossed] == pytest.approx(FINE * preds[side][crossed], abs=0.6)
    assert ((edge.z > edge.contours.start) == (preds > 0.5)).all()


def test_the_line_at_50_percent_of_a_linear_model_is_straight():
    model = SimpleLinearNN(2, 1)
    model.weights.data[:] = torch.tensor([[0.3], [0.05]])
    model.bias.data.fill_(0.2)
    edge = figures.surface(model, (POINTS, ZERO_ONE)).data[1]
    for y, row in zip(edge.y, edge.z - edge.contours.start):
        i = int(np.argmax(row > 0))
        assert i > 0
        crossing = np.interp(0, row[i - 1:i + 1], edge.x[i - 1:i + 1])
        assert crossing == pytest.approx((0.5 - 0.2 - 0.05 * y) / 0.3, abs=0.1 * (edge.x[1] - edge.x[0]))


def test_surface_of_a_linear_model_keeps_what_lies_outside_0_and_100():
    model = SimpleLinearNN(2, 1)
    model.weights.data.fill_(3.0), model.bias.data.fill_(-1.0)
    percent = figures.surface(model, (POINTS, ZERO_ONE)).data[0].z
    assert percent.min() < 0 and percent.max() > 100


def test_surface_slider_shows_each_state_and_leaves_the_model_alone():
    before = state(NETWORK)
    fig = figures.surface_slider(NETWORK, STATES, (POINTS, ZERO_ONE))
    assert all(np.array_equal(new.z, old.z) for new, old in zip(fig.frames[0].data, BUILT["surface"].data))
    assert not np.array_equal(fig.frames[1].data[0].z, fig.frames[0].data[0].z)
    assert [step.label.split()[0] for step in fig.layout.sliders[0].steps] == ["0", "10"]
    assert all(torch.equal(before[name], value) for name, value in NETWORK.state_dict().items())


def test_share_of_correct_labels_is_counted():
    right = ((NETWORK(POINTS) > 0.5) == (ZERO_ONE == 1)).float().mean().item()
    assert f"{100 * right:.0f} percent of 4 observations" in BUILT["surface"].layout.meta["alt"]


def test_survival_curves_fall_when_an_event_comes_and_stay_where_it_does_not():
    fig = figures.survival(STUDY, by="size", marked={"a": 50})
    epochs, left = fig.data[0].x, np.array(fig.data[0].y)
    assert epochs[0] == 10 and epochs[-1] == 100
    for low, high, percent in [(10, 19, 100), (20, 89, 67), (90, 100, 33)]:
        assert set(left[(epochs >= low) & (epochs <= high)]) == {percent}
    assert fig.data[1].y[-1] == 0 and fig.data[2].x[0] == 50 and fig.data[2].y[0] == 67
    assert fig.data[0].line.shape == "hv" and "a 33, b 0" in fig.layout.meta["alt"]


def test_boundary_band_counts_the_replicas_that_predict_one():
    fig = figures.boundary_band(MANY, (POINTS, ZERO_ONE))
    x, y, percent = (np.array(fig.data[0][axis]) for axis in "xyz")
    for row, column in [(0, 0), (5, 30), (39, 12), (20, 20)]:
        point = torch.tensor([[x[column], y[row]]], dtype=torch.float32)
        votes = sum((alone(MANY, r)(point) > 0.5).item() for r in range(4))
        assert percent[row, column] == 25 * votes
    assert [trace.contours.start for trace in fig.data if trace.type == "contour"] == pytest.approx([0.5 * FINE, 0.05 * FINE, 0.95 * FINE])


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


def test_hidden_space_has_the_weighted_sum_across():
    z = (NETWORK[0](POINTS) @ NETWORK[1].weights + NETWORK[1].bias).flatten().tolist()
    drawn = [*BUILT["hidden_space"].data[0].x, *BUILT["hidden_space"].data[1].x]
    assert drawn == pytest.approx(z, abs=1e-3)


def test_neurons_draw_the_hidden_outputs():
    maps = [trace for trace in BUILT["neurons"].data if trace.type == "heatmap"]
    assert len(maps) == 3
    at = torch.tensor([[maps[1].x[3], maps[1].y[30]]], dtype=torch.float32)
    assert maps[1].z[30, 3] == pytest.approx(100 * NETWORK[0](at)[0, 1].item(), abs=0.6)


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


def test_backprop_shows_values_and_gradients_one_after_the_other():
    x, y = ONE
    hidden = CHAIN[0](x)
    prediction = CHAIN[1](hidden)
    slope = torch.autograd.grad((y - prediction).pow(2), [prediction, CHAIN[1].weights, hidden, CHAIN[0].weights])
    values, gradients = BUILT["backprop_slider"].frames[-1].data
    assert [float(text) for text in values.text][2] == pytest.approx(hidden.item(), abs=0.006)
    assert [float(text.split()[-1]) for text in gradients.text] == pytest.approx([s.item() for s in slope], abs=0.006)
    shown = [sum(bool(text.strip()) for text in frame.data[0].text + frame.data[1].text) for frame in BUILT["backprop_slider"].frames]
    assert shown == list(range(2, 11))


def test_activations_draw_the_derivative():
    function, slope = BUILT["activations"].data[:2]
    assert slope.y.tolist() == pytest.approx((1 - np.tanh(function.x) ** 2).tolist(), abs=1e-3)
    assert set(BUILT["activations"].data[3].y) == {0}


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


def test_a_frame_holds_no_empty_text():
    fig = two_steps(go.Scatter(text=["", "a"]), go.Scatter(text=""))
    assert fig.frames[0].data[0].text == (look.BLANK, "a") == fig.data[0].text and fig.frames[1].data[0].text == look.BLANK
    parts = [part for one in BUILT.values() for frame in one.frames for part in frame.data if part.type == "scatter"]
    texts = [text for part in parts for text in part.text or ()]
    assert texts and all(texts)


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
        ("model", lambda: figures.backprop_slider(NETWORK, *ONE)),
        ("x", lambda: figures.backprop_slider(CHAIN, X, ONE[1])),
        ("y", lambda: figures.backprop_slider(CHAIN, 1.5, float("nan"))),
        ("model", lambda: figures.surface_slider(Perceptron, STATES, (POINTS, ZERO_ONE))),
        ("model", lambda: figures.hidden_space(build([2, 3, 2]), (POINTS, ZERO_ONE))),
        ("model", lambda: figures.surface(Perceptron(2, 3), (POINTS, ZERO_ONE))),
        ("model", lambda: figures.surface(Perceptron, (POINTS, ZERO_ONE))),
        ("inputs", lambda: figures.surface(NETWORK, (POINTS[:, :1], ZERO_ONE))),
        ("inputs", lambda: figures.surface(NETWORK, (torch.ones(4, 2), ZERO_ONE))),
        ("labels", lambda: figures.surface(NETWORK, (POINTS, ZERO_ONE + 1))),
        ("labels", lambda: figures.two_labels((POINTS, ZERO_ONE[:2]))),
        ("states", lambda: figures.surface_slider(NETWORK, {}, (POINTS, ZERO_ONE))),
        ("model", lambda: figures.hidden_space(nn.Sequential(Perceptron(2, 1), Perceptron(1, 1)), (POINTS, ZERO_ONE))),
        ("named", lambda: figures.activations({})),
        ("reach", lambda: figures.activations({"tanh": torch.tanh}, reach=0)),
        (r"named\['log'\]", lambda: figures.activations({"log": torch.log})),
        (r"named\['sum'\]", lambda: figures.activations({"sum": torch.sum})),
        (r"named\['two'\]", lambda: figures.activations({"two": 2})),
    ],
)
def test_bad_input_is_refused_by_name(name, build):
    with refuses(name):
        build()


PLAIN = initialise(nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid()), seed=0)
DATA = POINTS, ZERO_ONE


def of_a_model(model):
    """Return every figure of a model with two inputs, three hidden neurons and one output."""
    return [figures.surface(model, DATA), figures.neurons(model, DATA), figures.hidden_space(model, DATA),
            figures.network([2, 3, 1], model), figures.surface_slider(model, {0: state(model)}, DATA)]


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
    for draw in (figures.surface, figures.neurons, figures.hidden_space):
        with refuses("model"):
            draw(lost, DATA)
    with refuses("model"):
        figures.network([2, 3, 1], lost)
    with refuses("model"):
        figures.boundary_band([lost], DATA)
    with refuses("model"):
        figures.surface_slider(NETWORK, {0: state(NETWORK), 1: state(lost)}, DATA)


@pytest.mark.parametrize("draw", [figures.neurons, figures.hidden_space, lambda model, data: figures.network([2, 3, 1], model)])
def test_a_single_parameter_that_is_lost_is_enough(draw):
    lost = initialise(build([2, 3, 1]), seed=0)
    nn.init.constant_(lost[1].bias, torch.inf)
    with refuses("model"):
        draw(lost, DATA)


@pytest.mark.parametrize("draw", [figures.surface, figures.neurons, figures.hidden_space,
                                  lambda model, data: figures.network([2, 3, 1], model)])
def test_a_figure_of_one_network_refuses_replicas(draw):
    with refuses("model"):
        draw(MANY, DATA)


def test_weights_of_zero_are_thin_lines():
    zero = build([2, 1])
    nn.init.constant_(zero[0].weights, 0)
    assert {trace.line.width for trace in figures.network([2, 1], zero).data if trace.mode == "lines" and trace.x[0] is not None} == {0.5}


def test_weights_of_zero_have_no_hidden_space():
    zero = build([2, 3, 1])
    nn.init.constant_(zero[1].weights, 0)
    with refuses("model"):
        figures.hidden_space(zero, DATA)


def test_a_layer_without_bias_is_drawn():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1, bias=False))
    fig = figures.hidden_space(model, DATA)
    assert [*fig.data[0].x, *fig.data[1].x] == pytest.approx(model(POINTS).flatten().tolist(), abs=1e-3)


@pytest.mark.parametrize("one", [(1.5, 0.5), (torch.tensor([[1.5]]), torch.tensor([[0.5]]))])
def test_backprop_goes_through_torchs_own_layers_and_activations(one):
    torchs = initialise(nn.Sequential(nn.Linear(1, 1), nn.Sigmoid(), nn.Linear(1, 1)).double(), seed=3)
    ours = nn.Sequential(Perceptron(1, 1), SimpleLinearNN(1, 1)).double()
    for layer, linear in zip(ours, torchs[::2]):
        layer.load_state_dict({"weights": linear.weight.T, "bias": linear.bias[None]})
    assert figures.backprop_slider(torchs, *one) == figures.backprop_slider(ours, *ONE)


def test_a_layer_that_cannot_be_drawn_is_refused():
    with refuses("model"):
        figures.network([2, 3, 1], nn.Sequential(nn.Bilinear(1, 1, 1)))
    with refuses(r"named\['relu'\]"):
        figures.activations({"relu": nn.ReLU})


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


def test_an_activation_is_drawn_in_evaluation_mode_and_left_as_it_was():
    noisy = nn.RReLU()
    assert figures.activations({"noisy": noisy}) == figures.activations({"noisy": noisy})
    assert noisy.training


def test_networks_vote_alike_as_a_list_and_as_replicas():
    assert figures.boundary_band([alone(MANY, r) for r in range(4)], DATA) == figures.boundary_band(MANY, DATA)
