"""What readers take along from the playground gives the page's numbers: code, weights, data, and the picture."""

import io
import json
import os
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from in_javascript import ROOT, in_javascript, needs_node
from lib.data import splits

pytestmark = needs_node
ANES = ["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"]
DRAWN = ["drawn_moons", "circles", "xor", "blobs", "spirals", "three"]
LAST = {"mse": "identity", "bce": "sigmoid", "bce_with_logits": "identity", "cross_entropy": "identity"}
HELPERS = """
// An own table as Live.own.choose returns it, with names that are hard to write down.
const own = (rows, classes, share = 0.6) => {
  const generator = new Networks.Generator(1);
  const draws = Networks.normal(3 * rows, 1, generator);
  const pair = {inputs: draws.map((value) => Math.fround(value * 3 + 2)), rows,
    labels: Float64Array.from({length: rows}, (_, r) => (draws[3 * r] * draws[3 * r + 1] > 0) + (classes > 2 && draws[3 * r + 2] > 0.5))};
  return {name: "own", columns: ['say "how", \\\\n', "split", "größer"], usual: ['say "how", \\\\n', "split", "größer"], label: "o'k",
    names: ["a", "b", "c"].slice(0, classes), classes, ...Live.datasets.split(pair, share)};
};
const exported = ({state, config, own: rows}) => {
  const data = Live.datasets.make(state, rows ? own(rows, 2, state.share) : null);
  if (data.problem) throw new Error(data.problem);
  const configuration = {...config, sizes: [data.features.length, ...config.sizes]};
  const run = new Live.Run(configuration, data.train, data.test);
  for (let epoch = 0; epoch < config.epochs; epoch++) run.epoch();
  const held = data.test ?? data.train;
  const count = held.rows * config.sizes[config.sizes.length - 1];
  const {code, file, weights} = Live.exports;
  return {code: code(state, configuration, data), file: file(data), weights: weights(run.model, data),
    loss: run.history[config.epochs], testLoss: run.evaluations[config.epochs], failed: run.failed,
    predictions: Array.from(Networks.predict(run.model, held.inputs, held.rows).subarray(0, count))};
};
"""
# Runs each program in turn, in its own folder, and then takes over the page's weights as its last lines say.
DRIVER = """
import contextlib, io, json, os, pathlib, runpy, sys
from lib.models import predict
replies = []
for file in map(pathlib.Path, sys.argv[1:]):
    os.chdir(file.parent)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        names = runpy.run_path(str(file))
    held = names["parts"].get("test", names["parts"]["train"])[0]
    trained = predict(names["network"], held)
    lines = file.read_text(encoding="utf-8").split("fit this network, too:")[1].strip().splitlines()
    exec("\\n".join(line.removeprefix("# ") for line in lines), names)
    loaded = predict(names["network"].double(), held.double())
    replies.append({"said": said.getvalue(), "trained": trained.flatten().tolist(), "loaded": loaded.flatten().tolist()})
print(json.dumps(replies))
"""


def drawn(number):
    """Return a state of the playground, and its configuration, drawn at random."""
    draw = random.Random(number)
    name = [*DRAWN, "moons", "noisy_moons", "anes96", "own", "own", "own"][number % 12]
    classes = 3 if name == "three" else 2
    loss = "cross_entropy" if classes > 2 else draw.choice(list(LAST))
    state = {"data": name, "standardise": name in ("anes96", "own") or draw.random() < 0.3, "noise": draw.choice([0.0, 0.1, 0.3]),
             "rows": draw.choice([40, 201, 400]), "share": draw.choice([0.3, 0.75]), "dataseed": draw.randint(0, 10**6)}
    more = draw.sample(["x1^2", "x2^2", "x1x2", "sin1", "sin2"], draw.randint(0, 3))
    if name == "anes96":
        state["features"] = draw.sample(ANES, draw.randint(2, 9))
    elif name != "own":
        state["features"] = ["x1", "x2", *more]
    hidden = [draw.randint(1, 8) for _ in range(draw.randint(0, 4))]
    optimiser = draw.choice(["sgd", "adam"])
    settings = {"lr": draw.choice([0.003, 0.01]), "weight_decay": draw.choice([0, 0.001])}
    settings |= {"momentum": draw.choice([0, 0.5])} if optimiser == "sgd" else {}
    activations = [draw.choice(["sigmoid", "tanh", "relu", "leaky_relu", "identity"]) for _ in hidden]
    config = {"sizes": [*hidden, classes if loss == "cross_entropy" else 1], "activations": [*activations, LAST[loss]], "loss": loss,
              "optimiser": optimiser, "settings": settings, "batch_size": draw.choice([1, 8, 32, 1000]), "seed": draw.randint(0, 10**6),
              "std": draw.choice([0.3, 1]), "shuffle": draw.choice([None, draw.randint(0, 10**6)]), "epochs": draw.randint(1, 20)}
    return {"state": state, "config": config, "own": {9: 60, 10: 400, 11: 100}.get(number % 12)}


# All rows are for training.
WHOLE = drawn(9)
WHOLE["state"]["share"] = 1


NUMBERS = range(24)
LECTURE = {"state": {"data": "moons"}, "own": None, "config": {
    "sizes": [4, 1], "activations": ["sigmoid", "sigmoid"], "loss": "bce", "optimiser": "sgd", "batch_size": 8, "seed": 0, "std": 1,
    "settings": {"lr": 0.03, "weight_decay": 0, "momentum": 0}, "shuffle": 0, "epochs": 50}}


@pytest.fixture(scope="module")
def pages():
    """What the page exports of each state."""
    script = HELPERS + "reply = given.map(exported);"
    states = [drawn(number) for number in NUMBERS] + [WHOLE, LECTURE]
    return in_javascript(["engine", "stage", "datasets", "export"], script, data=["moons", "noisy_moons", "anes96"], given=states)


@pytest.fixture(scope="module")
def programs(pages, tmp_path_factory):
    """What the programs print and predict, run in a folder like chapters/."""
    files = []
    for page in pages:
        book = tmp_path_factory.mktemp("book")
        (book / "chapters").mkdir()
        (book / "data").symlink_to(ROOT / "data")
        others = [page["file"]] if page["file"] else []
        for file in [*others, {"name": "weights.json", "text": page["weights"]}, {"name": "network.py", "text": page["code"]}]:
            files.append(book / "chapters" / file["name"])
            files[-1].write_text(file["text"], encoding="utf-8")
    programs = [file for file in files if file.suffix == ".py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", DRIVER, *programs], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("number", range(len(NUMBERS) + 2))
def test_the_program_trains_to_the_loss_of_the_page(pages, programs, number):
    page, program = pages[number], programs[number]
    assert not page["failed"]
    losses = [float(line.rsplit(" ", 1)[1]) for line in program["said"].splitlines()]
    expected = [loss for loss in (page["loss"], page.get("testLoss")) if loss is not None]
    assert len(losses) == len(expected)
    assert np.allclose(losses, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("number", range(len(NUMBERS) + 2))
def test_the_weights_fit_the_program_and_predict_the_same(pages, programs, number):
    assert np.allclose(programs[number]["loaded"], pages[number]["predictions"], rtol=0, atol=1e-6)
    assert np.allclose(programs[number]["trained"], pages[number]["predictions"], rtol=1e-4, atol=1e-4)


def test_the_program_is_that_of_the_chapter(pages):
    """As in chapters/neurons.ipynb, from the same file to the same call of train."""
    lines = pages[-1]["code"].splitlines()
    for line in ["from lib.models import Perceptron, initialise", 'moons = pd.read_csv("../data/moons.csv")',
                 'parts = splits(moons, inputs=["x1", "x2"], labels=["y"])',
                 "network = nn.Sequential(Perceptron(2, 4), Perceptron(4, 1))", "initialise(network, seed=0)",
                 'data = Batches(parts["train"], batch_size=8, seed=0)', "optim = torch.optim.SGD(network.parameters(), lr=0.03)"]:
        assert line in lines


def test_a_table_of_the_readers_own_comes_back_as_it_was():
    script = HELPERS + """
    const data = Live.datasets.make({data: "own"}, own(100, 3));
    reply = {csv: Live.exports.csv(data), inputs: Array.from(data.train.inputs), labels: Array.from(data.train.labels)};"""
    page = in_javascript(["engine", "stage", "datasets", "export"], script)
    frame = pd.read_csv(io.StringIO(page["csv"]))
    inputs, labels = splits(frame, ['say "how", \\n', "split_", "größer"], ["o'k"])["train"]
    assert inputs.double().flatten().tolist() == page["inputs"]
    assert labels.flatten().tolist() == page["labels"]
