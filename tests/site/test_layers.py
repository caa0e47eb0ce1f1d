"""The network that readers build: its code is that network in torch, buttons reach every size, and code and diagram light each other up."""

import re

import pytest
from torch import nn

from page_limits import REPORTED
from tools.browsing import PHONE
from tools.page_look import LOOKS, SHIFTS, violations

STILLS = ["fig-111", "fig-141", "fig-241"]


@pytest.fixture
def opened(at_part):
    """Open the chapter at the part."""
    return lambda **how: at_part("two-x", "layers", **how)


def press(one, name, times=1):
    """Press a button of the part with the keyboard."""
    for _ in range(times):
        one.box.get_by_role("button", name=name, exact=True).press("Enter")


def of_sizes(one, sizes):
    """Build the network of these sizes, as far as the buttons go, from any other."""
    press(one, "Inputs: one fewer", 3)
    press(one, "Inputs: one more", sizes[0] - 1)
    press(one, "Hidden layers: one fewer", 3)
    press(one, "Hidden layers: one more", len(sizes) - 2)
    for layer, size in enumerate(sizes[1:-1], 1):
        label = "Neurons" if len(sizes) == 3 else f"Neurons in layer {layer}"
        press(one, f"{label}: one fewer", 7)
        press(one, f"{label}: one more", size - 1)


def written(one):
    """Return the network that the code on the page makes in torch."""
    code = "\n".join(one.box.locator(".layers-code code").all_text_contents())
    known = {"nn": nn}
    exec(code, known)
    return known["layers"]


@pytest.mark.parametrize("sizes", [[1, 1, 1], [1, 4, 1], [2, 4, 1], [2, 1], [4, 8, 8, 8, 1], [3, 2, 5, 1]])
def test_the_code_on_the_page_is_the_network_that_was_built(opened, sizes):
    one = opened()
    of_sizes(one, sizes)
    layers = written(one)
    assert [layers[0].in_features, *(layer.out_features for layer in layers)] == sizes
    numbers = [parameter.numel() for parameter in layers.parameters()]
    said = one.box.locator(".live-said").inner_text()
    assert [int(n) for n in re.findall(r"(\d+) (?:weight|bias|parameter)", said)] == [sum(numbers[::2]), sum(numbers[1::2]), sum(numbers)]
    assert said.startswith(f"A {'-'.join(map(str, sizes))} network")
    sums = [int(text.split("=")[1]) for text in one.box.locator(".layers-line > span").all_text_contents()]
    assert sums == [weights + biases for weights, biases in zip(numbers[::2], numbers[1::2])]
    assert one.box.locator("svg line").count() == sum(numbers[::2]) and one.box.locator("svg circle").count() == sum(sizes)


def test_a_button_at_its_end_stays_and_does_nothing(opened):
    one = opened()
    for name, times in [("Inputs: one more", 3), ("Hidden layers: one more", 2), ("Neurons in layer 3: one more", 7)]:
        press(one, name, times)
        button = one.box.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("aria-disabled") == "true" and button.evaluate("node => node === document.activeElement")
        before = one.box.locator(".live-said").inner_text()
        press(one, name)
        assert one.box.locator(".live-said").inner_text() == before


def lit(one, part):
    """Return the layers that are lit up in a part."""
    return one.box.locator(f"{part} .lit").evaluate_all("nodes => nodes.map((node) => Number(node.dataset.layer))")


def test_code_and_diagram_light_each_other_up(opened):
    one = opened()
    of_sizes(one, [2, 4, 1])
    line = one.box.locator(".layers-line").nth(1)
    line.focus()
    assert lit(one, "svg") == lit(one, ".layers-code") == [2]
    line.blur()
    assert lit(one, "svg") == lit(one, ".layers-code") == []
    one.box.locator("svg .layers-area").first.hover(position={"x": 20, "y": 20})
    assert lit(one, "svg") == lit(one, ".layers-code") == [1]
    line.press("Enter")
    assert line.get_attribute("aria-pressed") == "true"
    line.blur()
    one.page.mouse.move(0, 0)
    assert lit(one, "svg") == lit(one, ".layers-code") == [2]
    assert "4 lines for the weights, 1 ring for the biases" in one.box.locator(".live-said").inner_text()


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_axe_finds_nothing_and_the_largest_network_keeps_its_place(opened, width, scheme):
    one = opened(script=SHIFTS, width=width, scheme=scheme, has_touch=width == PHONE)
    of_sizes(one, [4, 8, 8, 8, 1])
    low, height = one.box.evaluate("node => [parseFloat(getComputedStyle(node).minHeight), node.offsetHeight]")
    assert low >= height - 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(one.box.locator("button").evaluate_all("nodes => nodes.map((node) => node.getBoundingClientRect().height)")) >= 44
    assert not one.errors
    assert not violations(one.page, within=".live")
    one.errors.clear()  # axe makes requests of its own


def test_it_works_under_a_strict_policy_and_from_a_folder(opened, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(place=place, script=REPORTED)
        press(one, "Neurons: one more")
        one.box.locator(".live-said", has_text="A 1-2-1 network").wait_for()
        assert not [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
        one.errors.clear()  # which are about the theme's own handlers


def test_the_still_diagrams_are_for_paper_and_for_readers_without_scripts(browser, address, opened):
    one = opened()
    assert not any(one.page.locator(f"figure#{name}").is_visible() for name in STILLS)
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(one.page.locator(f"figure#{name} .plotly-drawing svg").first.is_visible() for name in STILLS)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/two-x.html")
    assert all(page.locator(f"figure#{name} img").is_visible() for name in STILLS)
    context.close()
