"""Shared by all tests: the built book, its address and a browser; and which tests one process runs together.

Two processes share the work (pytest-xdist). The cells of a notebook stay together and in order, as nbval needs it; so do
the tests of the site, which share one build and what was found on its pages. The longest group begins.
"""

import functools
import json
import os
from pathlib import Path

import pytest

from tools import page_look
from tools.book import ROOT
from tools.browsing import Visit, build, chromium, mounted, served
from tools.chromium import CHROMIUM

TIMES = json.loads((ROOT / "tools" / "measure" / "times.json").read_text(encoding="utf-8"))["times"]


def group_of(item):
    """Return the group of a test, and about how many seconds that takes; None for a test that may run anywhere."""
    path = Path(item.path)
    if path.suffix == ".ipynb":
        return path.stem, TIMES.get(path.stem, {}).get("notebook", 60)
    return ("site", 10_000) if path.parent.name == "site" else (None, 0)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items):
    """Mark the groups, and put the longest first; the order within a group stays."""
    groups = {item: group_of(item) for item in items}
    for item, (name, _) in groups.items():
        if name:
            item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: (-groups[item][1], groups[item][0] or ""))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the pages, built anew."""
    return build(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def address(site):
    """The address at which the book is served on this machine."""
    with served(site, mounted(site)) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Chromium; without one the page tests are skipped, but not in CI."""
    if CHROMIUM is None and not os.environ.get("NOTHING_SKIPPED"):
        pytest.skip("no Chromium found: the pages are not looked at")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def found(browser, address):
    """What is found on a page of the book at one width in one colour scheme; each is looked at once."""
    return functools.cache(lambda name, width, scheme: page_look.look(browser, f"{address}/chapters/{name}.html", width, scheme))


@pytest.fixture
def visit(browser, address):
    """Open pages of the book by name; all are closed after the test."""
    visits = []

    def open_page(name, **how):
        visits.append(Visit(browser, f"{address}/chapters/{name}.html", **how))
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
