"""Helpers for several tests: need a program, expect an error, and find numbers in prose and code."""

import os
import re
import shutil
import subprocess

import pytest

WORDS_OF_AN_ERROR = "^{}: expected .*, got .*"
NUMBER = re.compile(r"(?<![\w.,^])(?:[-−+] ?)?\d+\.\d+(?!\d|\.\d)")
# Numbers that code sets, as in lr=0.001, rather than computes.
SETTING = re.compile(r"(?<=[=(\[ ])\d+\.\d+(?=[,)\]:\s]|$)", re.MULTILINE)


def refuses(name):
    """Expect an error that names the argument, what was expected and what it got."""
    return pytest.raises(ValueError, match=WORDS_OF_AN_ERROR.format(name))


def need(programs, otherwise):
    """Skip a test unless these programs are on the PATH; in CI, where nothing may be skipped, let it fail."""
    if lacking := [program for program in programs if shutil.which(program) is None]:
        refuse = pytest.fail if os.environ.get("NOTHING_SKIPPED") else pytest.skip
        refuse(f"{' and '.join(lacking)} not found, so {otherwise}")


def need_in_r(package):
    """Skip a test unless R is there and has this package; in CI, where nothing may be skipped, let the test itself find out."""
    need(["Rscript"], "its code is not run")
    code = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
    if not os.environ.get("NOTHING_SKIPPED") and subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True).returncode:
        pytest.skip(f"R's package {package} not found")
