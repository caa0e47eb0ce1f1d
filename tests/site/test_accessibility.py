"""Readers who use a screen reader or a keyboard, or want less motion, get the same book."""

import pytest

from tools.book import NOTEBOOKS, figure_count
from tools.browsing import WIDE

DRAWN = [path.stem for path in NOTEBOOKS if figure_count(path.stem)]


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_has_a_name_a_number_and_a_reference(found, name):
    assert not found(name, WIDE, "light")["nameless"]


def test_sliders_and_play_buttons_work_from_the_keyboard_and_say_their_value(visit):
    one = visit("simple-case")
    one.draw_all()
    slider = one.page.locator(".plotly-slider").first
    handle, button = slider.locator("input"), slider.locator("button")
    button.focus()
    one.page.keyboard.press("Tab")
    assert handle.evaluate("node => node === document.activeElement")
    one.page.keyboard.press("End")
    assert handle.input_value() == handle.get_attribute("max")
    assert handle.get_attribute("aria-valuetext") == slider.locator("output").inner_text()
    one.page.keyboard.press("Shift+Tab")
    one.page.keyboard.press("Enter")
    assert button.get_attribute("aria-label").startswith("Pause")
    one.page.keyboard.press("Space")
    assert button.get_attribute("aria-label").startswith("Play")


def test_readers_who_prefer_less_motion_get_no_play_button(visit):
    one = visit("simple-case", reduced_motion="reduce")
    one.draw_all()
    assert one.page.locator(".plotly-slider input").first.is_visible()
    assert not one.page.locator(".plotly-slider button").first.is_visible()


def test_a_solution_is_folded_and_unfolds_from_the_keyboard(visit):
    page = visit("neurons-exercises").page
    solution = page.locator(".solution").first
    code = solution.locator(".cell_input").first
    solution.locator("button.toggle-button").wait_for()
    assert not code.is_visible()
    solution.locator("button.toggle-button").focus()
    page.keyboard.press("Enter")
    code.wait_for(state="visible")
    assert "✓" in solution.inner_text()


def test_the_arrows_in_the_contents_have_a_name(visit):
    page = visit("neurons").page
    names = page.evaluate("[...document.querySelectorAll('.bd-links summary')].map((arrow) => arrow.getAttribute('aria-label'))")
    assert len(names) >= 13 and set(names) == {"Exercises"}
