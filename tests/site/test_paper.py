"""The book without JavaScript, printed, and as one PDF."""

import functools
import io
import re

import nbformat
import pytest
from pypdf import PdfReader

from tools.book import CHAPTERS, NAMES, figure_count, figures
from tools.browsing import PAGES, Visit
from tools.pdf import page_numbers, print_book


def words(*pages):
    """Return the text of some pages of a PDF in one line."""
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("name", NAMES)
def test_without_javascript_every_figure_is_a_picture_and_maths_is_readable(browser, address, name):
    one = Visit(browser, f"{address}/chapters/{name}.html", java_script_enabled=False)
    pictures = one.page.locator(".plotly-figure img")
    assert pictures.count() == figure_count(name, stills=True)
    for picture in pictures.all():
        assert picture.get_attribute("alt")
        assert picture.bounding_box()["height"] > 100
    shown = ":not(details *, .predict-says *)"  # neither folded nor, like what is said to an answer, for scripts only
    formulas = one.page.locator(f".math.nohighlight{shown}")
    assert sum(formula.is_visible() for formula in one.page.locator(f"math{shown}").all()) == formulas.count()
    assert not any(formula.is_visible() for formula in formulas.all())
    assert not any(control.is_visible() for control in one.page.locator(".plotly-slider :is(input, button)").all())
    assert one.page.locator("figcaption").first.is_visible()
    assert not one.errors
    one.context.close()


def test_an_unknown_formula_is_a_warning_and_not_a_hole(caplog):
    from _ext.maths import mathml

    assert mathml(r"\unheardof{x}", "page", block=False) == ""
    assert "has no MathML" in caplog.text
    assert "<mfrac>" in mathml(r"\frac{a}{b}", "page", block=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_printed_chapter_has_its_figures_dark_on_white(visit, scheme):
    one = visit("simple-case-data", scheme=scheme)
    one.settle()
    printed = words(*PdfReader(io.BytesIO(one.page.pdf(format="A4", print_background=True))).pages)
    assert one.page.locator(".plotly-figure[data-drawn]").count() == figure_count("simple-case-data")
    for caption in one.page.locator(".caption-number").all_text_contents():
        assert caption.strip() in printed
    ticks = one.page.locator(".js-plotly-plot :is(.xtick, .ytick) text").all_text_contents()
    below_zero = {tick for tick in ticks if tick.startswith("−")}  # with a proper minus sign, which the text does not use
    assert below_zero and all(tick in printed for tick in below_zero)
    one.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=scheme)


def test_what_is_printed_from_a_dark_page_is_what_is_printed_from_a_light_one(visit):
    def picture(scheme):
        one = visit("motivation", scheme=scheme)
        one.settle()
        one.draw_all()
        one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        one.page.wait_for_timeout(500)
        return one.page.locator(".plotly-figure").screenshot()

    assert picture("light") == picture("dark")


@pytest.fixture(scope="module")
def pdf(site, browser):
    """The whole book as one PDF, opened once."""
    return PdfReader(io.BytesIO(print_book(browser, site, [site / "chapters" / f"{name}.html" for name in PAGES])))


def names_of_figures(path):
    """Return the names of a chapter's figures in their order: those that cells draw, and images."""
    names = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            names += re.findall(r"```\{figure\} [^`]*?:name: (\S+)", cell.source)
        elif figures(cell):
            names.append(cell.metadata["mystnb"]["figure"]["name"])
    return names


def test_the_pdf_holds_every_chapter_and_figure(pdf):
    places, text_of = page_numbers(pdf), functools.cache(lambda page: words(pdf.pages[page - 1]))  # reading a page takes seconds
    for number, path in enumerate(CHAPTERS, 1):
        for index, name in enumerate(names_of_figures(path), 1):
            assert f"Fig. {number}.{index} " in text_of(places[f"{path.stem}--{name}"])
    assert "Vanishing gradients" in text_of(places["activations--vanishing-gradients"])


def test_the_pdf_has_contents_and_links_that_lead_into_it(pdf):
    notes = [note.get_object() for page in pdf.pages for note in page.get("/Annots", [])]
    inside = [note for note in notes if "/Dest" in note]
    outside = [note["/A"]["/URI"] for note in notes if "/A" in note]
    assert len(inside) > 200
    assert all(address.startswith("https://") for address in outside)
    number = re.search(r"2\. Simple case: one X, one Y\s*(\d+)", pdf.pages[0].extract_text())[1]
    assert "2. Simple case: one X, one Y" in pdf.pages[int(number) - 1].extract_text()
    assert pdf.outline
