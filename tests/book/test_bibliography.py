"""Every bibliography entry is cited and has a DOI or a stable link."""

import re

import pytest
from pybtex.database import parse_file

from tools.book import ROOT

ENTRIES = parse_file(ROOT / "chapters" / "references.bib").entries
TEXT = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "chapters").glob("*.*") if path.suffix in (".md", ".ipynb"))
CITED = {key for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", TEXT) for key in keys.split(",")}


def test_what_is_cited_is_listed_and_what_is_listed_is_cited():
    assert set(ENTRIES) == CITED


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_can_be_found(key):
    fields = ENTRIES[key].fields
    assert re.fullmatch(r"10\.\d{4,}/\S+", fields.get("doi", "")) or fields.get("url", "").startswith("https://")
