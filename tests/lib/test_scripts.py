"""Scripts of the live parts share one object, `Live`: none takes a name that another has given already."""

import re
from collections import Counter

import pytest

from in_javascript import LIVE

SET = re.compile(r"^ *Live\.(\w+) = ", re.MULTILINE)
ASSIGNED = re.compile(r"Object\.assign\(Live, \{(.*?)\n? *\}\);", re.DOTALL)


def names(script):
    """Return the names that a script gives to parts of `Live`, from `Live.x = ...` and `Object.assign(Live, {x, ...})`."""
    flat = re.sub(r"\([^()]*\)|\{[^{}]*\}", "", " ".join(ASSIGNED.findall(script)))
    return {*SET.findall(script), *re.findall(r"(?:^|,)\s*(\w+)", flat)}


def clashes(scripts):
    """Return the names that more than one of some scripts gives."""
    return [name for name, times in Counter(name for script in scripts for name in names(script)).items() if times > 1]


def test_no_two_scripts_give_the_same_name():
    assert not clashes(path.read_text(encoding="utf-8") for path in LIVE.glob("*.js"))


@pytest.mark.parametrize("other", ["Live.small = {Show};", "Object.assign(Live, {\n  small, Show,\n});"])
def test_a_name_given_twice_is_found(other):
    assert clashes(["  Object.assign(Live, {\n    pair, small,\n  });", other]) == ["small"]
