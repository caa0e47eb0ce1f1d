"""Every erratum names its slide, gives the correct statement, and links to the cell that shows it; all numbers are computed."""

import re

import pytest

from helpers import NUMBER, SETTING
from tools.book import NOTEBOOKS, ROOT, cells, printed
from tools.tolerance import value

TEXT = (ROOT / "chapters" / "errata.md").read_text(encoding="utf-8")
SLIDES = (ROOT / "chapters" / "slides.md").read_text(encoding="utf-8").split("## From section to slide")[0]
SECTIONS = re.split(r"(?m)^## ", TEXT)[1:]
POINTS = SECTIONS[:-2]  # the last two sections are on minor points, and on how to report others
CELL = re.compile(r"\(cell-([\w-]+)\)")


@pytest.mark.parametrize("point", POINTS, ids=[point.splitlines()[0] for point in POINTS])
def test_a_point_names_its_slide_and_shows_a_cell(point):
    named = re.search(r"\*\*Slides?\.\*\*(.+)", point)[1]
    slides = re.findall(r"\*([^*]+)\*", named)
    assert slides and all(f"| {slide} |" in SLIDES for slide in slides), slides
    assert "**What holds.**" in point
    assert CELL.search(point.split("**Shown**")[1])


def test_every_cell_that_is_named_is_there():
    known = {f"{path.stem}-{cell.id}" for path in NOTEBOOKS for cell in cells(path, "code")}
    assert set(CELL.findall(TEXT)) <= known


def test_every_decimal_is_the_output_or_the_setting_of_a_named_cell():
    named = set(CELL.findall(TEXT))
    code = [cell for path in NOTEBOOKS for cell in cells(path, "code") if f"{path.stem}-{cell.id}" in named]
    shown = [number for cell in code for number in NUMBER.findall(printed(cell)) + SETTING.findall(cell.source)]
    known = [value(number.replace(" ", "")) for number in shown]
    for number in NUMBER.findall(TEXT):
        half = 0.5001 * 10.0 ** -len(number.partition(".")[2])
        asked = value(number.replace(" ", ""))
        assert any(abs(abs(asked) - abs(other)) <= half for other in known), number
