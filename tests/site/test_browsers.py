"""The pages in Firefox and WebKitGTK: figures are drawn as in Chromium, sliders move, formulas are set, nothing goes wrong."""

import functools
import re

import pytest

from helpers import need
from lib import figures as builders
from tools.book import NOTEBOOKS, cells, figure_count, figures
from tools.browsers import FOCUS, NEEDED, opened, watched
from tools.browsing import Handler, Visit, mounted, served

# Together they have every kind of figure, and a page without any.
NAMES = ["index", "simple-case", "simple-case-data", "two-x", "backpropagation", "neurons", "networks", "stopping", "activations",
         "one-run", "survey", "compare"]
SLIDER = ".plotly-slider input"

# Draws all figures of a page but those for paper, one after another and uncovered; returns how much each one shows of its data: how many
# lines, maps and words.
DRAW = """async () => {
  document.querySelectorAll(".predict-show").forEach((button) => button.click());
  const boxes = [...document.querySelectorAll(".plotly-figure")].filter((box) => box.checkVisibility());
  for (const box of boxes) {
    box.scrollIntoView({block: "center"});
    while (!box.dataset.drawn) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return boxes.map((box) => ["path", "image", "text"].map((kind) => box.querySelectorAll(`.overplot ${kind}`).length));
}"""
FORMULAS_ARE_SET = "() => [...document.querySelectorAll('.math')].every((node) => node.querySelector('mjx-container'))"
# What a page's first slider says, in sight and to screen readers, and the picture that it governs.
READING = """() => {
  const input = document.querySelector(".plotly-slider input");
  const box = input.closest(".plotly-figure");
  return [box.querySelector("output").textContent, input.getAttribute("aria-valuetext"), box.querySelector(".main-svg").outerHTML];
}"""


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def other(request):
    """One of the other browsers. Without it these tests are skipped, or fail in CI."""
    need(NEEDED[request.param], f"the pages are not tried in {request.param}")
    with opened(request.param) as browser:
        yield browser


@pytest.fixture(scope="module")
def watched_address(site):
    """The address of the book with pages that note their errors."""
    with served(site, watched(mounted(site))) as address:
        yield address


@pytest.fixture(scope="module")
def in_chromium(browser, address):
    """What the figures of a page show in Chromium; each page is opened only once."""
    @functools.cache
    def drawn(name):
        one = Visit(browser, f"{address}/chapters/{name}.html")
        shown = one.page.evaluate(DRAW)
        one.context.close()
        return shown

    return drawn


# What a live part says, once it has said something that fits.
SAID = """(box, pattern) => document.querySelector(`${box} .live-said`)?.textContent.match(pattern)?.[0]"""


def said(browser, box, pattern):
    """Wait until a live part says something that fits a pattern of JavaScript, and return it."""
    browser.wait_for(SAID, box, pattern)
    return browser.run(SAID, box, pattern)


def kinds(names):
    """Return which builders of figures some pages call."""
    code = "\n".join(cell.source for path in NOTEBOOKS if path.stem in names for cell in cells(path, "code"))
    return {name for name in builders.__all__ if re.search(rf"\b{name}\(", code)}


def has_slider(name):
    """Return whether a figure of a page has a slider, and not choices in its place."""
    shown = [figure for path in NOTEBOOKS if path.stem == name for cell in cells(path, "code") for figure in figures(cell)]
    return any(figure["layout"].get("sliders") and "switches" not in figure["layout"]["meta"] for figure in shown)


def test_every_kind_of_figure_is_looked_at():
    assert kinds(NAMES) == set(builders.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_the_same_in_other_browsers(other, watched_address, in_chromium, name):
    other.open(f"{watched_address}/chapters/{name}.html")
    shown = other.run(DRAW)
    assert len(shown) == figure_count(name)
    assert shown == in_chromium(name)
    other.wait_for(FORMULAS_ARE_SET)
    if has_slider(name):
        other.press("Home", SLIDER)
        first = other.run(READING)
        other.press("ArrowRight", SLIDER)
        other.wait_for(f"([words, said, picture]) => ({READING})()[2] !== picture", first)
        words, said, _ = other.run(READING)
        assert words == said != first[0] == first[1]
    assert not other.errors()


@pytest.mark.parametrize("name, figure", [("two-x", "fig-linear"), ("neurons", "fig-neuron")])
def test_the_network_of_a_figure_trains_in_other_browsers(other, watched_address, name, figure):
    other.open(f"{watched_address}/chapters/{name}.html")
    box = f"figure#{figure} + .live"
    other.press("Enter", f"{box} .live-open")
    apart = said(other, box, r"Epoch (\d+) of \1\b.*Largest difference .*: [\d.]+\.$").rpartition(" ")[2]
    assert 0 < float(apart.rstrip(".")) <= 1e-5
    assert not other.errors()


def test_the_landing_pages_network_trains_in_other_browsers(other, watched_address):
    other.open(f"{watched_address}/chapters/index.html")
    other.run(FOCUS, ".live")
    assert said(other, ".live", r"epoch \d+: .*450 of 450 on the right side")
    assert not other.errors()


def test_the_playground_trains_in_other_browsers(other, watched_address):
    other.open(f"{watched_address}/chapters/playground.html#epochs=50&speed=4")
    other.wait_for("() => document.querySelector('.live[data-mounted]')")
    other.run("() => [...document.querySelectorAll('.live button')].find((node) => node.textContent.trim() === 'Train').focus()")
    other.press("Enter")
    other.wait_for("() => Live.thePlayground.run.epochs >= 50")
    assert other.run("() => Live.thePlayground.run.history.at(-1) < Live.thePlayground.run.history[0]")
    assert not other.errors()


def test_errors_of_a_page_are_seen(other, tmp_path):
    page = """<!doctype html><html><head><title>Wrong</title></head><body>
      <script>lost();</script>
      <script src="missing.js"></script>
      <script>Promise.reject(new Error("broken promise")); console.error("said so");</script></body></html>"""
    (tmp_path / "wrong.html").write_text(page, encoding="utf-8")
    with served(tmp_path, watched(Handler)) as address:
        other.open(f"{address}/wrong.html")
        other.wait_for("() => window.wrong.length === 4")
        found = " ".join(other.errors())
    assert all(words in found for words in ("lost", "missing.js", "broken promise", "said so"))


def test_a_page_whose_errors_are_not_noted_has_one(other, address):
    other.open(f"{address}/chapters/references.html")
    assert other.errors() == ["this page is not watched"]


def test_a_picture_of_the_window_can_be_taken(other, watched_address, tmp_path):
    other.open(f"{watched_address}/chapters/references.html")
    other.screenshot(tmp_path / "window.png")
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")
