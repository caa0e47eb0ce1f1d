"""Runs the commands that README and the guides list; ends with an error if one fails.

By default it runs the quick ones and names those it leaves out: `python -m tools.check_commands all` runs them too, which takes
hours and needs a network. Commands that would set up an environment again are tried by `tools.newcomer`, in a fresh clone.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXTS = ["README.md", *(f"docs/{name}.md" for name in ("CONTRIBUTING", "MAINTAINING", "STYLE"))]
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
# In running text and tables: what starts like a command, between backticks.
INLINE = re.compile(r"`((?:\.venv/bin/[\w-]+ |python -m |-m |make |data/make_data\.py)[^`]*)`")
EXAMPLES = {"tools.live NAME...": "tools.live fig-linear", "NAME...": "recap", "NAME": "recap"}
SERVED = "http://localhost:8000"
SERVING = ("make serve", "make show")  # these run until they are stopped
SLOW = (*SERVING, "make test", "make run", "-m pytest", "tools.measure", "tools.newcomer", "linkcheck", "pip-audit")
SETTING_UP = ("pip install", "-m venv", "pre-commit install", "nbdime config-git", "uv pip compile")
ITSELF = ("tools.check_commands", "jupyter lab")


def listed(text):
    """Return the commands in a text in their order, without the comments beside them."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    without_blocks = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [line.partition(" #")[0].strip() for line in lines] + INLINE.findall(without_blocks)


def commands():
    """Return the commands of all guides, each once, as they would be typed in the top folder."""
    found = [typed(command) for name in TEXTS for command in listed((ROOT / name).read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def typed(command):
    """Return a command with an example in place of a name, and with the interpreter of the environment."""
    for name, example in EXAMPLES.items():
        command = command.replace(name, example)
    return re.sub(r"^(?:python )?(?=-m |data/)", ".venv/bin/python ", command)


def runnable(command):
    """Return the words of a command, with this environment's programs wherever `.venv` may be."""
    programs = Path(sys.executable).parent
    return [str(programs / word.removeprefix(".venv/bin/")) if word.startswith(".venv/bin/") else word for word in shlex.split(command)]


def left_out(command, everything):
    """Return why a command is not run, or nothing if it is."""
    if any(part in command for part in SETTING_UP):
        return "sets up an environment"
    if any(part in command for part in ITSELF):
        return "needs a person, or is this command"
    return "slow" if not everything and any(part in command for part in SLOW) else ""


def succeeds(command):
    """Run a command to its end, or until it serves pages; return whether that worked, and print what went wrong."""
    if shutil.which(runnable(command)[0]) is None:
        print(f"{runnable(command)[0]} is not installed: see Dependencies in docs/MAINTAINING.md")
        return False
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(runnable(command), cwd=ROOT, start_new_session=True, **both)
    if command.startswith(SERVING) and serves(process):
        os.killpg(process.pid, signal.SIGTERM)
        return True
    said, _ = process.communicate()
    if process.returncode:
        print(said[-4000:])
    return process.returncode == 0


def serves(process):
    """Wait until a process serves pages; return False if it ends before."""
    while process.poll() is None:
        try:
            return urllib.request.urlopen(SERVED).status == 200
        except OSError:
            time.sleep(1)
    return False


def main(chosen):
    """Run the commands and say how long each took; end with the names of those that failed."""
    failed = []
    for command in commands():
        if reason := left_out(command, chosen == ["all"]):
            print(f"left out ({reason}): {command}")
            continue
        began = time.perf_counter()
        failed += [] if succeeds(command) else [command]
        print(f"{time.perf_counter() - began:6.1f} s  {command}", flush=True)
    sys.exit(f"failed: {'; '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
