"""The address of the published site follows from the repository that it is built from."""

import pytest
from book import ROOT  # noqa: F401  (puts _ext on the path)
from site_address import origin_of, pages_address


@pytest.mark.parametrize("origin", [
    "https://github.com/Some-One/the.book.git", "git@github.com:Some-One/the.book.git",
    "https://github.com/Some-One/the.book/", "ssh://git@github.com/Some-One/the.book",
])
def test_a_repository_on_github_has_its_pages_there(origin):
    assert pages_address(origin) == "https://some-one.github.io/the.book/"


@pytest.mark.parametrize("origin", ["", "https://example.org/book.git", "/srv/book"])
def test_any_other_has_none(origin):
    assert not pages_address(origin)


def test_a_folder_without_a_repository_has_no_origin(tmp_path):
    assert origin_of(str(tmp_path)) == ""
