"""Writes the first code cell of every notebook, which fetches the rest of the book on Colab and does nothing elsewhere.

Colab opens a single notebook from the repository, so the notebook has to contain the repository's address. Run
`python -m tools.launch` after adding notebooks or moving the repository.
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
    """Return the address of the repository from `_config.yml` or its origin, or an empty string if it is not on GitHub."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return repository_of(ROOT, config["repository"]["url"])


def launch_cell(address):
    """Return the cell for a repository, which the page does not show."""
    cell = nbformat.v4.new_code_cell(SOURCE.format(repository=address), metadata={"tags": ["remove-cell"]})
    cell.id = ID
    return cell


def with_launch_cell(notebook, address):
    """Put the cell for a repository after the title of a notebook, and return it; its execution count stays."""
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
    print(f"The notebooks fetch the book from {address or 'nowhere, because this repository has no origin on GitHub'}.")


if __name__ == "__main__":
    main()
