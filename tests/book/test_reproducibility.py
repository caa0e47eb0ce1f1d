"""The page on other machines says what was measured, and what was measured is within the book's tolerances."""

import json
import re

import pytest

from tools.book import NOTEBOOKS, ROOT
from tools.tolerance import ALLOWED

RESULTS = json.loads((ROOT / "tools" / "measure" / "machines.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "chapters" / "reproducibility.md").read_text(encoding="utf-8")


def row(name):
    """Return the row of the page's table for a setting."""
    one = RESULTS[name]
    return f"| {name} | {one['tests']} | {one['notebooks']} | {one['decimals']:.0f} | {one['figures']:.3f} | {one['surfaces']:.0f} |"


def test_the_table_is_what_was_measured():
    rows = re.findall(r"(?m)^\| (?!Tried on|---).*\|$", PAGE)
    assert rows == [row(name) for name in RESULTS]


@pytest.mark.parametrize("name", RESULTS)
def test_everywhere_all_tests_passed_and_all_outputs_were_close_enough(name):
    one = RESULTS[name]
    assert re.fullmatch(r"\d+ passed(, \d+ skipped)?(, \d+ warnings?)?", one["tests"])
    assert one["notebooks"] == f"{len(NOTEBOOKS)} of {len(NOTEBOOKS)}" and not one["other"]
    assert all(one[kind] <= most for kind, most in ALLOWED.items())
