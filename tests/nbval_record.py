"""pytest plugin: a record of the notebooks that have passed, so that unchanged ones are not run again; never in CI.

A notebook is unchanged if it is the same to the byte, and so is all that its cells and their comparison rest on.
Delete `_build/passed.json`, or set CI, to run everything.
"""

import hashlib
import json
import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "_build" / "passed.json"
OUTCOMES = {}  # by notebook, whether each of its cells passed
BENEATH = ["lib/**/*.py", "chapters/self_checks/*.py", "data/*.csv", "requirements.txt", "tests/requirements.lock", "tools/tolerance.py"]


def beneath():
    """Return a hash of all that every notebook rests on."""
    paths = sorted(path for pattern in BENEATH for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def key(path, rest):
    """Return a hash of a notebook and of what it rests on."""
    return hashlib.sha256(path.read_bytes() + rest.encode()).hexdigest()


def is_notebook(item):
    """Return whether a test is a cell of one of the book's notebooks."""
    return item.path.suffix == ".ipynb" and item.path.is_relative_to(ROOT)


def pytest_collection_modifyitems(config, items):
    """Leave out the notebooks that have passed as they are now."""
    passed = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() and not os.environ.get("CI") else {}
    rest = beneath()
    known = {item.path for item in items if is_notebook(item)}
    unchanged = {path for path in known if passed.get(path.name) == key(path, rest)}
    config.hook.pytest_deselected(items=[item for item in items if item.path in unchanged])
    items[:] = [item for item in items if item.path not in unchanged]


def pytest_runtest_logreport(report):
    """Note how each cell came out; with several processes, the one that leads them hears of all."""
    name = report.nodeid.split("::")[0]
    if name.endswith(".ipynb") and (report.when == "call" or report.failed):
        OUTCOMES.setdefault(Path(name).name, []).append(report.passed)


def pytest_sessionfinish(session):
    """Add the notebooks of which every cell was run and passed to the record."""
    if hasattr(session.config, "workerinput") or not OUTCOMES:
        return
    passed = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    rest = beneath()
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = sum(cell["cell_type"] == "code" for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
        if len(OUTCOMES.get(path.name, [])) == cells and all(OUTCOMES[path.name]):
            passed[path.name] = key(path, rest)
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(passed, indent=1) + "\n", encoding="utf-8")
