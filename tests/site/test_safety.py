"""The pages work under a strict content security policy, with listed exceptions for the theme, plotly.js and MathJax.

Scripts must come from the site itself: no `eval`, no inline handlers, and no inline scripts except the theme's, which are
allowed by their hash. Inline styles are allowed: the theme, plotly.js and MathJax write them, and so do we for the height of a
figure. Images may be data URLs (plotly.js's mode bar, the theme's icons).
"""

import re

import pytest

from page_limits import REPORTED, inline_scripts
from tools.book import figure_count
from tools.browsing import PAGES, Visit

HANDLER = re.compile(r'<[^<>]*\son\w+="([^"]*)"')
# Two header buttons of the theme: print and full screen.
THEMES_HANDLERS = {"window.print()", "toggleFullScreen()"}
# Scripts of the theme and its extensions: colour scheme, address of the site, folding, settings of MathJax.
THEMES_SCRIPTS = ("document.documentElement.dataset.mode", "DOCUMENTATION_OPTIONS", "let toggle", "togglebuttonSelector", "window.MathJax")


@pytest.mark.parametrize("name", PAGES)
def test_scripts_and_handlers_in_a_page_are_the_themes(site, name):
    html = (site / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    assert not [text for text in inline_scripts(html) if not any(known in text for known in THEMES_SCRIPTS)]
    assert set(HANDLER.findall(html)) <= THEMES_HANDLERS


# Together they have every element: sliders, formulas, folded answers, tabs and tables; folded solutions.
@pytest.mark.parametrize("name", ["survey", "neurons-exercises"])
def test_a_page_works_under_a_strict_policy(browser, strict, name):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.add_init_script(REPORTED)
    one = Visit(browser, f"{strict}/chapters/{name}.html", context=context)
    assert one.draw_all() == figure_count(name)
    one.settle()
    if one.page.locator(".plotly-slider").count():
        slider = one.page.locator(".plotly-slider").first
        slider.locator("input").press("Home")
        before = slider.locator("output").inner_text()
        slider.locator("input").press("ArrowRight")
        assert slider.locator("output").inner_text() != before
    broken = [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
    assert not broken
    context.close()
