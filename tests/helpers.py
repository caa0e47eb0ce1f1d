"""Helpers for several tests: expect an error, and find numbers in prose and code."""

import re

import pytest

WORDS_OF_AN_ERROR = "^{}: expected .*, got .*"
NUMBER = re.compile(r"(?<![\w.,^])(?:[-−+] ?)?\d+\.\d+(?!\d|\.\d)")
# Numbers that code sets, as in lr=0.001, rather than computes.
SETTING = re.compile(r"(?<=[=(\[ ])\d+\.\d+(?=[,)\]:\s]|$)", re.MULTILINE)


def refuses(name):
    """Expect an error that names the argument, what was expected and what it got."""
    return pytest.raises(ValueError, match=WORDS_OF_AN_ERROR.format(name))
