"""The neuron that readers set by hand: its sum and its output are torch's, descent takes it where the chapter's cell goes."""

import re

import nbformat
import pytest
import torch

from _ext.live.recipes import recipes
from lib.models import Perceptron, initialise
from page_limits import assert_in_its_place
from tools.book import ROOT
from tools.live import curves
from tools.page_look import LOOKS, SHIFTS

RECIPE = recipes(nbformat.read(ROOT / "chapters" / "neurons.ipynb", as_version=4))["fig-neuron"]


@pytest.fixture
def opened(at_part):
    """Open the chapter at the part."""
    return lambda **how: at_part("neurons", "neuron", **how)


def numbers(one):
    """Return the weighted sum and the output that the line of words gives."""
    text = one.box.locator(".live-said").inner_text().replace("−", "-")
    return tuple(map(float, re.search(r"= (-?[\d.]+), ŷ = φ\(z\) = (-?\d+\.\d\d)", text).groups()))


def test_it_starts_where_the_chapters_neuron_starts_and_descends_to_its_loss(opened):
    one = opened(reduced_motion="reduce")
    start = initialise(Perceptron(2, 1), RECIPE["seed"])
    inside = "Array.from(Live.theNeuron.state.run.model[0].parameters.flatMap((part) => [...part]))"
    assert one.page.evaluate(inside) == pytest.approx([*start.weights.flatten().tolist(), start.bias.item()], abs=1e-6)
    one.box.get_by_role("button", name="Let descent take").press("Enter")
    one.page.wait_for_function(f"Live.theNeuron.state.run.epochs === {RECIPE['epochs']}")
    assert one.page.evaluate("Live.theNeuron.state.run.history") == pytest.approx(curves(RECIPE).loss.tolist(), abs=1e-5)
    one.box.get_by_role("button", name="Back to the start").press("Enter")
    assert one.page.evaluate("Live.theNeuron.state.run.epochs") == 0


@pytest.mark.parametrize("name, activation", [("none (identity)", torch.nn.Identity()), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh),
                                              ("ReLU", torch.relu)])
def test_what_it_says_is_what_torch_computes(opened, name, activation):
    one = opened()
    for label, key in [("Weight w₁", "End"), ("Weight w₂", "Home"), ("Bias b", "ArrowRight"), ("Observation", "End")]:
        one.box.get_by_label(label).press(key)
    one.box.locator("select").select_option(label=name)
    shown = one.page.evaluate("""() => {
      const {state: {run: {data, model: [{parameters: [weights, bias]}]}, row}} = Live.theNeuron;
      return [[...weights], bias[0], [...data.inputs.slice(2 * row, 2 * row + 2)]];
    }""")
    weights, bias, inputs = (torch.tensor(values, dtype=torch.float64) for values in shown)
    assert shown[0] == [8, -8] and one.box.get_by_label("Observation").get_attribute("aria-valuetext") == "450"
    z = weights @ inputs + bias
    assert numbers(one) == pytest.approx((z.item(), activation(z).item()), abs=0.0051)


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_axe_finds_nothing_and_the_page_does_not_move(opened, width, scheme):
    one = opened(width=width, scheme=scheme)
    one.page.evaluate(SHIFTS)
    one.box.get_by_role("button", name="Let descent take").press("Enter")
    one.page.wait_for_function("Live.theNeuron.state.run.epochs > 5")
    one.box.get_by_role("button", name="Pause").press("Enter")
    assert_in_its_place(one, width)
