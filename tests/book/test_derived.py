"""Tables and times that the build derives are complete."""

import json
import subprocess

import pytest

from _ext import derived
from helpers import need
from tools.book import CHAPTERS, NAMES, NOTEBOOKS, ROOT, cells
from tools.tolerance import ALLOWED

MEASURES = ROOT / "tools" / "measure"


def test_the_contents_name_every_chapter():
    rows = "\n".join(derived.chapters(ROOT))
    assert all(f"| [](/chapters/{path.name}) | " in rows for path in CHAPTERS)


def test_every_slide_of_the_first_table_is_in_the_second():
    forward = (ROOT / "chapters" / "slides.md").read_text(encoding="utf-8").split("## From section to slide")[0]
    slides = [line.split(" | ")[0].removeprefix("| ") for line in forward.splitlines() if "](" in line and line.startswith("| ")]
    shown = [slide for row in derived.sections(ROOT)[2:] for slide in row.split(" | ")[2].removesuffix(" |").split("; ")]
    assert sorted(shown) == sorted(slides) and slides


def test_every_twin_of_a_term_is_a_row_of_its_own_in_order():
    rows = [row.split(" | ")[0].removeprefix("| ") for row in derived.from_statistics(ROOT)[2:]]
    assert len(rows) > 50 and rows == sorted(rows, key=str.lower) and len(set(rows)) == len(rows)


@pytest.mark.parametrize("seconds, words", [(3, "a few seconds"), (60, "a minute"), (200, "3 minutes")])
def test_times_are_said_in_round_numbers(seconds, words):
    assert derived.in_words(seconds) == words


def test_everything_whose_time_the_pages_say_was_measured():
    times = json.loads((MEASURES / "times.json").read_text(encoding="utf-8"))["times"]
    assert times.keys() == {path.stem for path in NOTEBOOKS}
    for path in NOTEBOOKS:
        solutions = {cell.id for cell in cells(path, "code") if cell.id.endswith("-solution")}
        assert times[path.stem].keys() >= {"notebook", *solutions}, path.stem


def test_other_machines_gave_the_same_within_the_tolerances():
    for name, one in json.loads((MEASURES / "machines.json").read_text(encoding="utf-8")).items():
        assert "failed" not in one["tests"] and not one["other"], name
        assert all(one[kind] <= most for kind, most in ALLOWED.items()), name


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_takes_between_a_few_minutes_and_half_an_hour_to_read(name):
    path, = (path for path in CHAPTERS if path.stem == name)
    assert 3 <= derived.reading_minutes(path) <= 30


def test_every_chapter_has_a_summary_of_its_own():
    rows = derived.chapters(ROOT)[2:]
    said = [row.split(" | ")[1] for row in rows]
    assert len(set(said)) == len(said) >= len(CHAPTERS)


def test_a_second_build_starts_from_nothing(tmp_path):
    need(["make"], "its steps are not looked at")
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    steps = subprocess.run(["make", "-n", "-o", ".venv/reader", "book"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert steps.index("rm -rf _build/html _build/.doctrees") < steps.index("jupyter-book build")
