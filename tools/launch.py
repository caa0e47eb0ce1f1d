"""Writes the first code cell of every notebook, which on Colab fetches the rest of the book and elsewhere does nothing.

Colab opens a notebook alone, from the repository: so the repository's address has to be in the notebook.
`make launch` puts it there; run it once after the repository has moved.
"""

import nbformat
import yaml

from _ext.site_address import repository_of
from tools.execute import ROOT, chapters, store

ID = "colab"
SOURCE = """\
# On Colab, which opens this file alone, fetch the rest. Elsewhere: nothing.
import pathlib
import sys

REPOSITORY = "{repository}"
alone = not pathlib.Path("../lib/models.py").exists()
if alone and "google.colab" in sys.modules:
    assert REPOSITORY, "This copy does not know where its book is."
    !test -d book || git clone --quiet --depth 1 {{REPOSITORY}} book
    %pip install --quiet ./book
    %cd book/chapters"""


def repository():
    """Return the address of the book's repository by `_config.yml` or its origin, empty if it has none on GitHub."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return repository_of(ROOT, config["repository"]["url"])


def launch_cell(address):
    """Return the cell for a repository. The page does not show it."""
    cell = nbformat.v4.new_code_cell(SOURCE.format(repository=address), metadata={"tags": ["remove-cell"]})
    cell.id = ID
    return cell


def with_launch_cell(notebook, address):
    """Return a notebook with the cell for a repository behind its title; what was stored of its execution stays."""
    old = [cell for cell in notebook.cells if cell.get("id") == ID]
    new = launch_cell(address)
    new.execution_count = old[0].execution_count if old else None
    others = [cell for cell in notebook.cells if cell.get("id") != ID]
    notebook.cells = [others[0], new, *others[1:]]
    return notebook


def main():
    """Write the cell into all notebooks."""
    address = repository()
    for path in chapters():
        store(with_launch_cell(nbformat.read(path, as_version=4), address), path)
    print(f"The notebooks fetch the book from {address or 'nowhere: this repository has no origin on GitHub'}.")


if __name__ == "__main__":
    main()
