"""The dictionary holds what the book uses, and every page links to it where it first uses a term."""

import re

import pytest

from _ext.first_use import pattern_for
from tools.book import CHAPTERS, NAMES, ROOT, prose
from tools.browsing import WIDE

TEXT = (ROOT / "chapters" / "dictionary.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"(?m)^(\w.*)\n  \*\*(.+?)\.\*\* (.+)$")
ENTRIES = {term: (statistics.split("; "), sentence) for term, statistics, sentence in ENTRY.findall(TEXT)}


def test_there_are_many_terms_and_each_differs_in_one_sentence():
    assert len(ENTRIES) == TEXT.count("\n  **") >= 50
    for term, (_, sentence) in ENTRIES.items():
        assert re.fullmatch(r"[^.]+(\d\.\d[^.]*)*\.", sentence), term
        assert 6 <= len(sentence.split()) <= 45, term


def test_terms_are_in_order():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)


def test_most_terms_are_met_in_the_chapters():
    text = " ".join(map(prose, CHAPTERS)).lower()
    unused = [term for term in ENTRIES if term.split(" (")[0].lower() not in text]
    assert len(unused) <= 15, unused


@pytest.mark.parametrize("name", NAMES)
def test_the_first_use_of_a_term_is_a_link_and_the_others_are_not(found, name):
    pieces = found(name, WIDE, "light")["pieces"]
    targets = [href for _, kind, href in pieces if kind and "first-use" in kind]
    assert len(targets) >= 8
    assert len(set(targets)) == len(targets)
    seen = set()
    pattern = pattern_for(ENTRIES)
    for text, kind, href in pieces:
        if kind is not None and "first-use" not in kind:
            continue
        for term in pattern.findall(text):
            place = "dictionary.html#term-" + re.sub(r"\W+", "-", term)
            assert (kind is not None) == (term.lower() not in seen), (term, text)
            assert kind is None or href.lower() == place.lower()
            seen.add(term.lower())


def test_search_finds_a_term(visit):
    page = visit("../search").page
    page.goto(page.url + "?q=weight+decay")
    page.locator("ul.search li a[href*='dictionary.html']").first.wait_for()
