"""pytest plugin: a record of the notebooks that passed, so that unchanged ones are skipped; never in CI.

A notebook is unchanged if its code cells and their outputs are, and so is everything that running and comparing them
depends on. Delete `_build/passed.json`, or set CI, to run all of them.
"""

import hashlib
import json
import os
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "_build" / "passed.json"
SOURCES = ["lib/**/*.py", "chapters/self_checks/*.py", "data/*.csv", "tools/tolerance.py", "tests/nbval_*.py"]
SKIPPED = pytest.mark.skip(reason="passed before, and nothing that it depends on has changed")


def common(root):
    """Return a text that changes with whatever all notebooks depend on: sources, data, Python and installed packages."""
    files = sorted(path for pattern in SOURCES for path in root.glob(pattern))
    packages = sorted(f"{one.name} {one.version}" for one in metadata.distributions())
    return digest([sys.version, *packages, *(path.read_text(encoding="utf-8") for path in files)])


def digest(parts):
    """Return a hash of some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def keys(root):
    """Return a dict from the name of each notebook to its key, and a dict to the number of its code cells."""
    shared, found, counts = common(root), {}, {}
    for path in (root / "chapters").glob("*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        found[path.name] = digest([shared, *(json.dumps([cell["source"], cell["outputs"]]) for cell in cells)])
        counts[path.name] = len(cells)
    return found, counts


def recorded():
    """Return the keys of the notebooks that have passed; none in CI."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() and not os.environ.get("CI") else {}


class Record:
    """Skips what has passed before, and notes what passes now; keys are taken before any cell runs."""

    def __init__(self):
        self.keys, self.counts = keys(ROOT)
        self.passed = recorded()
        self.outcomes = {}  # by notebook, whether each of its cells passed

    def pytest_collection_modifyitems(self, items):
        """Skip the cells of unchanged notebooks."""
        chapters = [item for item in items if item.path.parent == ROOT / "chapters" and item.path.suffix == ".ipynb"]
        for item in chapters:
            if self.passed.get(item.path.name) == self.keys[item.path.name]:
                item.add_marker(SKIPPED)

    def pytest_runtest_logreport(self, report):
        """Note the outcome of a cell; with several processes, the main one receives all reports."""
        path = Path(report.nodeid.split("::")[0])
        if path.suffix == ".ipynb" and not report.skipped and (report.when == "call" or report.failed):
            self.outcomes.setdefault(path.name, []).append(report.passed)

    def pytest_sessionfinish(self, session):
        """Record the notebooks in which every cell ran and passed."""
        new = {name: self.keys[name] for name, cells in self.outcomes.items()
               if all(cells) and len(cells) == self.counts.get(name)}
        if new and not hasattr(session.config, "workerinput"):
            RECORD.parent.mkdir(exist_ok=True)
            RECORD.write_text(json.dumps({**self.passed, **new}, indent=1) + "\n", encoding="utf-8")


def pytest_configure(config):
    """Start the record."""
    config.pluginmanager.register(Record())
