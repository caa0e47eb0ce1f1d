"""Below a figure, its network trains in the page: to torch's curve, by keyboard, and then with what the reader changes."""

import re

import pandas as pd
import pytest

from tools.book import ROOT
from tools.browsing import PHONE
from tools.live import all_recipes
from tools.page_look import AXE_OPTIONS, ON_A_PHONE, violations

RECIPES = all_recipes()
PAGES = {"two-x": ["fig-linear"], "neurons": ["fig-neuron"], "networks": ["fig-deep", "fig-wide"],
         "stopping": ["fig-stopped", "fig-overfit", "fig-overfit-surface"], "activations": ["fig-deeper", "fig-relu"]}
ENDED = "box => /Epoch (\\d+) of \\1\\b/.test(box.querySelector('.live-said')?.textContent)"
# The network that over-fits is sure of itself where it is wrong, and there rounding grows.
MOST = {"fig-overfit": 1e-3, "fig-overfit-surface": 1e-3}


def trained(one, name):
    """Press the button below a figure by keyboard, wait for the end of the training, and return its box."""
    box = one.page.locator(f"figure#{name} + .live")
    box.locator(".live-open").focus()
    one.page.keyboard.press("Enter")
    one.page.wait_for_function(ENDED, arg=box.element_handle(), timeout=60_000)
    return box


def said(box):
    """Return the line of words of a live part."""
    return box.locator(".live-said").inner_text()


def test_every_figure_that_can_be_trained_is_looked_at():
    assert {name for some in PAGES.values() for name in some} == set(RECIPES)


@pytest.mark.parametrize("page", PAGES)
def test_the_networks_of_a_page_train_to_torchs_curves(visit, page):
    one = visit(page)
    one.uncover()
    for part in one.page.locator(".live:not([data-live=train_here])").all():  # they share scripts, and come first
        part.scroll_into_view_if_needed()
        one.page.wait_for_function("box => box.dataset.mounted", arg=part.element_handle())
    for name in PAGES[page]:
        words = said(trained(one, name))
        apart = float(re.search(r"Largest difference .*: ([\d.]+)\.$", words)[1])
        assert 0 < apart <= MOST.get(name, 1e-5)
        assert f"of {RECIPES[name]['epochs']}:" in words
    assert not one.errors


def test_evaluation_data_are_hollow_as_in_the_figure(visit):
    one = visit("stopping")
    one.uncover()
    one.page.evaluate("""() => { let own; window.hollow = 0;  // its script comes when the trainer opens
        const counted = (...mark) => { window.hollow += 1; own(...mark); };
        Object.defineProperty(Live, "hollow", {get: () => counted, set: (given) => { own = given; }}); }""")
    trained(one, "fig-overfit-surface")
    assert one.page.evaluate("window.hollow") == len(pd.read_csv(ROOT / "data" / "noisy_moons.csv").query("split == 'evaluation'"))


def test_a_changed_network_trains_over_the_chapters_curve_and_back(visit):
    one = visit("neurons")
    box = trained(one, "fig-neuron")
    before = said(box)
    box.locator("summary").press("Enter")
    seed = box.get_by_label("Seed of the start")
    seed.fill("7")
    seed.press("Tab")
    box.get_by_role("button", name="Train again").press("Enter")
    one.page.wait_for_function(ENDED, arg=box.element_handle())
    assert "Grey: the curve of the chapter" in said(box) and said(box) != before
    box.get_by_role("button", name="As in the chapter").press("Enter")
    one.page.wait_for_function(ENDED, arg=box.element_handle())
    assert said(box) == before
    assert not one.errors


def test_training_rests_and_goes_on_when_told(visit):
    one = visit("networks")
    one.uncover()
    box = one.page.locator("figure#fig-deep + .live")
    box.locator(".live-open").press("Enter")
    box.get_by_role("button", name="Pause").press("Enter")
    resting = said(box)
    one.page.wait_for_timeout(300)
    assert said(box) == resting and not re.search(r"Epoch (\d+) of \1\b", resting)
    box.get_by_role("button", name="Go on").press("Enter")
    one.page.wait_for_function(ENDED, arg=box.element_handle(), timeout=60_000)
    assert box.get_by_role("button", name="Go on").is_disabled()


@pytest.mark.parametrize("label, typed, words", [
    ("Seed of the start", "1.5", "expected a whole number from 0 to 4294967295, got “1.5”"),
    ("Learning rate", "fast", "expected a number from 0.000001 to 1000000000, got “fast”"),
    ("Batch size", "0", "expected a whole number from 1 to 450, got “0”"),
])
def test_what_is_no_number_is_refused_in_a_sentence(visit, label, typed, words):
    one = visit("two-x")
    box = trained(one, "fig-linear")
    box.locator("summary").press("Enter")
    box.get_by_label(label).fill(typed)
    box.get_by_label(label).press("Tab")
    assert words in box.get_by_role("alert").filter(has_text=label).inner_text()


def test_a_run_that_diverges_says_why_and_what_to_try(visit):
    one = visit("two-x")
    box = trained(one, "fig-linear")
    box.locator("summary").press("Enter")
    box.get_by_label("Learning rate").fill("50")
    box.get_by_label("Learning rate").press("Tab")
    box.get_by_role("button", name="Train again").press("Enter")
    box.locator(".live-said", has_text="Try ").wait_for()
    assert "learning rate of 50" in said(box)


def test_the_settings_open_in_the_playground(visit):
    one = visit("networks")
    box = trained(one, "fig-wide")
    box.get_by_role("link", name="Open in the playground").press("Enter")
    one.page.wait_for_url("**/playground.html#*")
    one.page.locator(".live[data-mounted]").wait_for()
    assert "8-8" in one.page.url and "rate" not in one.page.url  # 0.03 is what the playground has without being told


@pytest.mark.parametrize("width, scheme, options", [(1200, "light", AXE_OPTIONS), (1200, "dark", AXE_OPTIONS), (PHONE, "dark", ON_A_PHONE)])
def test_axe_finds_nothing_in_an_open_trainer(visit, width, scheme, options):
    one = visit("two-x", width=width, scheme=scheme)
    trained(one, "fig-linear").locator("summary").press("Enter")
    assert not violations(one.page, options, within=".live")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_can_be_worked_by_thumb(visit):
    one = visit("two-x", width=PHONE)
    box = trained(one, "fig-linear")
    box.locator("summary").press("Enter")
    for control in box.locator("button:visible, select:visible, input:visible, summary").all():
        assert control.bounding_box()["height"] >= 44


def test_where_motion_is_unwelcome_there_is_one_result(visit):
    one = visit("two-x", reduced_motion="reduce")
    one.page.evaluate("""() => {
      window.drawn = 0;
      const put = CanvasRenderingContext2D.prototype.putImageData;
      CanvasRenderingContext2D.prototype.putImageData = function (...all) { window.drawn += 1; return put.apply(this, all); };
    }""")
    trained(one, "fig-linear")
    assert one.page.evaluate("window.drawn") <= 3  # once, and again as its size settles
