"""Executes notebooks and stores outputs that changed: `python -m tools.execute` for all, `python -m tools.execute stopping` for one.

Outputs that are equal within the tolerances stay as they were.
"""

import os
import sys
import time
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient

from tools.tolerance import settle

ROOT = Path(__file__).parent.parent
KEPT = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}}


def chapters():
    """Return the notebooks of the book in the order of its table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [path for name in files(toc) if (path := ROOT / f"{name}.ipynb").exists()]


def files(entry):
    """Yield the file names under an entry of the table of contents, parents before children."""
    if isinstance(entry, dict):
        yield from (entry[key] for key in ("root", "file") if key in entry)
        entry = [entry.get(key, []) for key in ("parts", "chapters", "sections")]
    for child in entry:
        yield from files(child)


def run(path):
    """Execute a notebook and store the outputs that changed; return the seconds of each code cell.

    If a cell fails, the stored notebook stays as it was.
    """
    notebook, seconds = execute(path)
    for fresh, stored in zip(notebook.cells, nbformat.read(path, as_version=4).cells):
        settle(fresh.get("outputs", []), stored.get("outputs", []))
    store(notebook, path)
    return seconds


def execute(path):
    """Execute a notebook in its folder; return it with its new outputs, and the seconds of each code cell."""
    notebook = nbformat.read(path, as_version=4)
    started, seconds = {}, {}

    def start(cell, cell_index):
        started[cell_index] = time.perf_counter()

    def stop(cell, cell_index, execute_reply):
        seconds[cell["id"]] = time.perf_counter() - started[cell_index]

    client = NotebookClient(
        notebook, timeout=300, record_timing=False, on_cell_start=start, on_cell_executed=stop,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    return notebook, seconds


def store(notebook, path):
    """Write a notebook without metadata that differs between machines or runs."""
    summary = {"summary": notebook.metadata["summary"]} if "summary" in notebook.metadata else {}
    notebook.metadata = nbformat.from_dict({**KEPT, **summary})
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in ("tags", "mystnb", "jupyter")}
    unfinished = path.with_suffix(".tmp")
    nbformat.write(notebook, unfinished)
    unfinished.replace(path)


def named(names):
    """Return the notebooks with these names, or all without names; end with an error if a name is unknown."""
    known = {path.stem: path for path in chapters()}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"_toc.yml lists no notebook called {', '.join(unknown)}, only {', '.join(known)}.")
    return [known[name] for name in names or known]


def main(names):
    """Run the named notebooks, or all; print the time of each and of its slowest cell."""
    os.environ["TQDM_DISABLE"] = "1"  # progress bars do not belong on the page
    total = 0.0
    for path in named(names):
        began = time.perf_counter()
        seconds = run(path)
        took = time.perf_counter() - began
        slowest = max(seconds, key=seconds.get, default="none")
        total += took
        print(f"{path.name:32} {took:6.1f} s, slowest cell {slowest}: {seconds.get(slowest, 0):.1f} s", flush=True)
    print(f"{'total':32} {total:6.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
