"""The dictionary explains the terms that the chapters use, each in one sentence."""

import re

from tools.book import CHAPTERS, ROOT, prose

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
