"""Writes the whole book as one PDF: joins the built pages and prints them with Chromium.

It prints twice: the first time to learn the page number of each heading, the second time with these numbers in the table of
contents.
"""

import io
import re
import sys
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from tools.chromium import CHROMIUM
from tools.execute import ROOT, files

ADDRESS = "http://book.invalid/"  # a made-up name: requests to it are answered from the folder of the site
NEEDED = "figures.js", "maths.js"  # pages without figures, or without formulas, load only what they use
PATIENCE = 300_000  # ms that the figures of the whole book may take to draw
FOOTER = '<div style="width: 100%; text-align: center; font: 8pt sans-serif"><span class="pageNumber"></span></div>'
PAPER = {
    "format": "A4",
    "scale": 0.85,
    "margin": {"top": "16mm", "bottom": "18mm", "left": "18mm", "right": "18mm"},
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": FOOTER,
    "outline": True,
    "tagged": True,
}
DRAFT = {**PAPER, "outline": False, "tagged": False}  # only to learn the page numbers, and faster
UNSEEN = "body * { visibility: hidden !important; }"  # in the draft: everything has its place, and nothing is painted
STYLE = """<style>
  /* The theme prints a page's sections instead of its title. */
  #jb-print-docs-body { display: none !important; }
  .bd-article h1 { display: block !important; }
  .bd-article > .chapter { break-before: page; }
  #contents ul { list-style: none; padding: 0; }
  #contents li { display: flex; justify-content: space-between; margin: 0; line-height: 1.4; }
  #contents .chapter-entry { font-weight: 600; margin-top: 0.5rem; }
  #contents .section-entry { padding-left: 1.2rem; font-size: 0.9rem; }
  #contents a { text-decoration: none; color: inherit; }
</style>"""

# Fills the table of contents with chapters and their sections, except those of the landing page.
CONTENTS = """() => {
  const entry = (heading) => {
    const title = heading.cloneNode(true);
    title.querySelectorAll('a').forEach((link) => link.remove());
    const kind = heading.localName === 'h1' ? 'chapter-entry' : 'section-entry';
    const id = heading.parentElement.id;
    return `<li class="${kind}"><a href="#${id}">${title.innerHTML}</a><span data-page="${id}"></span></li>`;
  };
  const headings = [...document.querySelectorAll('.chapter:not(#index) section > :is(h1, h2)')];
  document.querySelector('#contents ul').innerHTML = headings.map(entry).join('');
}"""
NUMBERS = """(numbers) => document.querySelectorAll('[data-page]').forEach((place) => {
  place.textContent = numbers[place.dataset.page] ?? '';
})"""


def whole_book(chapters):
    """Return one page with the articles of all built pages in `chapters`, and an empty table of contents."""
    pages = [path.read_text(encoding="utf-8") for path in chapters]
    frame = max(pages, key=lambda page: sum(script in page for script in NEEDED))
    opening, _, closing = cut(frame)
    names = {path.stem for path in chapters}
    articles = [article(path, names) for path in chapters]
    contents = '<div id="contents"><h1>Demystifying Deep Learning</h1><h2>Contents</h2><ul></ul></div>'
    return opening + STYLE + contents + "".join(articles) + closing


def cut(page):
    """Split a page into what comes before its article, the article, and what comes after."""
    opening, _, rest = page.partition('<article class="bd-article">')
    inside, _, closing = rest.rpartition("</article>")
    return opening + '<article class="bd-article">', inside, "</article>" + closing


def article(path, names):
    """Return the article of a page, with the page's name in its ids and links, as in `recap--summary`."""
    name = path.stem
    inside = cut(path.read_text(encoding="utf-8"))[1]
    inside = re.sub(r'\b(id|for)="([^"]+)"', rf'\1="{name}--\2"', inside)
    inside = re.sub(r'\bhref="#([^"]+)"', rf'href="#{name}--\1"', inside)
    inside = re.sub(rf'\bhref="({"|".join(names)})\.html#([^"]+)"', r'href="#\1--\2"', inside)
    inside = re.sub(rf'\bhref="({"|".join(names)})\.html"', r'href="#\1"', inside)
    return f'<div class="chapter" id="{name}">{inside}</div>'


def print_book(browser, site, chapters):
    """Print the pages `chapters` of the folder `site` with all figures drawn; return the PDF as bytes."""
    book = whole_book(chapters)

    def answer(route):
        path = site / route.request.url.removeprefix(ADDRESS).partition("?")[0]
        route.fulfill(body=book, content_type="text/html") if path.name == "book.html" else route.fulfill(path=path)

    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}chapters/book.html")
    page.wait_for_function("window.MathJax?.startup?.promise")
    page.evaluate("() => window.MathJax.startup.promise")
    page.evaluate(CONTENTS)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("document.querySelectorAll('.plotly-figure:not([data-drawn])').length === 0", timeout=PATIENCE)
    unseen = page.add_style_tag(content=UNSEEN)
    numbers = page_numbers(PdfReader(io.BytesIO(page.pdf(**DRAFT))))
    unseen.evaluate("style => style.remove()")
    page.evaluate(NUMBERS, numbers)
    printed = page.pdf(**PAPER)
    page.close()
    return printed


def page_numbers(reader):
    """Return a dict from each link target in a printed book to its page number."""
    places = reader.named_destinations.items()
    return {name.removeprefix("/"): reader.get_destination_page_number(place) + 1 for name, place in places}


def main(built=ROOT / "_build"):
    """Write the PDF of the site in the folder `built`, next to the site, and print its path."""
    if CHROMIUM is None:
        sys.exit("make pdf needs Chromium on the PATH, for instance from: apt-get install chromium")
    site = Path(built) / "html"
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        printed = print_book(browser, site, [site / f"{name}.html" for name in files(toc)])
    pdf_file = Path(built) / "demystifying-deep-learning.pdf"
    pdf_file.write_bytes(printed)
    print(f"The book is in {pdf_file}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
