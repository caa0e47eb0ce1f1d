"""pytest plugin: distributes the tests over processes (pytest-xdist), and keeps some of them together.

The cells of a notebook share a kernel and have an order. The tests that look at whole pages share one look at each. All other
tests are grouped by file. The longest group comes first, so that it does not hold up the end.

xdist's own `--dist loadgroup` does not group anything under pytest 9.2 (pytest-xdist, issue 1386).
"""

import json
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
TIMES = json.loads((ROOT / "tools" / "measure" / "times.json").read_text(encoding="utf-8"))["times"]
WHOLE_PAGES = {f"tests/site/test_{name}.py" for name in ("accessibility", "first_use", "pages", "site")}  # those that use `found`
LOOKS, SITE, UNKNOWN, OTHERS = 600, 120, 60, 0  # rough seconds: of all looks, a file of tests/site, a notebook not timed yet, the rest


def group_of(nodeid):
    """Return the group of a test: its notebook, its file, or the looks at whole pages."""
    path = nodeid.partition("::")[0]
    return "looks" if path in WHOLE_PAGES else path


def seconds_of(group):
    """Return roughly how long a group takes."""
    if group.endswith(".ipynb"):
        return TIMES.get(Path(group).stem, {}).get("notebook", UNKNOWN)
    if group == "looks":
        return LOOKS
    return SITE if group.startswith("tests/site/") else OTHERS


class Together(LoadScopeScheduling):
    """Hands out whole groups, in the order of collection."""

    def _split_scope(self, nodeid):
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Tell xdist to hand out groups."""
    return Together(config, log)


def pytest_collection_modifyitems(items):
    """Put the longest group first; within a group, the order stays."""
    items.sort(key=lambda item: -seconds_of(group_of(item.nodeid)))
