"""The stored notebooks are executed, clean, small and described, and their prose gives the numbers of their outputs."""

import re

import nbformat
import pytest

from helpers import NUMBER, SETTING
from tools.book import CHAPTERS, FIGURE, NAMES, NOTEBOOKS, ROOT, alternative_texts, cells, figures, printed, prose, word_count
from tools.lecture_figures import DIAGRAMS
from tools.tolerance import value

every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def test_every_notebook_is_in_the_table_of_contents():
    assert set(NOTEBOOKS) == set((ROOT / "chapters").glob("*.ipynb"))


@every_notebook
def test_every_code_cell_was_executed_in_order(path):
    counts = [cell.execution_count for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_every_code_cell_but_imports_and_definitions_shows_something(path):
    silent = [cell.id for cell in cells(path, "code") if not cell.outputs]
    assert set(silent) <= {"setup"}


@every_notebook
def test_no_cell_stored_an_error_or_a_warning(path):
    outputs = [output for cell in cells(path, "code") for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]


@every_notebook
def test_every_figure_has_a_caption_and_a_reference(path):
    text = "".join(prose(other) for other in NOTEBOOKS)
    for cell in cells(path, "code"):
        if figures(cell):
            options = cell.metadata["mystnb"]["figure"]
            assert len(options["caption"].split()) >= 8
            assert f"{{numref}}`{options['name']}`" in text


@every_notebook
def test_a_text_alternative_says_what_the_figure_shows(path):
    alternatives = alternative_texts(path)
    own = [figure["layout"]["meta"]["alt"] for cell in cells(path, "code") for figure in figures(cell)]
    for alt in alternatives + own:
        assert len(alt.split()) >= 8, alt
        assert not alt.lower().startswith(("a figure", "figure", "image", "picture", "a plot of")), alt
    assert len(set(alternatives)) == len(alternatives)


@every_notebook
def test_every_figure_is_the_output_of_its_cell_alone(path):
    for cell in cells(path, "code"):
        if figures(cell):
            assert [FIGURE in output.get("data", {}) for output in cell.outputs] == [True]


@every_notebook
def test_no_notebook_is_over_a_megabyte(path):
    assert path.stat().st_size < 1_000_000


@every_notebook
def test_cells_are_short_and_narrow_enough_to_read(path):
    for cell in cells(path, "code"):
        lines = cell.source.splitlines()
        assert len(lines) <= 15, cell.id
        assert max(map(len, lines)) <= 76, cell.id


@every_chapter
def test_chapter_has_the_length_of_one_sitting(path):
    assert 600 <= word_count(path) <= 1800


@every_chapter
def test_chapter_announces_asks_and_sums_up(path):
    assert "**After this chapter you can**" in cells(path, "markdown")[0].source
    assert "**Predict first.**" in prose(path)
    last = cells(path, "markdown")[-1].source
    assert "## What you learned" in last
    assert f"({path.stem}-exercises.ipynb)" in last


@every_chapter
def test_chapter_ends_with_a_check_of_what_it_promised(path):
    questions = re.findall(r":{4}\{dropdown\} \d+\. .+\?\n(.+)\n:{4}", prose(path))
    assert len(questions) >= 3
    assert "## Check yourself" in prose(path) or "## Comprehension check" in prose(path)


@every_chapter
def test_every_decimal_in_the_prose_was_computed_in_the_chapter(path):
    code = cells(path, "code")
    chosen = [number for cell in code for number in SETTING.findall(cell.source)]
    shown = [number for cell in code for number in NUMBER.findall(printed(cell))]
    known = [value(number.replace(" ", "")) for number in chosen + shown]
    captions = [cell.metadata["mystnb"]["figure"]["caption"] for cell in code if figures(cell)]
    for number in NUMBER.findall("\n".join([prose(path), *captions])):
        half = 0.5001 * 10.0 ** -len(number.partition(".")[2])
        asked = value(number.replace(" ", ""))
        assert any(abs(asked - other) <= half for other in known), number


@every_notebook
def test_no_cell_prints_long_numbers(path):
    for cell in cells(path, "code"):
        assert not re.findall(r"\d\.\d{7,}", printed(cell)), cell.id


def test_lecture_figures_are_tagged_once_each():
    tags = [tag for path in NOTEBOOKS for cell in cells(path, "code") for tag in cell.metadata.get("tags", [])]
    lecture = sorted(tag for tag in tags if tag.startswith("lecture-"))
    figures_of_slides = ["lecture-sigmoid", *(f"lecture-figure{i}" for i in range(1, 16))]
    assert lecture == sorted([*figures_of_slides, *(f"lecture-{name}" for name in DIAGRAMS)])
