"""pytest plugin: a notebook fails if its kernel and the processes it starts need more memory than Binder gives.

It measures only under Linux with Binder's version of Python, where memory use is comparable.
"""

import sys
import threading
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbFile

GRANTED = 1_000_000_000  # bytes that mybinder.org guarantees
SERVER = 150_000_000  # bytes of these for the Jupyter server
EVERY = 0.25  # seconds between two samples; for the kernel alone, Linux records the exact peak
PEAKS = {}
RUNTIME = (Path(__file__).parent.parent / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
AS_ON_BINDER = psutil.LINUX and f"python-{sys.version_info.major}.{sys.version_info.minor}" == RUNTIME


def taken(process):
    """Return the bytes that a process and its children use now, counting shared memory once."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:  # it has just ended
            continue
    return total


def peak(process):
    """Return the most bytes that a process alone has used."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


class Watch(threading.Thread):
    """Samples the memory of a process and its children until stopped, and keeps the largest value; alone, its peak is known at the end."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.process, self.most, self.over = psutil.Process(pid), 0, threading.Event()

    def run(self):
        while not self.over.wait(EVERY):
            if self.process.children():  # adding up memory takes long
                self.most = max(self.most, taken(self.process))

    def stop(self):
        """Stop, and return the most bytes that were used."""
        self.over.set()
        self.join()
        return max(self.most, peak(self.process))


def watched(setup):
    """Wrap nbval's start of a kernel: watch its memory."""
    def start(self):
        setup(self)
        self.watch = Watch(self.kernel.km.provisioner.pid)
        self.watch.start()
    return start


def judged(teardown):
    """Wrap nbval's end of a kernel: fail if it used too much."""
    def end(self):
        most = PEAKS[self.path.name] = self.watch.stop()
        teardown(self)
        assert most <= GRANTED - SERVER, f"{self.path.name} took {most / 1e6:.0f} MB; Binder leaves {(GRANTED - SERVER) / 1e6:.0f}"
    return end


if AS_ON_BINDER:
    IPyNbFile.setup = watched(IPyNbFile.setup)
    IPyNbFile.teardown = judged(IPyNbFile.teardown)


def pytest_sessionfinish(session):
    """Hand the peaks to the main process, if this is one of several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["peaks"] = PEAKS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take the peaks of a process that has finished."""
    PEAKS.update(getattr(node, "workeroutput", {}).get("peaks", {}))


def pytest_terminal_summary(terminalreporter):
    """Name the notebook that used most."""
    if PEAKS:
        name = max(PEAKS, key=PEAKS.get)
        terminalreporter.write_line(f"Most memory: {PEAKS[name] / 1e6:.0f} MB, by {name}.")
