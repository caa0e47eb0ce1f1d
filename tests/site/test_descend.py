"""The line that readers move by hand: its descent is the chapter's own, keys reach all of it, and a run that fails is explained."""

import json
import re

import nbformat
import pytest

from _ext.live.recipes import NotUnderstood, row_by_row
from tools.book import FIGURE, ROOT, cells
from tools.browsing import PHONE, WIDE
from tools.page_look import violations

CHAPTER = ROOT / "chapters" / "simple-case-data.ipynb"
SLIDERS = {"Weight": ("0", "5"), "Bias": ("-1", "2.5"), "Learning rate": ("0", "22")}
HANDLES = {"Weight, on the line": ("0", "5"), "Bias, on the line": ("-1", "2.5")}


@pytest.fixture
def opened(visit):
    """Open the chapter at its live part; there must have been no error after the test."""
    visits = []

    def open_part(**how):
        visits.append(visit("simple-case-data", **how))
        box = visits[-1].page.locator("[data-live='descend']")
        box.scroll_into_view_if_needed()
        visits[-1].page.locator("[data-live='descend'][data-mounted]").wait_for()
        return box

    yield open_part
    assert not [error for one in visits for error in one.errors]


def press(box, name):
    """Press a button with the keyboard."""
    box.get_by_role("button", name=name, exact=True).press("Enter")


def said(box, text=""):
    """Return the words of the part, once they hold a text."""
    words = box.locator(".live-said", has_text=text)
    words.wait_for()
    return words.inner_text()


def readings(box):
    """Return the weight and the bias that the words give."""
    return tuple(float(one.replace("−", "-")) for one in re.search(r"Weight (\S+), bias (\S+),", said(box)).groups())


def stored_end():
    """Return the last weight and bias of the chapter's epoch, as its cell printed them."""
    printed = next(cell.outputs[0].data["text/plain"] for cell in cells(CHAPTER, "code") if cell.id == "epoch")
    return tuple(round(float(one), 2) for one in re.findall(r"\[+(-?[\d.]+)\]", printed))


def test_the_epoch_of_the_chapter_is_that_of_torch(opened):
    box = opened()
    press(box, "The chapter’s epoch")
    words = said(box, "Largest difference from the stored path in 100 updates")
    assert 0 < float(re.search(r"updates: ([\d.]+)\.", words)[1]) <= 1e-5
    assert readings(box) == stored_end()


def test_without_the_figure_it_says_so(opened):
    box = opened()
    box.page.evaluate("document.querySelector('#fig-epoch').id = 'elsewhere'")
    press(box, "The chapter’s epoch")
    assert "is not on this page" in said(box, "Steps: 100.")


def test_the_start_is_shown_before_it_is_touched(opened):
    box = opened()
    figure = next(cell.outputs[0].data[FIGURE] for cell in cells(CHAPTER, "code") if cell.id == "epoch-figure")
    weight, bias = re.search(r"From (\S+)x (.) (\S+) through", figure["layout"]["meta"]["alt"]).group(1, 3)
    assert [abs(one) for one in readings(box)] == pytest.approx([float(weight), float(bias)], abs=0.006)
    assert "Gradient: weight −" in said(box, "Steps: 0.")


def test_keys_take_every_control_to_both_ends(opened):
    box = opened()
    for name, ends in SLIDERS.items():
        slider = box.get_by_role("slider", name=re.compile(f"^{name}(?!, on)"))
        for key, end in zip(("Home", "End"), ends):
            slider.press(key)
            assert slider.input_value() == end
    for name, ends in HANDLES.items():
        handle = box.get_by_role("slider", name=name)
        for key, end in zip(("Home", "End"), ends):
            handle.press(key)
            assert handle.get_attribute("aria-valuenow") == end
    box.get_by_role("slider", name="Bias, on the line").press("ArrowDown")
    assert readings(box) == (5, 2.45)
    for text in ("1, stochastic", "10, mini-batch", "all 100"):
        box.get_by_label("Batch").focus()
        box.page.keyboard.type(text)
        assert box.get_by_label("Batch").evaluate("node => node.selectedOptions[0].text") == text
        press(box, "One step")
        said(box, "Steps: 1.")
    press(box, "Start again")
    said(box, "Steps: 0.")


def test_mouse_drags_a_handle_and_sets_a_point_on_the_map(opened):
    box = opened()
    place = box.get_by_role("slider", name="Weight, on the line").bounding_box()
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    start = readings(box)
    box.page.mouse.move(*middle)
    box.page.mouse.down()
    box.page.mouse.move(middle[0], middle[1] - 40)
    box.page.mouse.up()
    assert readings(box)[0] > start[0] + 0.5 and readings(box)[1] == start[1]
    box.locator("canvas").nth(1).click(position={"x": 60, "y": 20})
    assert readings(box)[0] < 0.5 and readings(box)[1] > 2


def test_a_rate_beyond_the_limit_ends_in_a_sentence_and_a_smaller_one_arrives(opened):
    box = opened()
    rate = box.get_by_role("slider", name=re.compile("^Learning rate"))
    rate.press("End")
    press(box, "Let descent take over")
    words = said(box, "It ran away in")
    limit = next(cell.outputs[0].text for cell in cells(CHAPTER, "code") if cell.id == "limit").split()[-1]
    assert f"beyond the limit of {limit}" in words and "Try 0.04" in words
    for _ in range(6):  # of these, ten make it ten times smaller
        rate.press("ArrowLeft")
    press(box, "Let descent take over")
    assert "this is OLS" in said(box, "The gradient is gone")


def test_it_can_be_paused_and_goes_on(opened):
    box = opened()
    box.get_by_role("slider", name=re.compile("^Learning rate")).press("Home")
    press(box, "Let descent take over")
    box.page.wait_for_timeout(300)
    press(box, "Pause")
    paused = said(box)
    box.page.wait_for_timeout(200)
    assert said(box) == paused and "Steps: 0." not in paused
    press(box, "One step")
    assert said(box) != paused


def test_less_motion_is_one_result(opened):
    box = opened(reduced_motion="reduce")
    box.page.evaluate("""() => { window.said = new Set(); new MutationObserver(() => window.said.add(
      document.querySelector('.live-said').textContent)).observe(document.querySelector('.live-said'), {childList: true}); }""")
    press(box, "Let descent take over")
    said(box, "this is OLS")
    assert box.page.evaluate("window.said.size") == 1


@pytest.mark.parametrize("width, scheme", [(WIDE, "dark"), (PHONE, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, width, scheme):
    one = visit("simple-case-data", width=width, scheme=scheme)
    one.page.locator("[data-live='descend']").scroll_into_view_if_needed()
    one.page.locator("[data-live='descend'][data-mounted]").wait_for()
    assert not violations(one.page, within=".live")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width


def notebook(source):
    """Return a notebook with one cell."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])


def test_the_start_and_the_rate_are_read_from_the_cell():
    settings = json.dumps(row_by_row(nbformat.read(CHAPTER, as_version=4)))
    other = notebook("model = initialise(nn.Linear(1, 1), seed=7, std=2)\noptim = torch.optim.SGD(model.parameters(), lr=0.5)\n"
                     "for x, y in zip(inputs, labels):\n    pass")
    assert json.loads(settings) == {"seed": 0, "std": 0.5, "optimiser": "sgd", "settings": {"lr": 0.001}, "shuffle": 1}
    assert row_by_row(other) == {"seed": 7, "std": 2, "optimiser": "sgd", "settings": {"lr": 0.5}, "shuffle": None}
    with pytest.raises(NotUnderstood, match="expected a cell with a loop"):
        row_by_row(notebook("1 + 1"))
