"""Measures how long every notebook and each of its cells takes, and writes it into `tools/measure/times.json`.

The chapters say how long they take to run, the exercises how long their solutions do; `tests/test_times.py`
compares. Notebooks are executed and thrown away; what is stored in them does not change. With names, as
in `times.py stopping`, only these are measured anew.
"""

import json
import os
import sys
import time
from pathlib import Path

from tools.execute import execute, named

ROOT = Path(__file__).parents[2]

REPEATS = 3
RESULTS = ROOT / "tools" / "measure" / "times.json"


def once(path):
    """Return the seconds of one execution of a notebook, the kernel's start included, and of its cells."""
    began = time.perf_counter()
    _, cells = execute(path)
    return {"notebook": time.perf_counter() - began, **cells}


def best(runs):
    """Return the shortest of each time over some executions, in seconds: whatever else a machine does only adds to it."""
    return {key: round(min(run[key] for run in runs), 2) for key in runs[0]}


def main(names):
    """Measure the named notebooks, or all, print their times, and store them."""
    os.environ["TQDM_DISABLE"] = "1"
    times = json.loads(RESULTS.read_text(encoding="utf-8"))["times"] if names else {}
    for path in named(names):
        times[path.stem] = best([once(path) for _ in range(REPEATS)])
        print(f"{path.stem:32} {times[path.stem]['notebook']:6.1f} s", flush=True)
    print(f"{'all':32} {sum(each['notebook'] for each in times.values()):6.1f} s")
    about = f"shortest of {REPEATS} executions, in seconds, on {os.cpu_count()} cores without a graphics card"
    RESULTS.write_text(json.dumps({"what": about, "times": times}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
