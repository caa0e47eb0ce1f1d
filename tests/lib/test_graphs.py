"""The page's back-propagation equals torch's in double precision, starts from the chapter's numbers, and steps as torch does."""

import random
import re

import nbformat
import pytest
import torch

from _ext.live.recipes import NotUnderstood, back_propagation
from in_javascript import in_javascript, needs_node
from small_graphs import NETWORKS, in_torch
from tools.book import ROOT, cells, printed

CHAPTER = ROOT / "chapters" / "backpropagation.ipynb"
RECIPE = back_propagation(nbformat.read(CHAPTER, as_version=4))
RUN = """
const {networks, passes, ways, step} = Live.graphs;
const product = (way, slopes) => way.reduce((found, [head, tail]) => found * slopes[head][tail], 1);
reply = tries.map(({name, numbers, rate}) => {
  const found = passes(networks[name], numbers);
  const sums = Object.fromEntries(Object.keys(found.gradients).map((key) => [key,
    ways(networks[name], key).map((way) => product(way, found.slopes)).reduce((a, b) => a + b, 0)]));
  return {...found, sums, moved: step(networks[name], numbers, rate)};
});
"""
close = lambda numbers: pytest.approx(numbers, rel=1e-9, abs=1e-9)


def edited(seed, edits=300):
    """Return tries: networks of the page with one to all of their numbers edited at random, by sizes from thousandths to hundreds."""
    chance = random.Random(seed)
    number = lambda: round(chance.choice([-1, 1]) * 10 ** chance.uniform(-3, 2), chance.randint(0, 6))
    tries = []
    for _ in range(edits):
        name = chance.choice(list(NETWORKS))
        start = RECIPE[name]
        chosen = chance.sample(sorted(start), chance.randint(1, len(start)))
        tries.append({"name": name, "numbers": {**start, **{key: number() for key in chosen}}, "rate": 10 ** chance.uniform(-4, 0)})
    return tries


@pytest.fixture(scope="module")
def tried():
    """The tries, each with what the page makes of it."""
    tries = edited(seed=1)
    return list(zip(tries, in_javascript(["graph"], RUN, tries=tries)))


@needs_node
def test_values_and_gradients_of_edited_networks_are_those_of_torch(tried):
    assert {one["name"] for one, _ in tried} == set(NETWORKS)
    for one, found in tried:
        values, gradients = in_torch(one["name"], one["numbers"])
        assert found["values"] == close(values)
        assert found["gradients"] == close(gradients)


@needs_node
def test_a_gradient_is_the_sum_over_all_paths_of_the_products_along_them(tried):
    for _, found in tried:
        assert found["sums"] == close(found["gradients"])


@needs_node
def test_a_step_is_that_of_torchs_sgd(tried):
    for one, found in tried:
        network, names, _ = NETWORKS[one["name"]]
        leaves = {key: torch.tensor(float(value), dtype=torch.float64, requires_grad=key in names) for key, value in one["numbers"].items()}
        optim = torch.optim.SGD([leaves[key] for key in names], lr=one["rate"])
        network(leaves)["L"].backward()
        optim.step()
        assert found["moved"] == close({key: value.item() for key, value in leaves.items()})


@needs_node
def test_a_small_step_lowers_the_loss_of_every_network():
    tries = [{"name": name, "numbers": RECIPE[name], "rate": 1e-3} for name in NETWORKS]
    for one, found in zip(tries, in_javascript(["graph"], RUN, tries=tries)):
        assert in_torch(one["name"], found["moved"])[0]["L"] < found["values"]["L"]


@needs_node
def test_the_start_is_the_chapters_own():
    shown = {cell.id: printed(cell) for cell in cells(CHAPTER, "code")}
    tries = [{"name": name, "numbers": RECIPE[name], "rate": RECIPE["rate"]} for name in ("chain", "paths")]
    chain, paths = in_javascript(["graph"], RUN, tries=tries)
    number = lambda text, name: float(re.search(rf"{name} +(?:= )?(-?[\d.]+\d)", text)[1])
    assert number(shown["forward"], "h") == pytest.approx(chain["values"]["h"], abs=6e-4)
    assert number(shown["forward"], "prediction") == pytest.approx(chain["values"]["yhat"], abs=6e-4)
    for name in NETWORKS["chain"][1]:
        assert number(shown["chain"], name) == pytest.approx(chain["gradients"][name], abs=6e-5)
    after = in_torch("chain", chain["moved"])[0]["L"]
    assert [float(found) for found in re.findall(r"[\d.]+\d", shown["step"])] == pytest.approx([chain["values"]["L"], after], abs=6e-3)
    assert number(shown["paths"], "torch") == pytest.approx(paths["gradients"]["x"], abs=6e-3)


def notebook(*sources):
    """Return a notebook of these cells."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


FIRST = "x, y = 1.5, 1\nw1 = torch.tensor(0.5, requires_grad=True)\nb1, w2, b2 = -1, 2.0, 0.25"


def test_numbers_are_read_where_they_are_first_complete():
    found = back_propagation(notebook(FIRST, "w1 = 7.0\nv1, v2, c = torch.tensor(3.0), 4.0, -5.0", "w1 = 8.0\nSGD([w1], lr=0.1)"))
    assert found["chain"] == found["sigmoid"] == {"x": 1.5, "y": 1.0, "w1": 0.5, "b1": -1.0, "w2": 2.0, "b2": 0.25}
    assert found["paths"] == {**found["chain"], "w1": 7.0, "v1": 3.0, "v2": 4.0, "c": -5.0}
    assert found["rate"] == 0.1


@pytest.mark.parametrize("sources", [[FIRST, "SGD([w1], lr=0.1)"], [FIRST, "v1, v2, c = 3.0, 4.0, -5.0"], ["v1 = f(2)"]])
def test_a_notebook_that_lacks_numbers_is_refused(sources):
    with pytest.raises(NotUnderstood, match="expected numbers for .* found"):
        back_propagation(notebook(*sources))
