"""The book builds without a warning, and in a real browser with no network every figure is drawn."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

import pytest
from book import CHAPTERS, NAMES, ROOT, cells, figures

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
# No name is resolved and no address but our own is reached: the network is cut off.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PAGES = ["index", *NAMES, "slides", "references"]
WIDE, PHONE = 1200, 375


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the book anew, every warning an error, and return the folder of its pages."""
    out = tmp_path_factory.mktemp("book")
    builder = shutil.which("jupyter-book", path=os.path.dirname(sys.executable))
    command = [builder, "build", ".", "-W", "-n", "--keep-going", "--path-output", str(out)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def address(site):
    """Serve the site on this machine and return its address."""
    handler = functools.partial(QuietHandler, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line in the log for each."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def browser():
    """Start Chromium; without one the page tests are skipped, but not in CI."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium found: the pages are not looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", OFFLINE])
        yield browser
        browser.close()


class Visit:
    """A page opened in the browser, with all that went wrong and all that it asked for."""

    def __init__(self, browser, url, width=WIDE, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page = context.new_page()
        self.errors, self.requests = [], []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", lambda reply: reply.status >= 400 and self.errors.append(f"{reply.status} {reply.url}"))
        self.page.goto(url, wait_until="load")

    def draw_all(self):
        """Scroll every figure into view and wait until it is drawn; return how many there are."""
        boxes = self.page.locator(".plotly-figure")
        for index in range(boxes.count()):
            box = boxes.nth(index)
            box.scroll_into_view_if_needed()
            box.locator("xpath=self::*[@data-drawn]//*[name()='svg']").first.wait_for(timeout=20_000)
        return boxes.count()


@pytest.fixture
def visit(browser, address):
    """Open pages of the book by name; all are closed after the test."""
    visits = []

    def open_page(name, **how):
        visits.append(Visit(browser, f"{address}/chapters/{name}.html", **how))
        return visits[-1]

    yield open_page
    for one in visits:
        one.page.context.close()


def figure_count(name):
    """Return the number of figures that a chapter's notebook holds."""
    paths = [path for path in CHAPTERS if path.stem == name]
    return sum(len(figures(cell)) for path in paths for cell in cells(path, "code"))


def test_the_book_builds_without_a_warning(site):
    assert all((site / "chapters" / f"{name}.html").exists() for name in PAGES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_drawn_and_nothing_goes_wrong(visit, address, name, width, scheme):
    one = visit(name, width=width, scheme=scheme)
    assert one.draw_all() == figure_count(name)
    assert not [url for url in one.requests if not url.startswith((address, "data:", "blob:"))]
    assert not one.errors


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways(visit, name):
    one = visit(name, width=PHONE)
    one.draw_all()
    assert one.page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_in_a_figure(visit, name):
    for width in (WIDE, PHONE):
        one = visit(name, width=width)
        one.draw_all()
        outside = one.page.evaluate(OUTSIDE)
        assert not outside, (width, outside)


OUTSIDE = """() => [...document.querySelectorAll('.plotly-figure')].flatMap((box) => {
  const frame = box.querySelector('.main-svg').getBoundingClientRect();
  return [...box.querySelectorAll('.main-svg text')].filter((text) => {
    const at = text.getBoundingClientRect();
    return at.width && (at.left < frame.left - 1 || at.right > frame.right + 1 || at.bottom > frame.bottom + 1);
  }).map((text) => text.textContent);
})"""


def test_maths_is_typeset_from_our_own_site(visit):
    page = visit("simple-case").page
    page.locator("mjx-container").first.wait_for()
    assert page.locator("mjx-container").count() > 5


def test_plotly_is_loaded_only_where_there_is_a_figure(visit):
    assert not [url for url in visit("references").requests if "plotly" in url]
    assert [url for url in visit("motivation").requests if "plotly" in url]


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
    one.page.wait_for_function("([node, place]) => node.getAttribute('transform') !== place", arg=[marker.element_handle(), place])
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
    page.locator(".plotly-figure").scroll_into_view_if_needed()
    page.locator(".plotly-figure[data-drawn]").wait_for()
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.dragmode") is False
    context.close()


def test_printing_draws_every_figure(visit):
    one = visit("simple-case-data")
    one.page.locator(".plotly-figure").first.wait_for()
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    count = figure_count("simple-case-data")
    one.page.wait_for_function(f"document.querySelectorAll('.plotly-figure[data-drawn]').length === {count}")


def test_without_javascript_the_text_alternative_stands(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/simple-case.html")
    assert "Scatter plot of 100 observations with OLS" in page.locator(".plotly-figure").first.inner_text()
    context.close()


def test_chromium_is_there_in_ci():
    assert CHROMIUM or not os.environ.get("CI"), "in CI the pages must be looked at, and no Chromium was found"
