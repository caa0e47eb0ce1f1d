"""The activation to drag shows torch's slopes, and the network whose lines fade has the gradients of the chapter's cell."""

import json
import re

import nbformat
import pytest
import torch
from torch import nn

from _ext.live.recipes import vanishing
from lib.models import build, initialise
from lib.replicas import replicate
from page_limits import LONGEST, REPORTED, assert_in_its_place, task_times
from tools.book import ROOT
from tools.page_look import LOOKS, SHIFTS
from tools.same_in_the_page import load

RECIPE = vanishing(nbformat.read(ROOT / "chapters" / "activations.ipynb", as_version=4))
FAMILY = {"sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "elu": nn.ELU(),
          "gelu": nn.GELU(), "softplus": nn.Softplus(), "identity": nn.Identity()}
DONE = "Live.theVanishing.average.over"


@pytest.fixture
def opened(at_part):
    """Open the chapter at one of its two parts."""
    return lambda part, **how: at_part("activations", part, **how)


def test_functions_and_slopes_are_torchs(opened):
    one = opened("slope")
    places = [-4, -1.3, -0.1, 0, 0.1, 0.7, 2.5, 4]
    shown = one.page.evaluate("places => Object.fromEntries(Object.entries(Live.theSlope.FAMILY).map(([key, [, of, slope]]) => "
                              "[key, places.map((z) => [of(z), slope(z)])]))", places)
    assert shown.pop("step") == [[int(z > 0), 0] for z in places]
    assert set(shown) == set(FAMILY)
    for name, pairs in shown.items():
        z = torch.tensor(places, dtype=torch.float64, requires_grad=True)
        values = FAMILY[name](z)
        values.sum().backward()
        assert torch.tensor(pairs) == pytest.approx(torch.stack([values, z.grad], 1).detach(), abs=1e-6)


def test_the_point_is_dragged_by_keyboard_and_mouse_and_said(opened):
    one = opened("slope")
    handle = one.box.get_by_role("slider", name="Weighted sum z")
    for _ in range(12):
        handle.press("ArrowRight")
    one.box.get_by_label("Activation φ").select_option("tanh")
    z = torch.tensor(1.2, requires_grad=True)
    torch.tanh(z).backward()
    said = one.box.locator(".live-said")
    assert f"At z = 1.2 tanh gives {torch.tanh(z):.2f}, and its slope is {z.grad:.2f}" in said.inner_text()
    assert f"becomes {z.grad ** 5:.3f}" in said.inner_text()
    assert handle.get_attribute("aria-valuetext") == f"1.2, slope {z.grad:.2f}"
    place = handle.bounding_box()
    one.page.mouse.move(place["x"] + 22, place["y"] + 22)
    one.page.mouse.down()
    one.page.mouse.move(place["x"] - 40, place["y"], steps=4)
    one.page.mouse.up()
    assert float(handle.get_attribute("aria-valuenow")) < 1
    handle.press("End")
    handle.press("ArrowRight")
    assert "At z = 4.0" in said.inner_text()


def gradients(hidden, activation):
    """Return the mean absolute gradient of the weights by layer, as the chapter's cell computes it."""
    deep = initialise(replicate(build([2, *[8] * hidden, 1], activation), RECIPE["replicas"]), RECIPE["seed"])
    inputs, labels = load("moons")
    preds = deep(inputs)
    nn.BCELoss(reduction="none")(preds, labels.expand_as(preds)).mean(dim=1).sum().backward()
    return [layer.weights.grad.abs().mean().item() for layer in deep]


# In deep ReLU networks sums are so large that it hangs on a rounding error whether an observation saturates in single precision.
@pytest.mark.parametrize("hidden, name, activation, within", [(5, "sigmoid", nn.Sigmoid, 1e-3), (2, "tanh", nn.Tanh, 1e-3),
                                                              (8, "relu", nn.ReLU, 0.03)])
def test_the_fading_network_has_the_gradients_of_torch(opened, hidden, name, activation, within):
    one = opened("vanish")
    depth = one.box.get_by_label("Hidden layers")
    for _ in range(abs(hidden - RECIPE["hidden"])):
        depth.press("ArrowRight" if hidden > RECIPE["hidden"] else "ArrowLeft")
    one.box.get_by_label("Activation φ").select_option(name)
    one.page.wait_for_function(DONE)
    assert one.page.evaluate("Live.theVanishing.average.means") == pytest.approx(gradients(hidden, activation), rel=within)
    share = float(re.search(r"is (\S+) times", one.box.locator(".live-said").inner_text())[1])
    means = gradients(hidden, activation)
    assert share == pytest.approx(means[0] / means[-1], rel=0.06)


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("part", ["slope", "vanish"])
def test_axe_finds_nothing_and_the_page_does_not_move(opened, part, width, scheme):
    one = opened(part, width=width, scheme=scheme)
    one.page.evaluate(SHIFTS)
    one.box.locator("select").select_option("relu")
    if part == "vanish":
        one.page.wait_for_function(DONE)
    assert_in_its_place(one, width)


@pytest.mark.parametrize("part", ["slope", "vanish"])
def test_it_works_under_a_strict_policy_and_from_a_folder(opened, part, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(part, place=place, script=REPORTED)
        one.box.locator("select").select_option("tanh")
        assert "tanh" in one.box.locator(".live-said").inner_text()
        assert not [text for text in one.page.evaluate("window.broken") if text.startswith("script-src-elem")]
        one.errors.clear()  # about the theme's own handlers


def test_no_task_is_long_while_gradients_are_averaged(browser, opened):
    one = opened("vanish")
    one.page.wait_for_function(DONE)
    browser.start_tracing(page=one.page, categories=["toplevel", "devtools.timeline"])
    for _ in range(3):
        one.box.get_by_label("Hidden layers").press("ArrowRight")
        one.page.wait_for_timeout(300)
    times = task_times(json.loads(browser.stop_tracing())["traceEvents"])
    assert len(times) > 20 and max(times) <= LONGEST
