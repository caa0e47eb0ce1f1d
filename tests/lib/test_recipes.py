"""What the page trains under a figure is what the notebook trained: settings from its cells, curves of torch, and its maps."""

import json

import nbformat
import numpy as np
import pytest

from _ext.live.recipes import TAG, NotUnderstood, recipes
from in_javascript import in_javascript, needs_node
from tools.book import NOTEBOOKS
from tools.live import CURVES, all_recipes, curves, stored
from tools.same_in_the_page import load
from tools.tolerance import decode

RECIPES = all_recipes()
STORED = json.loads(CURVES.read_text(encoding="utf-8"))
BEGINNING = 10  # epochs; nbval trains the rest in torch, and the engine compares the whole curve
TRAIN = """
const rounded = (values) => Float64Array.from(values, Math.fround);
const {Generator, Batches, OPTIMISERS, build, initialise, predict, train} = Networks;
const data = {inputs: rounded(inputs), labels: rounded(labels), rows};
const model = initialise(build(recipe.sizes, recipe.activations), new Generator(recipe.seed), recipe.std);
const optim = new OPTIMISERS[recipe.optimiser](model, recipe.settings);
const history = train(model, new Batches(data, recipe.batch_size, new Generator(recipe.shuffle)), recipe.loss, optim, recipe.epochs);
reply = {history, map: Array.from(predict(model, Float64Array.from(points), points.length / 2)).slice(0, points.length / 2)};
"""
SOURCE = """
moons = pd.read_csv("../data/moons.csv")
parts = splits(moons, inputs=["x1", "x2"], labels=["y"])
network = nn.Sequential(Perceptron(2, 4), Perceptron(4, 1))
initialise(network, seed=3)
data = Batches(parts["train"], batch_size=8, seed=4)
optim = torch.optim.SGD(network.parameters(), lr=0.03)
history = train(network, data, nn.BCELoss(), optim, epochs=7)
"""


def notebook(source):
    """Return a notebook of one cell, whose figure the page is to train."""
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": [TAG], "mystnb": {"figure": {"name": "fig-x"}}})
    cell.outputs = [nbformat.v4.new_output("display_data", {"application/vnd.plotly.v1+json": {"layout": {}}})]
    return nbformat.v4.new_notebook(cells=[cell])


def figure(name):
    """Return the figure of this name, as its notebook stores it."""
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == name:
                return next(output.data["application/vnd.plotly.v1+json"] for output in cell.outputs if "data" in output)
    return None


def test_each_trained_figure_has_a_curve_and_no_curve_is_left_over():
    assert set(RECIPES) == set(STORED)
    assert all(len(STORED[name]["loss"]) == recipe["epochs"] + 1 for name, recipe in RECIPES.items())


@pytest.mark.parametrize("name", RECIPES)
def test_the_stored_curve_is_torchs(name):
    now = stored(curves(RECIPES[name], BEGINNING))
    for column, values in now.items():
        assert values == pytest.approx(STORED[name][column][:BEGINNING + 1], abs=1e-5)


@needs_node
@pytest.mark.parametrize("name", RECIPES)
def test_the_engine_trains_to_the_curve_and_to_the_map_of_the_notebook(name):
    recipe, (inputs, labels) = RECIPES[name], load(RECIPES[name]["data"])
    shown = figure(name)
    drawn = shown["layout"].get("sliders")
    x, y = [decode(shown["data"][0][axis]) for axis in "xy"] if drawn else ([0], [0])
    points = np.stack(np.meshgrid(x, y), axis=-1).flatten().tolist()
    given = dict(recipe=recipe, inputs=inputs.flatten().tolist(), labels=labels.flatten().tolist(), rows=len(inputs), points=points)
    found = in_javascript(["engine"], TRAIN, **given)
    assert found["history"] == pytest.approx(STORED[name]["loss"], abs=1e-5)
    if drawn:
        last = shown["frames"][-1]["data"][0]["z"]
        assert 100 * np.array(found["map"]) == pytest.approx(np.asarray(decode(last), float).flatten(), abs=0.6)


def test_a_recipe_says_what_the_cell_says():
    found = recipes(notebook(SOURCE))["fig-x"]
    assert found == {"data": "moons", "columns": ["x1", "x2"], "part": "train", "batch_size": 8, "shuffle": 4, "sizes": [2, 4, 1],
                     "activations": ["sigmoid", "sigmoid"], "seed": 3, "std": 1.0, "loss": "bce", "optimiser": "sgd",
                     "settings": {"lr": 0.03}, "evaluation": False, "patience": None, "epochs": 7}


@pytest.mark.parametrize("old, new", [
    ("nn.Sequential(Perceptron(2, 4), Perceptron(4, 1))", "nn.Sequential(nn.Linear(2, 4), nn.Sigmoid())"),
    ("lr=0.03", "lr=rate"), ("seed=3", "seed=start"), ("nn.BCELoss()", "my_loss"), ("torch.optim.SGD", "torch.optim.RMSprop"),
    ('parts["train"]', "(inputs, labels)"), ("history = train", "history = fit"),
])
def test_what_cannot_be_read_is_refused(old, new):
    assert old in SOURCE
    with pytest.raises(NotUnderstood, match="expected"):
        recipes(notebook(SOURCE.replace(old, new)))


def test_a_name_whose_value_is_not_understood_is_forgotten():
    twice = SOURCE.replace("initialise(network, seed=3)", "initialise(network, seed=3)\ninitialise(network, seed=start)")
    with pytest.raises(NotUnderstood):
        recipes(notebook(twice))
