"""What several tests need: an expected refusal, and how numbers are found in prose and code."""

import re

import pytest

WORDS_OF_AN_ERROR = "^{}: expected .*, got .*"
NUMBER = re.compile(r"(?<![\w.,^])(?:[-−+] ?)?\d+\.\d+(?!\d|\.\d)")


# What the code sets, as in lr=0.001, rather than computes.
SETTING = re.compile(r"(?<=[=(\[ ])\d+\.\d+(?=[,)\]:\s]|$)", re.MULTILINE)


def refuses(name):
    """Expect an error that names the argument, what was expected and what came."""
    return pytest.raises(ValueError, match=WORDS_OF_AN_ERROR.format(name))
