"""The files that `make figures` writes work in the lecture's slides: every frame draws its figure, offline, in both themes."""

import re

import pytest

from tools import lecture_figures
from tools.browsing import Visit

PAGES = [*(f"figure{number}" for number in range(1, 16)), "sigmoid"]
BUDGET = 6_000_000  # bytes; the published figures take 59 million
FRAME = '<iframe width="100%" height="500px" frameborder="0" scrolling="no" src="figures/{}.html{}"></iframe>'
READING = """() => ({
  shapes: document.querySelectorAll('.main-svg .trace, .main-svg .hm').length,
  height: document.querySelector('.plotly-figure').scrollHeight,
  room: innerHeight,
  theme: document.documentElement.dataset.theme,
  ink: getComputedStyle(document.querySelector('.main-svg :is(.xtick, .ytick) text')).fill,
  paper: getComputedStyle(document.documentElement).backgroundColor,
})"""


@pytest.fixture(scope="module")
def deck(browser, tmp_path_factory):
    """A folder with pages of slides, next to the folder of figures."""
    folder = tmp_path_factory.mktemp("deck")
    lecture_figures.main(folder / "figures")
    for theme in ("", "?theme=auto"):
        frames = "".join(FRAME.format(name, theme) for name in PAGES)
        pictures = "".join(f'<img src="figures/{name}.{kind}">' for name in lecture_figures.DIAGRAMS for kind in ("svg", "png"))
        (folder / f"slides{theme[7:]}.html").write_text(f"<!DOCTYPE html><body>{frames}{pictures}</body>", encoding="utf-8")
    return folder


@pytest.mark.parametrize("slides, scheme, theme", [
    ("slides", "dark", "light"), ("slidesauto", "dark", "dark"),
])
def test_every_frame_of_a_deck_draws_its_figure(browser, deck, slides, scheme, theme):
    one = Visit(browser, (deck / f"{slides}.html").as_uri(), scheme=scheme)
    drawn = []
    for frame in one.page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
        inside = frame.element_handle().content_frame()
        inside.wait_for_selector(".plotly-figure[data-drawn]")
        drawn.append(inside.evaluate(READING))
    assert len(drawn) == 16 and all(found["shapes"] for found in drawn)
    assert all(found["height"] <= found["room"] == 500 for found in drawn)
    assert {found["theme"] for found in drawn} == {theme}
    assert all(brightness(found["ink"]) < 80 < 240 < brightness(found["paper"]) for found in drawn) or theme == "dark"
    assert all(brightness(found["paper"]) < 40 < 190 < brightness(found["ink"]) for found in drawn) or theme == "light"
    widths = one.page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert widths == [720, 1440] * 5
    assert not one.errors
    assert all(url.startswith("file:") for url in one.requests)
    one.context.close()


def brightness(colour):
    """Return the mean of red, green and blue, 0 to 255, of a CSS colour."""
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def test_the_figures_have_the_names_that_the_slides_embed(deck):
    embedded = [f"{name}.html" for name in PAGES] + [f"{name}.{kind}" for name in lecture_figures.DIAGRAMS for kind in ("svg", "png")]
    assert set(embedded) <= {path.name for path in (deck / "figures").iterdir()}


def test_all_figures_share_one_plotly_and_are_light_together(deck):
    files = list((deck / "figures").iterdir())
    plotly = [path for path in files if path.name.startswith("plotly")]
    assert len(plotly) == 1
    if plotly[0].stat().st_size < 3_000_000:  # otherwise, without npm, it is the full bundle
        assert sum(path.stat().st_size for path in files) < BUDGET
    for name in PAGES:
        assert plotly[0].name in (deck / "figures" / f"{name}.html").read_text(encoding="utf-8")


def test_what_else_is_in_the_folder_is_left_alone(tmp_path, deck):
    (tmp_path / "mine.png").write_text("mine")
    lecture_figures.write_pages(lecture_figures.lecture_figures(), tmp_path)
    assert (tmp_path / "mine.png").read_text(encoding="utf-8") == "mine"


def test_a_diagram_shows_all_its_texts(deck):
    drawn = (deck / "figures" / "backprop.svg").read_text(encoding="utf-8")
    figure, _ = lecture_figures.lecture_figures()["backprop"]
    texts = [part for trace in figure["data"] for text in trace.get("text", []) for part in text.split("<br>")]
    assert {"w₁", "forward", "back to ŷ"} <= set(texts)
    assert not [text for text in texts if text not in drawn]
