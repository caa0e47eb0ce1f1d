"""The network that readers bend by hand, and the step whose length they choose: their numbers are those of the notebooks."""

import re

import nbformat
import pytest

from _ext.live.recipes import NotUnderstood, first_step
from tools.book import ROOT, cells
from tools.browsing import PHONE
from tools.page_look import LOOKS, violations

PAGES = {"hinge": "motivation", "step": "simple-case"}
every_part = pytest.mark.parametrize("part", PAGES)


@pytest.fixture
def opened(at_part):
    """Open the page of a part at the part, and return its box."""
    return lambda part, **how: at_part(PAGES[part], part, **how).box


def press(box, name):
    """Press a button with the keyboard."""
    box.get_by_role("button", name=name).press("Enter")


def said(box, text=""):
    """Return the words of a part, once they hold a text."""
    words = box.locator(".live-said", has_text=text)
    words.wait_for()
    return words.inner_text()


def output(page, ident):
    """Return what a cell of a chapter prints."""
    return next(cell.outputs[0] for cell in cells(ROOT / "chapters" / f"{page}.ipynb", "code") if cell.id == ident)


def bend(box, values):
    """Move the handles of the picture by keyboard to pairs of knot and coefficient."""
    for number, pair in enumerate(values, start=1):
        for name, value in zip(("Knot", "Coefficient"), pair):
            handle = box.get_by_role("slider", name=f"{name} of neuron {number}, on the picture")
            handle.press("Home")
            for _ in range(round(10 * (value - float(handle.get_attribute("aria-valuemin"))))):
                handle.press("ArrowRight" if name == "Knot" else "ArrowUp")


def squares(box):
    """Return the sums of squared residuals that the words give: of the network, and of OLS."""
    return re.search(r"residuals: ([\d.]+)\. OLS: ([\d.]+)\.", said(box)).groups()


def test_ols_is_that_of_the_regression_and_two_neurons_fit_the_v_by_keyboard(opened):
    box = opened("hinge")
    printed = re.search(r"residuals ([\d.]+)", output("motivation", "ols").text)[1]
    assert squares(box)[1] == printed
    bend(box, [(0, 2), (0, 2)])
    assert squares(box)[0] == "0.0" and "A perfect fit" in said(box)
    assert box.locator(".live-formula").inner_text() == "network(x) = 2.0 relu(−x) + 2.0 relu(x)"


def test_the_w_takes_four_neurons_as_the_text_says(opened):
    box = opened("hinge")
    press(box, "Fit the W")
    press(box, "Add a neuron")
    press(box, "Add a neuron")
    assert box.get_by_role("button", name="Add a neuron").is_disabled()
    bend(box, [(-2, 2), (-2, 2), (0, -4), (2, 4)])
    assert "A perfect fit" in said(box)
    press(box, "Take one away")
    assert float(squares(box)[0]) > 1 and "three bends" in said(box)


def test_descent_finds_the_v_by_itself_and_can_be_paused(opened):
    box = opened("hinge")
    press(box, "Let descent try")
    press(box, "Pause")
    now = said(box)
    box.page.wait_for_timeout(200)
    assert said(box) == now
    press(box, "Let descent try")
    assert "by itself" in said(box, "Steps of descent") and squares(box)[0] == "0.0"
    press(box, "Start again")
    assert squares(box)[0] != "0.0"


def test_a_handle_can_be_dragged_and_its_slider_follows(opened):
    box = opened("hinge")
    place = box.get_by_role("slider", name="Knot of neuron 2, on the picture").bounding_box()
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    box.page.mouse.move(*middle)
    box.page.mouse.down()
    box.page.mouse.move(middle[0] - 60, middle[1])
    box.page.mouse.up()
    knot = float(box.get_by_role("group", name="Neuron 2").get_by_role("slider", name="Knot").input_value())
    assert knot < 0.5


def test_less_motion_is_one_result(opened):
    box = opened("hinge", reduced_motion="reduce")
    box.page.evaluate("""() => { window.said = new Set(); new MutationObserver(() => window.said.add(
      document.querySelector('.live-said').textContent)).observe(document.querySelector('.live-said'), {childList: true}); }""")
    press(box, "Let descent try")
    said(box, "by itself")
    assert box.page.evaluate("window.said.size") == 1


def test_one_step_is_that_of_the_cell_and_every_rate_can_be_set(opened):
    box = opened("step")
    weight, bias = re.findall(r"\[+(-?[\d.]+)\]", output("simple-case", "update").data["text/plain"])
    assert f"→ {weight}, bias" in said(box) and f"→ −{bias.lstrip('-')}, loss" in said(box)
    slider = box.get_by_role("slider")
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == "0.4" and "farther off than before" in said(box)
    for _ in range(3):
        slider.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "0.2" and "beyond the observation" in said(box)


@pytest.mark.parametrize("width, scheme", LOOKS)
@every_part
def test_axe_finds_nothing_and_its_height_is_reserved(visit, part, width, scheme):
    one = visit(PAGES[part], width=width, scheme=scheme, has_touch=width == PHONE)
    one.uncover()
    box = one.page.locator(f"[data-live={part}]")
    box.evaluate("node => node.scrollIntoView({block: 'center'})")
    one.page.locator(f"[data-live={part}][data-mounted]").wait_for()
    one.page.wait_for_timeout(300)
    reserved = box.evaluate("node => [parseFloat(getComputedStyle(node).minHeight), node.offsetHeight]")
    assert reserved[0] >= reserved[1] - 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(box.locator("button, input").evaluate_all("all => all.map((node) => node.offsetHeight)")) >= 44
    assert not one.errors
    assert not violations(one.page, within=".live")


@every_part
def test_readers_without_scripts_get_a_sentence(browser, address, part):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/{PAGES[part]}.html")
    assert page.locator(f".live[data-live={part}] p").first.is_visible()
    context.close()


def test_the_start_of_the_step_is_read_from_the_cells():
    chapter = nbformat.read(ROOT / "chapters" / "simple-case.ipynb", as_version=4)
    assert first_step(chapter) == {"seed": 0, "std": 0.5, "rate": 0.001}
    with pytest.raises(NotUnderstood, match="expected calls of"):
        first_step(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]))
