"""The addresses of the repository and the published site follow from the settings and the clone."""

import re

import nbformat
import pytest

from _ext.site_address import buttons, on_github, origin_of, pages_address, repository_of
from tools.book import NOTEBOOKS
from tools.launch import ID, launch_cell

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


def test_the_pages_of_an_owner_are_at_the_top():
    assert pages_address("https://github.com/Some-One/some-one.github.io") == "https://some-one.github.io/"


def test_colab_has_a_button_only_where_the_notebooks_lead_to_the_same_repository(tmp_path):
    (tmp_path / "chapters").mkdir()
    for name, address in (("one", BOOK), ("two", BOOK)):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("title"), launch_cell(address)])
        nbformat.write(notebook, tmp_path / "chapters" / f"{name}.ipynb")
    assert "colab_url" in buttons(tmp_path, BOOK)["launch_buttons"]
    assert "colab_url" not in buttons(tmp_path, f"{BOOK}-fork")["launch_buttons"]
    assert "binderhub_url" in buttons(tmp_path, f"{BOOK}-fork")["launch_buttons"]


def launch_cells(path):
    """Return the launch cells of a notebook with their places in it."""
    return [(place, cell) for place, cell in enumerate(nbformat.read(path, as_version=4).cells) if cell.get("id") == ID]


def written(path):
    """Return the repository that a notebook names."""
    return re.search(r'REPOSITORY = "(.*)"', launch_cells(path)[0][1].source)[1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_all_notebooks_fetch_the_same_book(path):
    (place, cell), = launch_cells(path)
    assert place == 1 and cell.metadata.tags == ["remove-cell"]
    assert cell.source == launch_cell(written(NOTEBOOKS[0])).source, "run `python -m tools.launch` and commit its changes"
