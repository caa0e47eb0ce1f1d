"""Fixtures for the tests of the pages: the built book, its address and a browser."""

import functools
import os
from pathlib import Path

import pytest
import torch
from filelock import FileLock

from page_limits import inline_scripts, policy
from tools import page_look
from tools.browsing import Visit, build, chromium, mounted, served
from tools.chromium import CHROMIUM


def pytest_collectstart():
    """Let models that a module makes when it is imported start from the same parameters in every run."""
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def same_draws():
    """Let models that a test makes start from the same parameters in every run."""
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The folder of the freshly built pages. Of several processes, the first builds them, and the others wait."""
    if worker_id == "master":  # there is only one
        return build(tmp_path_factory.mktemp("book"))
    common = tmp_path_factory.getbasetemp().parent
    built = common / "built.txt"
    with FileLock(common / "built.lock"):
        if not built.exists():
            built.write_text(str(build(common / "book")))
    return Path(built.read_text())


@pytest.fixture(scope="session")
def address(site):
    """The address at which the book is served on this machine."""
    with served(site, mounted(site)) as address:
        yield address


@pytest.fixture
def strict(site):
    """The address of the site, served under a policy that allows each page its own inline scripts."""
    class Strict(mounted(site)):
        def end_headers(self):
            path = Path(self.translate_path(self.path))
            if path.suffix == ".html" and path.exists():
                self.send_header("Content-Security-Policy", policy(inline_scripts(path.read_text(encoding="utf-8"))))
            super().end_headers()

    with served(site, Strict) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Chromium. Without it the page tests are skipped, or fail in CI."""
    if CHROMIUM is None and not os.environ.get("NOTHING_SKIPPED"):
        pytest.skip("Chromium not found, so pages cannot be tested")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def found(browser, address):
    """All measures of a page at one width in one colour scheme; each page is opened only once."""
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


@pytest.fixture
def at_part(browser, address):
    """Open a page, uncovered, at one of its live parts; all are closed, and must have had no error, after the test."""
    visits = []

    def open_part(name, part, place=address, **how):
        one = Visit(browser, f"{place}/chapters/{name}.html", **how)
        visits.append(one)
        one.uncover()
        one.box = one.page.locator(f".live[data-live={part}]")
        one.box.evaluate("node => node.scrollIntoView({block: 'center'})")
        one.page.wait_for_selector(f".live[data-live={part}][data-mounted]")
        return one

    yield open_part
    for one in visits:
        one.context.close()
        assert not one.errors
