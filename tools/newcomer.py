"""Tries what README and CONTRIBUTING promise, as a new user would: in a fresh clone, with an empty home and only Python, Git and a shell.

A step that does not do what the text says ends with an error. To try only some steps, name them: `python -m tools.newcomer colab`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from tools.launch import with_launch_cell

ROOT = Path(__file__).parent.parent

# A block of the guide that says where it belongs, as in ```python file=lib/figures/residuals.py.
BLOCK = re.compile(r'```\w+ (\w+)=(\S+)(?: after="(.*?)")?\n(.*?)```', re.DOTALL)
# Variables that tell how this machine reaches packages; no others are passed on.
KEPT = re.compile(r"PIP_|SSL_|REQUESTS_|https?_proxy|no_proxy", re.IGNORECASE)


def run(command, folder, env):
    """Run a command, given as a list or as shell code; exit with its output if it fails."""
    if isinstance(command, str):
        command = [shutil.which("bash"), "-euo", "pipefail", "-c", command]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def bare(folder):
    """Return an environment with an empty home and only Python, Git and a shell on the path."""
    (folder / "bin").mkdir()
    (folder / "home").mkdir()
    (folder / "bin" / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    for name in ("git", "sh"):
        (folder / "bin" / name).symlink_to(shutil.which(name))
    kept = {name: value for name, value in os.environ.items() if KEPT.match(name)}
    return {**kept, "PATH": str(folder / "bin"), "HOME": str(folder / "home"), "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0"}


def commands(book):
    """Return the README's commands without make: create an environment, install, build, test."""
    text = (book / "README.md").read_text(encoding="utf-8")
    block = re.search(r"Without make.*?```bash\n(.*?)```", text, re.DOTALL)[1].splitlines()[:4]
    wanted = ("venv", "pip install", "jupyter-book build", "pytest")
    assert all(word in line for word, line in zip(wanted, block)), block
    return block


def install(book, env):
    """Follow the README's first two commands."""
    run("\n".join(commands(book)[:2]), book, env)
    return "installed"


def build(book, env):
    """Build the book as the README says."""
    run(commands(book)[2], book, env)
    assert (book / "_build" / "html" / "index.html").exists()
    return "built"


def test(book, env):
    """Test as the README says. Tests that need Chromium or R are skipped."""
    return run(commands(book)[3], book, env).splitlines()[-1]


def rerun(book, env):
    """Execute all notebooks as the guide says; no file may change."""
    run([str(book / ".venv" / "bin" / "python"), "-m", "tools.execute"], book, env)
    run(["git", "diff", "--exit-code"], book, env)
    return "nothing changed"


def binder(book, env):
    """Do what Binder does: take its Python, install its requirements from the root, then run a chapter."""
    wanted = (book / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    if wanted != f"python-{sys.version_info.major}.{sys.version_info.minor}":
        return f"not tried: Binder has {wanted}"
    python = environment(book.parent / "binder", env)
    run([python, "-m", "pip", "install", "-q", "-r", "binder/requirements.txt"], book, env)
    cuda = run([python, "-c", "import torch; print(torch.version.cuda)"], book, env).strip()
    execute(python, book / "chapters" / "simple-case.ipynb", book / "chapters", env)
    size = sum(path.stat().st_size for path in (book.parent / "binder").rglob("*") if path.is_file())
    return f"simple-case runs; CUDA: {cuda}; {size / 1e9:.1f} GB installed"


def colab(book, env):
    """Open a single chapter with `google.colab` and torch installed, as on Colab; its first cell must fetch and install the rest."""
    here = book.parent / "colab"
    here.mkdir()
    python = environment(here / "lib", env)  # Colab, too, has a folder of this name next to /content
    torch = re.search(r"(?m)^torch==\S+", (book / "requirements.txt").read_text(encoding="utf-8"))[0]
    run([python, "-m", "pip", "install", "-q", torch, "ipykernel", "nbclient"], here, env)
    startup = here / "ipython" / "profile_default" / "startup"
    for folder in (here / "google" / "colab", here / "content", startup):
        folder.mkdir(parents=True)
    (here / "google" / "colab" / "__init__.py").touch()
    (startup / "colab.py").write_text("import google.colab\n")
    notebook = with_launch_cell(nbformat.read(book / "chapters" / "simple-case.ipynb", as_version=4), f"file://{book}")
    nbformat.write(notebook, here / "content" / "simple-case.ipynb")
    env = {**env, "PYTHONPATH": str(here), "IPYTHONDIR": str(here / "ipython")}
    execute(python, here / "content" / "simple-case.ipynb", here / "content", env)
    return run([python, "-m", "pip", "list", "--format", "freeze"], here, env).replace("\n", " ")


def contributing(book, env):
    """Add the figure of CONTRIBUTING by its code blocks alone, build, and run the tests of figures."""
    chapter = add_figure(book, (book / "docs" / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    python = str(book / ".venv" / "bin" / "python")
    run([python, "-m", "tools.execute", chapter.stem], book, env)
    build(book, env)
    page = (book / "_build" / "html" / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    assert "The error of each prediction" in page and 'id="fig-residuals"' in page
    return run([python, "-m", "pytest", "-q", "-o", "addopts=", "tests/lib/test_figures.py"], book, env).splitlines()[-1]


def add_figure(book, guide):
    """Put the marked blocks of the guide where they belong; return the chapter that shows the figure."""
    blocks = {kind: (name, after, body) for kind, name, after, body in BLOCK.findall(guide)}
    name, _, body = blocks["file"]
    (book / name).write_text(body, encoding="utf-8")
    name, _, body = blocks["append"]
    with (book / name).open("a", encoding="utf-8") as module:
        module.write(body)
    name, after, body = blocks["line"]
    text = (book / name).read_text(encoding="utf-8")
    assert f"{after}\n" in text
    (book / name).write_text(text.replace(f"{after}\n", f"{after}\n{body}", 1), encoding="utf-8")
    chapter = book / "chapters" / f"{blocks['cell'][0]}.ipynb"
    add_cell(chapter, blocks["cell"][2].strip(), json.loads(blocks["metadata"][2]))
    return chapter


def add_cell(path, source, metadata):
    """Insert a sentence and a code cell before the last two cells of a chapter."""
    notebook = nbformat.read(path, as_version=4)
    words = nbformat.v4.new_markdown_cell("Residuals are drawn in {numref}`fig-residuals`.")
    notebook.cells[-2:-2] = [words, nbformat.v4.new_code_cell(source, metadata=metadata)]
    nbformat.write(notebook, path)


def environment(folder, env):
    """Create a virtual environment; return its interpreter."""
    run(["python3", "-m", "venv", str(folder)], folder.parent, env)
    return str(folder / "bin" / "python")


def execute(python, notebook, folder, env):
    """Execute a notebook with an interpreter in a folder; exit if a cell fails."""
    script = "import sys, nbformat, nbclient; nbclient.NotebookClient(nbformat.read(sys.argv[1], 4), timeout=300).execute(cwd='.')"
    run([python, "-c", script, str(notebook)], folder, env)


STEPS = {step.__name__: step for step in (install, build, test, rerun, binder, colab, contributing)}


def main(chosen):
    """Take the chosen steps, or all, in a fresh clone; `build`, `test`, `rerun` and `contributing` need `install` first."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        env = bare(folder)
        run(["git", "clone", "-q", "--no-local", str(ROOT), str(folder / "book")], folder, env)
        for name in chosen or STEPS:
            began = time.perf_counter()
            said = STEPS[name](folder / "book", env)
            print(f"{name}: {said} ({time.perf_counter() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
