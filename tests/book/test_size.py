"""`lib` stays small: what readers are shown of it fits on a screen, and the whole can be read in one sitting."""

import ast
import importlib
import inspect
import re

import pytest

from tools.book import NOTEBOOKS, ROOT, cells

SHOWN = re.compile(r"show_source\((\w+)\)")


def shown():
    """Return everything of lib that a notebook shows, by notebook and name."""
    found = {}
    for path in NOTEBOOKS:
        code = "\n".join(cell.source for cell in cells(path, "code"))
        imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
        homes = {name.name: node.module for node in imports for name in node.names}
        found |= {f"{path.stem}: {name}": getattr(importlib.import_module(homes[name]), name) for name in SHOWN.findall(code)}
    return found


@pytest.mark.parametrize("thing", shown().values(), ids=shown())
def test_what_readers_are_shown_is_short_and_narrow(thing):
    lines = inspect.getsource(thing).splitlines()
    assert len(lines) <= 15 and max(map(len, lines)) <= 76


def test_some_source_is_shown():
    assert {"SimpleLinearNN", "Perceptron"} <= {thing.__name__ for thing in shown().values()}


@pytest.mark.parametrize("pattern, most", [("lib/*.py", 650), ("lib/figures/*.py", 950)])
def test_lib_is_no_longer_than_one_sitting(pattern, most):
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob(pattern)) <= most


def test_no_function_of_lib_takes_more_than_eight_arguments():
    modules = [importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in ROOT.glob("lib/**/*.py")]
    functions = {f"{m.__name__}.{name}": one for m in modules for name, one in inspect.getmembers(m, inspect.isfunction)}
    assert not {name for name, one in functions.items() if one.__module__.startswith("lib") and len(inspect.signature(one).parameters) > 8}
