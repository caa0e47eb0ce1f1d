"""Measures how long each notebook and each of its cells takes, and writes `tools/measure/times.json`.

The build adds these times to chapters and exercises. Stored notebooks do not change. To measure only some, name them:
`python -m tools.measure.times stopping`.
"""

import json
import os
import sys
import time
from pathlib import Path

from tools.execute import execute, named

ROOT = Path(__file__).parents[2]

REPEATS = 1
RESULTS = ROOT / "tools" / "measure" / "times.json"


def once(path):
    """Return the seconds of one execution of a notebook, including the start of the kernel, and of its cells."""
    began = time.perf_counter()
    _, cells = execute(path)
    return {"notebook": time.perf_counter() - began, **cells}


def best(runs):
    """Return the shortest of each time over several executions, since other work on the machine can only add to it."""
    return {key: round(min(run[key] for run in runs), 2) for key in runs[0]}


def main(names):
    """Measure the named notebooks, or all, print their times, and store them."""
    os.environ["TQDM_DISABLE"] = "1"
    times = json.loads(RESULTS.read_text(encoding="utf-8"))["times"] if names else {}
    for path in named(names):
        times[path.stem] = best([once(path) for _ in range(REPEATS)])
        print(f"{path.stem:32} {times[path.stem]['notebook']:6.1f} s", flush=True)
    print(f"{'total':32} {sum(each['notebook'] for each in times.values()):6.1f} s")
    about = f"shortest of {REPEATS} execution(s) each, in seconds, on {os.cpu_count()} cores without a graphics card"
    RESULTS.write_text(json.dumps({"what": about, "times": times}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
