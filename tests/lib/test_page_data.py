"""The playground's data are those that Python draws from the same seeds, and those in the folder data/."""

import math
import re

import numpy as np
import pandas as pd
import pytest
import torch

from helpers import need
from in_javascript import ROOT, in_javascript, needs_node
from lib.data import tensors
from lib.models import Standardise

pytestmark = needs_node
SCRIPTS = ["engine", "stage", "datasets"]
REPLY = """
const plain = (pair) => pair && {inputs: Array.from(pair.inputs), labels: Array.from(pair.labels), rows: pair.rows};
const made = Live.datasets.make(state);
reply = made.problem ? made : {...made, train: plain(made.train), evaluation: plain(made.evaluation), test: plain(made.test)};
"""
ANES = ["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"]


def made(engine="node", scripts=SCRIPTS, **state):
    """Return the data of a state, as the page makes them."""
    data = [name for name in ("moons", "noisy_moons", "anes96") if name == state["data"]]
    return in_javascript(scripts, REPLY, engine, data, state=state)


def inputs_of(pair):
    """Return the inputs of a pair of the page as an array (rows, features)."""
    return np.array(pair["inputs"]).reshape(pair["rows"], -1)


def around(radius, angle):
    """Return points at these distances and angles."""
    return torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)


def places(name, u, v, y):
    """Return where the points of a set lie before noise: u and v are uniform, y the labels."""
    one, tau, radius = y == 1, 2 * math.pi, 0.1 + 0.9 * u.sqrt()
    if name == "drawn_moons":
        upper = around(torch.ones_like(u), math.pi * u)
        return torch.where(one[:, None], torch.tensor([1.0, 0.5]) - upper, upper)
    if name == "circles":
        return around(torch.where(one, 0.5, 1.0), tau * u)
    if name == "xor":
        first = 2 * u - 1
        return torch.stack([first, torch.where(one, -v, v) * first.sign()], dim=1)
    if name == "blobs":
        return around(0.6 * u.sqrt(), tau * v) + torch.where(one, 0.8, -0.8).double()[:, None]
    turns, start = {"spirals": (1.25, y / 2), "three": (0.5, y / 3)}[name]
    return around(radius, tau * (turns * radius + start.double()))


def in_torch(name, rows, noise, seed):
    """Return inputs and labels of a set as torch draws them."""
    generator = torch.Generator().manual_seed(seed)
    u, v = torch.rand(2, rows, dtype=torch.float64, generator=generator)
    errors = torch.randn(rows, 2, generator=generator)
    order = torch.randperm(rows, generator=generator)
    y = torch.arange(rows) % (3 if name == "three" else 2)
    return (places(name, u, v, y.double()) + noise * errors.double())[order], y[order]


@pytest.mark.parametrize("rows, noise, seed", [(400, 0.1, 0), (20, 0.0, 7), (333, 0.35, 2**32 - 1)])
@pytest.mark.parametrize("name", ["drawn_moons", "circles", "xor", "blobs", "spirals", "three"])
def test_drawn_data_are_those_of_torch(name, rows, noise, seed):
    page = made(data=name, rows=rows, noise=noise, dataseed=seed, share=0.7)
    inputs, labels = in_torch(name, rows, noise, seed)
    train = round(0.7 * rows)
    assert page["train"]["rows"] == train
    assert page["train"]["labels"] + page["test"]["labels"] == labels.tolist()
    ours = np.concatenate([inputs_of(page["train"]), inputs_of(page["test"])])
    assert abs(ours - inputs.numpy()).max() < 1e-6
    assert len(page["names"]) == page["classes"] == len(set(labels.tolist()))


@pytest.mark.parametrize("name, columns, label", [
    ("moons", ["x1", "x2"], "y"), ("noisy_moons", ["x1", "x2"], "y"), ("anes96", ANES, "vote"),
])
def test_data_of_the_book_are_those_of_its_files(name, columns, label):
    page = made(data=name, features=columns)
    frame = pd.read_csv(ROOT / "data" / f"{name}.csv")
    for part in ("train", "evaluation", "test"):
        inputs, labels = tensors(frame[frame["split"] == part], columns, [label])
        assert np.array_equal(inputs_of(page[part]), inputs.double().numpy())
        assert page[part]["labels"] == labels.flatten().tolist()


def test_features_are_columns_and_what_is_made_of_them():
    features = ["x2", "x1^2", "x2^2", "x1x2", "sin1", "sin2"]
    page = made(data="moons", features=",".join(features))
    assert page["features"] == features
    frame = pd.read_csv(ROOT / "data" / "moons.csv")
    frame = frame[frame["split"] == "train"]
    x1, x2 = frame.x1, frame.x2
    expected = np.column_stack([x2, x1**2, x2**2, x1 * x2, np.sin(np.pi * x1), np.sin(np.pi * x2)])
    assert abs(inputs_of(page["train"]) - expected).max() < 1e-6


@pytest.mark.parametrize("columns", [ANES[:2], ["age", "educ", "popul"], ANES])
def test_standardised_features_are_those_of_the_layer_in_the_book(columns):
    page = made(data="anes96", features=columns, standardise=True)
    frame = pd.read_csv(ROOT / "data" / "anes96.csv")
    scale = Standardise(tensors(frame[frame["split"] == "train"], columns, ["vote"])[0].double())
    for part in ("train", "evaluation", "test"):
        inputs = tensors(frame[frame["split"] == part], columns, ["vote"])[0]
        assert abs(inputs_of(page[part]) - scale(inputs.double()).numpy()).max() < 1e-6


def test_usual_features_are_taken_where_none_are_named():
    assert made(data="anes96")["features"] == ["selfLR", "ClinLR", "DoleLR"]
    assert made(data="spirals")["features"] == ["x1", "x2"]


@pytest.mark.parametrize("state, words", [
    ({"data": "mooons"}, "data: expected one of moons, .*, three, got “mooons”."),
    ({"data": "own"}, "data: expected a file or points of your own, got none yet."),
    ({"data": "xor", "rows": 3.5}, "rows: expected a whole number from 20 to 5000, got “3.5”."),
    ({"data": "xor", "noise": -1}, "noise: expected a number from 0 to 2, got “-1”."),
    ({"data": "xor", "share": "half"}, "share: expected a number from 0.1 to 0.9, got “half”."),
    ({"data": "xor", "features": ["x3"]}, "features: expected some of x1, x2, .*, got “x3”."),
    ({"data": "xor", "features": "x1,x1"}, "features: expected each once, got “x1,x1”."),
    ({"data": "xor", "features": ""}, "features: expected at least one, got none."),
])
def test_bad_settings_are_answered_in_a_sentence(state, words):
    assert re.fullmatch(words, made(**state)["problem"])


@pytest.mark.parametrize("engine", ["js102", "jsc"])
def test_other_browsers_engines_draw_the_same(engine):
    need([engine], "the page's scripts do not run in the engine of its browser")
    state = dict(data="three", rows=100, noise=0.2, dataseed=3, share=0.5)
    there, here = (made(one, ["engine", "datasets"], **state)["train"] for one in (engine, "node"))
    assert there["labels"] == here["labels"]
    assert abs(inputs_of(there) - inputs_of(here)).max() < 1e-6
