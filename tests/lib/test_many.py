"""The page's study of many networks is that of lib.studies: the same starts and shuffles, and the same epochs of arrival."""

import json
import re

import pandas as pd
import pytest
from torch import nn

from in_javascript import in_javascript, needs_node
from lib.data import splits
from lib.studies import study
from tools.book import ROOT

pytestmark = needs_node
REPLICAS = 128
RUN = """
const book = {train: Live.pair("moons", "train"), evaluation: Live.pair("moons", "evaluation")};
const run = (job) => {
  const study = new Study({...book, ...job});
  while (study.work());
  return study.news();
};
"""


def configuration(sizes, **changed):
    """Return the recipe of the lecture for a network of these sizes."""
    return {"sizes": sizes, "activations": ["sigmoid"] * (len(sizes) - 1), "loss": "bce", "optimiser": "sgd", "settings": {"lr": 0.03},
            "batch_size": 8, "seed": 0, "std": 1, "shuffle": 0, **changed}


def in_the_page(sizes, threshold, epochs, replicas=REPLICAS, config=None, **part):
    """Return what the page's study says: an epoch for each replica that arrived, as a dict, and how many were lost."""
    job = {"configuration": configuration(sizes, **(config or {})), "replicas": replicas,
           "threshold": threshold, "epochs": epochs, **part}
    news = in_javascript(["engine", "stage", "study"], f"{RUN} reply = run(job);", data=["moons"], job=job)
    assert news["reached"] == epochs
    return dict(news["arrivals"]), news["lost"]


def of_lib(sizes, threshold, epochs, replicas=REPLICAS):
    """Return the same from lib's own study."""
    parts = splits(pd.read_csv(ROOT / "data" / "moons.csv"), inputs=["x1", "x2"], labels=["y"])
    rows = study(parts, [{"sizes": sizes}], nn.BCELoss(), threshold, replicas, epochs, seed=0)
    return {row.replica: row.epoch for row in rows[rows.arrived].itertuples()}


def printed(name):
    """Return what a cell of the chapter printed that has this text in its source."""
    cells = json.loads((ROOT / "chapters" / "one-run.ipynb").read_text(encoding="utf-8"))["cells"]
    cell = next(cell for cell in cells if name in "".join(cell["source"]))
    return "".join(cell["outputs"][-1]["data"]["text/plain"])


# Thresholds that some reach in few epochs, so that lib, which takes longer, need not go on for two thousand.
@pytest.mark.parametrize("sizes, threshold, epochs", [([2, 4, 1], 0.26, 60), ([2, 8, 8, 1], 0.26, 60)])
def test_every_network_arrives_when_it_does_in_lib(sizes, threshold, epochs):
    ours, theirs = in_the_page(sizes, threshold, epochs)[0], of_lib(sizes, threshold, epochs)
    assert 10 < len(theirs) < REPLICAS
    assert ours == theirs


@pytest.mark.parametrize("activation, name", [("tanh", "Tanh"), ("relu", "ReLU")])
def test_the_study_is_the_one_that_the_chapter_prints(activation, name):
    sizes, replicas, epochs = [2, 4, 4, 4, 1], 64, 200
    arrived = in_the_page(sizes, 0.05, epochs, replicas, {"activations": [activation] * 3 + ["sigmoid"]})[0]
    times = pd.Series([arrived.get(replica, float("inf")) for replica in range(replicas)])
    table = printed("quantiles = recipes.time")
    place = table.splitlines()[0].split().index(name)
    ours = times.quantile([0.1, 0.25, 0.5, 0.75], interpolation="lower").round(-1)
    assert ours.tolist() == [float(row.split()[place]) for row in table.splitlines()[1:]]
    if name == "Tanh":
        last = re.findall(r"Tanh +(\d+) +(\d+) +True", printed("lectures[["))
        assert len(last) == 5 and all(arrived[int(replica)] == int(epoch) for replica, epoch in last)


def test_two_workers_find_what_one_finds():
    whole, _ = in_the_page([2, 4, 1], 0.26, 80, replicas=9)
    halves = [in_the_page([2, 4, 1], 0.26, 80, replicas=9, **part)[0] for part in ({"to": 4}, {"from": 4})]
    assert len(whole) > 2
    assert halves[0] | halves[1] == whole
    assert max(halves[0]) < 4 <= min(halves[1])


def test_one_that_is_there_at_the_start_arrives_in_epoch_0():
    assert in_the_page([2, 4, 1], 5.0, 10, replicas=3) == ({0: 0, 1: 0, 2: 0}, 0)


def test_networks_whose_loss_is_no_number_any_more_are_lost_and_never_arrive():
    wild = {"loss": "mse", "activations": ["relu", "identity"], "settings": {"lr": 1e9}}
    assert in_the_page([2, 4, 1], 0.1, 50, 5, wild) == ({}, 5)


@pytest.mark.parametrize("loss, sizes", [("mse", [2, 4, 1]), ("bce_with_logits", [2, 4, 1]), ("cross_entropy", [2, 4, 2])])
def test_networks_with_other_losses_arrive_too(loss, sizes):
    config = {"loss": loss, "activations": ["tanh", "identity"], "optimiser": "adam", "settings": {"lr": 0.02}, "shuffle": None}
    arrived, lost = in_the_page(sizes, 0.1, 60, 4, config)
    assert arrived and not lost
    assert in_the_page(sizes, 0.1, max(arrived.values()) - 1, 4, config)[0] != arrived
