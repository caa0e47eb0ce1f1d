"""The addresses of the repository and of the published site follow from what the book is built from."""

import pytest

from book import ROOT  # noqa: F401  (puts _ext on the path)
from site_address import on_github, origin_of, pages_address, repository_of

BOOK = "https://github.com/Some-One/the.book"


@pytest.mark.parametrize("origin", [
    f"{BOOK}.git", "git@github.com:Some-One/the.book.git", f"{BOOK}/", "ssh://git@github.com/Some-One/the.book",
])
def test_a_repository_on_github_is_known_by_its_address(origin):
    assert on_github(origin) == BOOK
    assert pages_address(BOOK) == "https://some-one.github.io/the.book/"


@pytest.mark.parametrize("origin", ["", "https://example.org/book.git", "/srv/book"])
def test_any_other_has_no_address(origin):
    assert on_github(origin) == pages_address("") == ""


def test_a_folder_without_a_repository_has_no_origin(tmp_path):
    assert origin_of(str(tmp_path)) == repository_of(str(tmp_path)) == ""


def test_the_setting_goes_before_the_origin(tmp_path):
    assert repository_of(str(tmp_path), BOOK) == BOOK
