"""Runs the commands that README and the guides list, and ends with an error at the first that fails.

By default the quick ones; `python -m tools.check_commands all` adds those that take many minutes or a network.
"""

import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXTS = ["README.md", "docs/CONTRIBUTING.md", "docs/MAINTAINING.md", "docs/STYLE.md"]
LISTED = re.compile(r"`(?:\.venv/bin/python )?((?:-m tools|-m jupyter_book|data/\w+\.py)[^`]*|make [a-z]+(?: [A-Z]+=[\w-]+)?)`")
# What stands for something else in a command that is listed.
EXAMPLES = {"NAME...": "recap", "NAME": "recap"}
SLOW = ("make test", "make run", "make serve", "make show", "measure", "newcomer", "linkcheck", "check_commands")


def commands():
    """Return the commands that README and the guides list, each once, in their order."""
    found = [command for text in TEXTS for command in LISTED.findall((ROOT / text).read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def runnable(command):
    """Return a listed command as the words to run."""
    for name, example in EXAMPLES.items():
        command = command.replace(name, example)
    words = shlex.split(command)
    return words if words[0] == "make" else [sys.executable, *words]


def main(chosen):
    """Run the commands, the slow ones only if asked to; say how long each took."""
    for command in commands():
        if chosen != ["all"] and any(slow in command for slow in SLOW):
            print(f"left out: {command}")
            continue
        began = time.perf_counter()
        done = subprocess.run(runnable(command), cwd=ROOT, capture_output=True, text=True)
        print(f"{time.perf_counter() - began:6.1f} s  {command}", flush=True)
        if done.returncode:
            sys.exit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main(sys.argv[1:])
