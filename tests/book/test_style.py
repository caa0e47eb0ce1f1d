"""The rules of STYLE.md that a machine can check: linting, spelling, and files that have a published schema."""

import re
import shutil
import subprocess
from pathlib import Path

import codespell_lib
import pytest
import yaml

from tools.book import NOTEBOOKS, ROOT, TOC, files, prose
from tools.browsing import SCRIPTS

GITHUB = ROOT / ".github"
CHECKS = {
    "ruff": ["ruff", "check", "."],
    "codespell": ["codespell", "README.md", "lib", "_ext", "tools", "tests", "chapters", "data", "docs"],
    "workflows": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *GITHUB.glob("workflows/*.yml")],
    "dependabot": ["check-jsonschema", "--builtin-schema", "vendor.dependabot", GITHUB / "dependabot.yml"],
    "issue forms": ["check-jsonschema", "--builtin-schema", "vendor.github-issue-forms",
                    *(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.stem != "config")],
    "issue config": ["check-jsonschema", "--builtin-schema", "vendor.github-issue-config", GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "citation": ["check-jsonschema", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"],
}


@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS)
def test_checker_finds_nothing(command):
    done = subprocess.run([shutil.which(command[0], path=SCRIPTS), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


RIGHT_IN_BRITAIN = {
    "", "biased", "math", "meter", "meters", "license", "licensed", "licenses", "practice", "practices", "program", "programs", "story",
    "stories",
}


def american():
    """Return American spellings that differ from British ones, from codespell's dictionary.

    Words that are also correct in Britain are left out.
    """
    lines = (Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt").read_text(encoding="utf-8")
    words = {us.strip(" ,") for line in lines.splitlines() for us in line.partition("->")[2].split(",")}
    return words - RIGHT_IN_BRITAIN


PAGES = {path.stem: path for path in map(ROOT.joinpath, (f"{name}.md" for name in files(TOC))) if path.exists()}
TEXTS = {**{path.stem: prose(path) for path in NOTEBOOKS}, **{name: path.read_text(encoding="utf-8") for name, path in PAGES.items()}}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_spelling_is_british(text):
    without_code = re.sub(r"```.*?```|`[^`]*`|https?://\S+|\$[^$]*\$", " ", text, flags=re.DOTALL)
    wrong = set(re.findall(r"\b[a-z]+", without_code)) & american()
    assert not wrong


WORKFLOWS = {path.name: path.read_text(encoding="utf-8") for path in GITHUB.glob("workflows/*.yml")}


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_workflows_pin_their_actions_and_may_do_little(text):
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) and re.match(r" # v\d", version) for action, version in used)
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    extra = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert extra in ({}, {"deploy": {"pages": "write", "id-token": "write"}})
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    assert "secrets." not in text and "pull_request_target" not in text


def pins(path):
    """Return the pinned versions in a requirements file."""
    return dict(re.findall(r"(?m)^([\w.-]+)(?:\[\w+\])?==([\w.]+)", path.read_text(encoding="utf-8").lower().replace("_", "-")))


def test_the_lock_holds_every_pin_with_hashes_but_torch():
    locked = pins(ROOT / "tests" / "requirements.lock")
    wanted = {**pins(ROOT / "requirements.txt"), **pins(ROOT / "tests" / "requirements.txt")}
    assert wanted.pop("torch") and wanted.items() <= locked.items()
    entries = re.split(r"(?m)^(?=[\w.-]+(?:\[\w+\])?==)", (ROOT / "tests" / "requirements.lock").read_text(encoding="utf-8"))
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)
    assert not [name for name in locked if name.startswith(("torch", "nvidia", "cuda", "triton"))]
