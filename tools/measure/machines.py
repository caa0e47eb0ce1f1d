"""Executes all notebooks as if on other processors, and with other package versions.

For each setting it runs the tests of `lib`, compares every output with the stored one, and writes the largest differences to
`tools/measure/machines.json`, in the units of `tools/tolerance.py`. To measure only one setting, name it:
`python -m tools.measure.machines "torch 2.14.1"`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from tools.execute import chapters, execute
from tools.tolerance import ALLOWED, differences

ROOT = Path(__file__).parents[2]

RESULTS = ROOT / "tools" / "measure" / "machines.json"
LIB_TESTS = ["tests/lib"]
# Limits on the instructions that PyTorch, MKL and oneDNN use.
PROCESSORS = {
    "a processor without AVX": {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "ONEDNN_MAX_CPU_ISA": "SSE41"},
}
VERSIONS = {
    "torch 2.14.1": ["torch==2.14.1"],
    "plotly 7.0.0 and numpy 2.0.2": ["plotly==7.0.0", "numpy==2.0.2"],
}


def compare(path):
    """Execute a notebook and return its largest differences of each kind from what is stored in it."""
    most = dict.fromkeys(ALLOWED, 0.0)
    stored = nbformat.read(path, as_version=4)
    for new, old in zip(execute(path)[0].cells, stored.cells):
        for kind, size in differences(plain(new.get("outputs", [])), plain(old.get("outputs", []))):
            most[kind] = max(most[kind], float(size))
    return most


def plain(outputs):
    """Return only the visible parts of outputs, without execution counts and metadata."""
    return [{key: one[key] for key in ("text", "data") if key in one} for one in outputs]


def here():
    """Compare all notebooks in this process's environment; print the result as JSON."""
    result = {}
    for path in chapters():
        print(f"  {path.stem}", file=sys.stderr, flush=True)
        try:
            result[path.stem] = compare(path)
        except (ValueError, CellExecutionError) as error:
            result[path.stem] = {"other": str(error)[-300:]}
    print(json.dumps(result))


def measure(python, settings):
    """Return the result of the tests of `lib` and the largest differences, for an interpreter and settings."""
    env = {**os.environ, **settings, "TQDM_DISABLE": "1"}
    tests = subprocess.run([python, "-m", "pytest", "-q", "-o", "addopts=", *LIB_TESTS], cwd=ROOT, env=env, capture_output=True, text=True)
    done = subprocess.run([python, "-m", "tools.measure.machines", "--here"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    notebooks = json.loads(done.stdout.splitlines()[-1])
    alike = [one for one in notebooks.values() if "other" not in one]
    return {
        "tests": tests.stdout.splitlines()[-1].split(" in ")[0],
        "notebooks": f"{len(alike)} of {len(notebooks)}",
        **{kind: round(max((one[kind] for one in alike), default=0), 3) for kind in ALLOWED},
        "other": {name: one["other"] for name, one in notebooks.items() if "other" in one},
    }


def with_versions(packages, folder):
    """Return an interpreter with the pinned requirements, except for these package versions."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = f"{folder}/bin/python"
    files = ["-r", "requirements.txt", "-r", "tests/requirements.txt"]
    for wanted in (files, packages):
        subprocess.run([python, "-m", "pip", "install", "-q", *wanted], cwd=ROOT, check=True)
    return python


def main(chosen):
    """Measure the chosen settings, or all, and store each result at once."""
    for name in chosen or [*PROCESSORS, *VERSIONS]:
        with tempfile.TemporaryDirectory() as folder:
            python = with_versions(VERSIONS[name], folder) if name in VERSIONS else sys.executable
            result = measure(python, PROCESSORS.get(name, {}))
        results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        results[name] = result
        ordered = {one: results[one] for one in (*PROCESSORS, *VERSIONS) if one in results}
        RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
        print(f"{name:36} {result}", flush=True)


if __name__ == "__main__":
    here() if sys.argv[1:] == ["--here"] else main(sys.argv[1:])
