"""In a real browser without network, every figure is drawn, fits its page and reacts to readers."""

import os

import pytest

from tools.book import figure_count
from tools.browsing import PAGES, PHONE
from tools.chromium import CHROMIUM
from tools.page_look import LOOKS

EVERY = [(name, *look) for name in PAGES for look in LOOKS]
every_look = pytest.mark.parametrize("name, width, scheme", EVERY)
on_a_phone = pytest.mark.parametrize("name, width, scheme", [look for look in EVERY if look[1] == PHONE])


@every_look
def test_every_figure_is_drawn_and_nothing_goes_wrong(found, address, name, width, scheme):
    one = found(name, width, scheme)
    assert one["drawn"] == figure_count(name)
    assert not [url for url in one["requests"] if not url.startswith((address, "data:", "blob:"))]
    assert not one["errors"]


@every_look
def test_axe_finds_nothing(found, name, width, scheme):
    assert not found(name, width, scheme)["axe"]


@every_look
def test_nothing_jumps(found, name, width, scheme):
    assert found(name, width, scheme)["shift"] < 0.05


@every_look
def test_nothing_is_cut_off_or_covered_in_a_figure(found, name, width, scheme):
    assert not found(name, width, scheme)["cut off"]
    assert not found(name, width, scheme)["covered"]


@on_a_phone
def test_a_phone_never_scrolls_sideways(found, name, width, scheme):
    assert found(name, width, scheme)["width"] <= PHONE
    assert not found(name, width, scheme)["sticking out"]


@on_a_phone
def test_sliders_can_be_worked_by_thumb(found, name, width, scheme):
    assert not found(name, width, scheme)["small"]


def test_maths_is_typeset_from_our_own_site(visit):
    page = visit("simple-case").page
    page.locator("mjx-container").first.wait_for()
    assert page.locator("mjx-container").count() > 5


def test_figures_follow_the_page_into_the_dark(visit):
    one = visit("simple-case")
    one.draw_all()
    title = one.page.locator(".plotly-figure .xtitle").first
    before = title.evaluate("node => getComputedStyle(node).fill")
    one.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    one.page.wait_for_function("([node, before]) => getComputedStyle(node).fill !== before", arg=[title.element_handle(), before])


def test_slider_and_play_button_move_the_figure(visit):
    one = visit("simple-case")
    one.draw_all()
    slider = one.page.locator(".plotly-slider").first
    handle, reading = slider.locator("input"), slider.locator("output")
    marker = one.page.locator(".plotly-figure:has(.plotly-slider) .x2y2 .points path").first
    assert reading.inner_text().startswith("0.77 (loss 9.03, gradient -8.23")
    place = marker.get_attribute("transform")
    handle.focus()
    one.page.keyboard.press("ArrowRight")
    assert handle.get_attribute("aria-valuetext") == reading.inner_text() != ""
    assert not reading.inner_text().startswith("0.77")
    moved = "([node, place]) => node.getAttribute('transform') !== place"
    one.page.wait_for_function(moved, arg=[marker.element_handle(), place])
    shown = reading.inner_text()
    slider.locator("button").click()
    one.page.wait_for_function("([node, shown]) => node.textContent !== shown", arg=[reading.element_handle(), shown])


def test_hurried_slider_changes_raise_no_error(visit):
    one = visit("simple-case")
    one.draw_all()
    one.page.locator(".plotly-slider input").first.evaluate(
        "input => { for (let i = 0; i < 50; i++) { input.value = i; input.dispatchEvent(new Event('input')); } }"
    )
    one.page.wait_for_timeout(500)
    assert not one.errors


def test_a_turned_phone_gets_the_layout_of_a_phone(visit):
    turned, phone = visit("simple-case-data"), visit("simple-case-data", width=PHONE)
    for one in (turned, phone):
        one.draw_all()
    turned.page.set_viewport_size({"width": PHONE, "height": 900})
    size = "getComputedStyle(document.querySelector('.plotly-figure .xtitle')).fontSize"
    turned.page.wait_for_function(f"size => {size} === size", arg=phone.page.evaluate(size))
    heights = [one.page.evaluate("document.querySelector('.plotly-figure').clientHeight") for one in (turned, phone)]
    assert abs(heights[0] - heights[1]) <= 2


def test_a_swipe_over_a_figure_does_not_zoom_it(browser, address):
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/chapters/motivation.html")
    page.locator(".predict-show").first.click()  # the figure answers a question
    page.locator(".plotly-figure").scroll_into_view_if_needed()
    page.locator(".plotly-figure[data-drawn]").wait_for()
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.dragmode") is False
    context.close()


def test_the_choice_of_colours_survives_a_reload(visit):
    one = visit("motivation")
    theme = "document.documentElement.dataset.theme"
    for _ in range(3):
        if one.page.evaluate(theme) == "dark":
            break
        one.page.locator(".theme-switch-button").first.click()
    assert one.page.evaluate(theme) == "dark"
    one.page.reload()
    assert one.page.evaluate(theme) == "dark"
    one.draw_all()
    assert one.page.locator(".xtick text").first.evaluate(FILL) == one.page.evaluate(INK)


FILL = "node => getComputedStyle(node).fill"
INK = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--pst-color-text-base)';
  return getComputedStyle(probe).color;
}"""


def test_chromium_is_there_in_ci():
    assert CHROMIUM or not os.environ.get("NOTHING_SKIPPED"), "Chromium not found, but CI must test the pages"
