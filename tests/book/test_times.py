"""What chapters and exercises say of their running time is what `make times` has measured."""

import json
import re

import pytest

from tools.book import CHAPTERS, EXERCISES, NAMES, NOTEBOOKS, ROOT, cells, prose, reading_minutes

TIMES = json.loads((ROOT / "tools" / "measure" / "times.json").read_text(encoding="utf-8"))["times"]
WORDS = [
    (10, "a few seconds"), (20, "some ten seconds"), (45, "half a minute"), (90, "a minute"), (180, "two minutes"),
    (300, "three minutes"),
]
NEAR = 1.25  # a chapter near the border between two wordings may use either
SAID = re.compile(r"\*Trains [^*;]+; (?:(under a second)|about (\d+) seconds)\.\*")


def in_words(seconds):
    """Return how a running time is put into words."""
    return next(words for most, words in WORDS if seconds <= most)


def test_every_notebook_was_measured():
    assert TIMES.keys() == {path.stem for path in NOTEBOOKS}
    for path in NOTEBOOKS:
        assert TIMES[path.stem].keys() >= {"notebook", *(cell.id for cell in cells(path, "code"))}


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_chapter_says_how_long_it_runs(path):
    said = re.search(r"minutes to read, (.+) to run", prose(path))[1].removeprefix("about ")
    measured = TIMES[path.stem]["notebook"]
    assert said in {in_words(measured / NEAR), in_words(measured), in_words(measured * NEAR)}


@pytest.mark.parametrize("path", EXERCISES, ids=[path.stem for path in EXERCISES])
def test_an_exercise_says_how_long_its_solution_runs(path):
    for number, (short, seconds) in enumerate(SAID.findall(prose(path)), 1):
        measured = TIMES[path.stem][f"ex{number}-solution"]
        assert measured < 1.2 if short else measured / 2 - 1 <= int(seconds) <= 2 * measured + 1, (number, measured)


def test_the_landing_page_says_the_same():
    text = (ROOT / "chapters" / "index.md").read_text(encoding="utf-8")
    minutes = sorted(round(reading_minutes(path)) for path in CHAPTERS)
    assert f"Each chapter takes {minutes[0]} to {minutes[-1]} minutes to read" in text
    longest = max(NAMES, key=lambda name: TIMES[name]["notebook"])
    assert f"({longest}.ipynb) takes about {in_words(TIMES[longest]['notebook'])}." in text
    assert sum(TIMES[name]["notebook"] <= 90 for name in NAMES) > len(NAMES) / 2  # "most"
