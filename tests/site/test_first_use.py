"""Each page links to the dictionary where it first uses a term, and search finds terms."""

import re

import pytest

from _ext.first_use import pattern_for
from tools.book import NAMES, ROOT
from tools.browsing import WIDE

TERMS = re.findall(r"(?m)^(\w.*)\n  \*\*", (ROOT / "chapters" / "dictionary.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_first_use_of_a_term_is_a_link_and_the_others_are_not(found, name):
    pieces = found(name, WIDE, "light")["pieces"]
    targets = [href for _, kind, href in pieces if kind and "first-use" in kind]
    assert len(targets) >= 8
    assert len(set(targets)) == len(targets)
    seen = set()
    pattern = pattern_for(TERMS)
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
