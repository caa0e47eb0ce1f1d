"""Sums of neurons in the page: their curves are the chapter's, descent is torch's, and the cube of three neurons is what it says."""

import math

import nbformat
import numpy as np
import pytest
import torch
from torch import nn

from in_javascript import ROOT, in_javascript, needs_node
from lib.models import build, initialise
from lib.training import Batches, train
from tools import fold_still
from tools.same_in_the_page import load

pytestmark = needs_node
CHAPTER = ROOT / "chapters" / "networks.ipynb"
STARTS = [("sigmoid", "hump", 2), ("sigmoid", "wave", 6), ("sigmoid", "step", 1), ("relu", "hump", 3), ("relu", "step", 6)]
BUMPS = """
const {rowsOf, networkOf, placeOf, descent, errorOf, START, LEVEL} = Live.bumps;
const data = rowsOf(target);
const model = networkOf({activation, neurons: START[activation].slice(0, count), level: LEVEL});
const plain = () => model.map((layer) => layer.parameters.map((values) => Array.from(values)));
"""
DESCENT = BUMPS + """
const start = plain();
const step = descent(model, data);
const history = [errorOf(model, data)];
for (let i = 0; i < epochs; i++) {
  step();
  history.push(errorOf(model, data));
}
reply = {start, history, inputs: Array.from(data.inputs), labels: Array.from(data.labels)};
"""
CUBE = """
const {slice, alongThePlane, turned} = Live.fold;
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const corners = slice(weights, bias);
const [right, up] = alongThePlane(weights);
reply = {corners, across: corners.map((point) => dot(right, point)), right, up, dot: dot(right, up), turned: turned(30)};
"""


def bumps(script, **given):
    """Return what a script finds in the scripts of the sum in one dimension."""
    return in_javascript(["engine", "stage", "bumps"], script, **given)


def known():
    """Return the names that the chapter's first cells and that of the threshold define."""
    names = {"torch": torch, "nn": nn}
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        if cell.get("id") in ("sum", "promise"):
            exec(cell.source, names)
    return names


@pytest.mark.parametrize("target, name", [("hump", "turnout"), ("step", "threshold")])
def test_the_curves_to_fit_are_those_of_the_chapter(target, name):
    found = bumps("const {inputs, labels} = Live.bumps.rowsOf(target); reply = [Array.from(inputs), Array.from(labels)];", target=target)
    assert found[0] == pytest.approx(known()["x"].tolist(), abs=1e-6)
    assert found[1] == pytest.approx(known()[name].tolist(), abs=1e-6)


@pytest.mark.parametrize("activation, target, count", STARTS)
def test_descent_of_a_sum_placed_by_hand_is_torchs(activation, target, count):
    epochs = 600
    page = bumps(DESCENT, activation=activation, target=target, count=count, epochs=epochs)
    function = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}[activation]()
    model = nn.Sequential(nn.Linear(1, count), function, nn.Linear(count, 1)).double()
    inputs, labels = (torch.tensor(page[name], dtype=torch.float64)[:, None] for name in ("inputs", "labels"))
    for layer, (weights, bias) in zip(model[::2], page["start"]):
        layer.load_state_dict({"weight": torch.tensor(weights).reshape(layer.weight.shape), "bias": torch.tensor(bias)})
    optim, loss_fn, history = torch.optim.Adam(model.parameters(), lr=0.02), nn.MSELoss(), []
    for _ in range(epochs + 1):
        optim.zero_grad()
        loss = loss_fn(model(inputs), labels)
        history.append(loss.item())
        loss.backward()
        optim.step()
    assert page["history"] == pytest.approx(history, abs=1e-6)
    assert history[-1] < history[0] / 3


def test_a_neuron_stands_where_it_was_placed():
    places = [[18, 2.5, -0.4], [65.5, -7, 1.2], [90, 0.25, 0]]
    script = "const model = Live.bumps.networkOf({activation: 'sigmoid', neurons: places, level: 0.1});"
    found = bumps(script + "reply = places.map((_, j) => Live.bumps.placeOf(model, j));", places=places)
    assert np.array(found) == pytest.approx(np.array(places))


def cube(weights, bias):
    """Return what the page makes of a plane in the cube."""
    return in_javascript(["engine", "stage", "fold"], CUBE, weights=weights, bias=bias)


@pytest.mark.parametrize("weights, bias", [([-13.4, -12.5, 15.6], 5.5), ([1.0, 1.0, 1.0], -1.5), ([2.0, 0.1, -0.2], -0.7)])
def test_the_plane_meets_the_cube_where_the_prediction_is_one_half_and_is_a_line_from_its_edge(weights, bias):
    found = cube(weights, bias)
    assert len(found["corners"]) >= 3
    for corner in found["corners"]:
        assert np.dot(weights, corner) + bias == pytest.approx(0, abs=1e-9)
        assert min(corner) >= 0 and max(corner) <= 1
    assert np.ptp(found["across"]) == pytest.approx(0, abs=1e-9)
    for right, up in ((found["right"], found["up"]), found["turned"]):
        assert [np.dot(right, right), np.dot(up, up), np.dot(right, up)] == pytest.approx([1, 1, 0], abs=1e-9)


def test_the_corners_of_the_plane_go_round_in_order():
    corners = np.array(cube([1.0, 1.0, 1.0], -1.5)["corners"])
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    assert len(corners) == 6 and sides == pytest.approx(math.sqrt(0.5))


def test_a_plane_outside_the_cube_is_not_drawn():
    assert cube([1.0, 1.0, 1.0], 4.0)["corners"] == []


def test_the_network_of_the_cube_trains_to_the_losses_of_lib():
    script = """const {RECIPE, SEED} = Live.fold;
    const data = {inputs: Float64Array.from(inputs), labels: Float64Array.from(labels), rows: 450};
    const run = new Live.Run({...RECIPE, seed: SEED, shuffle: SEED}, data);
    while (run.epochs < 40) run.epoch();
    reply = {history: run.history, seed: SEED};"""
    inputs, labels = load("moons")
    given = {"inputs": inputs.flatten().tolist(), "labels": labels.flatten().tolist()}
    found = in_javascript(["engine", "stage", "fold"], script, **given)
    model = initialise(build([2, 3, 1]), found["seed"])
    optim = torch.optim.Adam(model.parameters(), lr=0.03)
    history = train(model, Batches((inputs, labels), 8, found["seed"]), nn.BCELoss(), optim, 40)
    assert found["history"] == pytest.approx(history.loss.tolist(), abs=1e-5)


def test_the_still_is_what_the_page_draws():
    assert fold_still.PICTURE.read_text(encoding="utf-8") == fold_still.picture()
