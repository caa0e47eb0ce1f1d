"""The built site as a whole: it needs no other site, is light, can be found and searched, and has no broken links."""

import html
import json
import re
import struct
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree import ElementTree

import pytest
from myst_nb.core.render import MimeData

from _ext.plotly_figures import MIME, PlotlyFigure, figure_html, pictures
from page_limits import lean_is_missing, weight
from tools.book import NAMES, NOTEBOOKS, alternative_texts
from tools.browsing import PAGES, WIDE, Visit, build, copy_of_the_book, served
from tools.page_look import LOOKS

FIRST_VISIT = 1_100_000  # bytes, compressed with gzip
NEXT_PAGE = 250_000
EXTRA = ["../search", "../genindex", "../404"]


def test_the_book_builds_without_a_warning(site):
    assert all((site / "chapters" / f"{name}.html").exists() for name in PAGES)


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("name", EXTRA)
def test_search_index_and_missing_page_are_as_good_as_chapters(found, address, name, width, scheme):
    one = found(name, width, scheme)
    assert not [url for url in one["requests"] if not url.startswith((address, "data:", "blob:"))]
    assert not one["errors"]
    assert not one["axe"]


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_and_a_next_page_are_light(found, address, site, name):
    if lean_is_missing(site):
        pytest.skip("without npm the site has the full plotly.js")
    assert weight(site, address, found(name, WIDE, "light")["requests"]) <= FIRST_VISIT
    other = "simple-case-data" if name == "simple-case" else "simple-case"
    new = set(found(name, WIDE, "light")["requests"]) - set(found(other, WIDE, "light")["requests"])
    assert weight(site, address, new) <= NEXT_PAGE


def test_plotly_is_loaded_once_deferred_and_only_where_there_is_a_figure(visit):
    assert not [url for url in visit("references").requests if "plotly" in url]
    one = visit("motivation")
    assert len([url for url in one.requests if "plotly" in url]) == 1
    assert one.page.evaluate("document.querySelector('script[src*=plotly]').defer")


def test_the_site_works_under_a_sub_path(browser, site, tmp_path):
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(site)
    with served(tmp_path) as address:
        one = Visit(browser, f"{address}/some/where/chapters/motivation.html")
        assert one.draw_all() == 1
        assert not one.errors
        assert all(url.startswith((f"{address}/some/where/", "data:", "blob:")) for url in one.requests)
        one.context.close()


def test_the_site_works_from_a_folder(browser, site):
    one = Visit(browser, (site / "chapters" / "simple-case.html").as_uri())
    assert one.draw_all() == 5
    one.page.locator("mjx-container").first.wait_for()
    assert not one.errors
    one.context.close()


def test_without_npm_the_book_is_whole(browser, tmp_path, monkeypatch):
    book = copy_of_the_book(tmp_path, pages=["motivation", "references"])
    monkeypatch.setenv("PATH", "")
    site = build(tmp_path / "out", book, warnings=False)
    assert lean_is_missing(site)
    one = Visit(browser, (site / "chapters" / "motivation.html").as_uri())
    assert one.draw_all() == 1
    assert not one.errors
    one.context.close()


def test_without_chromium_a_figure_is_its_text_alternative(tmp_path, monkeypatch):
    figure = {"data": [], "layout": {"height": 100, "meta": {"alt": "what it shows"}}}

    def missing(jobs):
        raise pictures.ChromeNotFoundError

    monkeypatch.setattr(pictures.kaleido, "write_fig_from_object_sync", missing)
    pictures.draw_pictures([json.dumps(figure)], [], cache=tmp_path / "cache", static=tmp_path)
    assert not list(tmp_path.glob("*.svg"))
    assert "<noscript>what it shows</noscript>" in figure_html(figure)


@pytest.mark.parametrize("meta", [{"alt": "its own"}, {"alt": "its own", "narrow": {"height": 200}}, None])
def test_an_alternative_text_in_the_metadata_of_a_cell_comes_before_that_of_the_figure(meta):
    figure = {"data": [], "layout": {"height": 100} | ({"meta": meta} if meta else {})}

    def shown(metadata):
        node, = PlotlyFigure.handle_mime(None, MimeData(MIME, figure, metadata), inline=False)
        return re.findall('(?:aria-label|alt)="([^"]*)"', figure_html(json.loads(node["json"]), "picture.svg"))

    assert set(shown({"mystnb": {"image": {"alt": 'says "more"'}}})) == {"says &quot;more&quot;"}
    if meta:
        assert set(shown({"mystnb": {"figure": {"name": "fig-x"}}})) == {"its own"} == set(shown({}))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_pages_carry_the_alternative_texts_of_their_notebooks(site, path):
    page = (site / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
    labels = re.findall('<div class="plotly-figure" role="group" aria-label="([^"]*)"', page)
    pictures = re.findall('<noscript><img [^>]*alt="([^"]*)"', page)
    assert [html.unescape(label) for label in labels] == alternative_texts(path)
    assert labels == pictures or not pictures  # without Chromium there are none


META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')


@pytest.mark.parametrize("name", PAGES)
def test_a_shared_link_has_title_description_and_picture(site, name):
    meta = dict(META.findall((site / "chapters" / f"{name}.html").read_text(encoding="utf-8")))
    assert meta["og:title"] and meta["og:image:alt"]
    assert 40 <= len(html.unescape(meta["description"])) <= 320
    header = (site / "_static" / meta["og:image"].rpartition("/")[2]).read_bytes()[:24]
    assert struct.unpack(">II", header[16:24]) == (1200, 630)


def test_titles_and_descriptions_differ(site):
    texts = [(site / "chapters" / f"{name}.html").read_text(encoding="utf-8") for name in PAGES]
    for pattern in (r"<title>(.*?)</title>", r'<meta name="description" content="(.*?)"'):
        assert len({re.search(pattern, text, re.DOTALL)[1] for text in texts}) == len(PAGES)


def test_the_sitemap_lists_every_page(site):
    places = ElementTree.parse(site / "sitemap.xml").getroot().iterfind(".//{*}loc")
    listed = {place.text.rpartition("/")[2] for place in places}
    assert {f"{name}.html" for name in PAGES} <= listed


def test_a_missing_page_says_so_with_the_contents_beside_it(browser, address):
    one = Visit(browser, f"{address}/no/such/page.html")
    assert "Page not found" in one.page.locator("article h1").inner_text()
    assert all("no/such/page" in error or "404" in error for error in one.errors)
    one.page.get_by_role("link", name="1. Motivation").first.click()
    assert one.page.locator("article h1").inner_text().startswith("1. Motivation")
    one.context.close()


@pytest.fixture(scope="module")
def links(found, address):
    """A dict from each page of the book to its ids and the addresses that it links to."""
    looked = {urljoin(f"{address}/chapters/", f"{name}.html"): found(name, WIDE, "light") for name in [*PAGES, *EXTRA]}
    return {url: (set(one["ids"]), one["targets"]) for url, one in looked.items()}


def test_no_internal_link_dangles(links, address, site):
    for page, (_, targets) in links.items():
        for target in targets:
            url, fragment = urldefrag(target)
            if not url.startswith(address):
                continue
            assert url in links or (site / url.removeprefix(f"{address}/")).is_file(), (page, target)
            assert not fragment or url not in links or unquote(fragment) in links[url][0] | {""}, (page, target)


@pytest.mark.parametrize("name", PAGES)
def test_every_heading_can_be_linked(found, name):
    assert not found(name, WIDE, "light")["headings"]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_leads_on_and_back_and_lists_its_sections(found, name):
    one = found(name, WIDE, "light")
    assert one["ways"] == [1, 1]
    in_text, in_contents = one["sections"]
    assert in_text == in_contents > 0


def test_search_finds_sections(visit):
    page = visit("../search").page
    page.goto(page.url + "?q=vanishing+gradients")
    hit = page.locator("ul.search li a", has_text="Vanishing gradients").first
    hit.wait_for()
    hit.click()
    page.wait_for_url("**/activations.html*#vanishing-gradients")
