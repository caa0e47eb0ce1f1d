"""pytest plugin: a notebook fails if its kernel, with the processes it starts, takes more memory than Binder leaves it.

It judges where memory is as on Binder: under Linux, with Binder's version of Python.
"""

import sys
import threading
from pathlib import Path

import psutil
from nbval.plugin import IPyNbFile

GRANTED = 1_000_000_000  # bytes that mybinder.org guarantees
SERVER = 150_000_000  # for the Jupyter server, which runs beside the kernel
EVERY = 0.25  # seconds between two looks; what the kernel alone takes at its peak is also known exactly
PEAKS = {}
RUNTIME = (Path(__file__).parent.parent / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
AS_ON_BINDER = psutil.LINUX and f"python-{sys.version_info.major}.{sys.version_info.minor}" == RUNTIME


def taken(process):
    """Return the bytes a process and its children take now; what they share is counted once."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:  # it has just ended
            continue
    return total


def peak(process):
    """Return the most bytes a process alone has ever taken."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


class Watch(threading.Thread):
    """Looks at a process again and again until it is stopped, and remembers the most that it took."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.process, self.most, self.over = psutil.Process(pid), 0, threading.Event()

    def run(self):
        while not self.over.wait(EVERY):
            self.most = max(self.most, taken(self.process))

    def stop(self):
        """Return the most bytes that were taken."""
        self.over.set()
        self.join()
        return max(self.most, peak(self.process))


def watched(setup):
    """Return nbval's way to start a kernel, with a watch on it."""
    def start(self):
        setup(self)
        self.watch = Watch(self.kernel.km.provisioner.pid)
        self.watch.start()
    return start


def judged(teardown):
    """Return nbval's way to end a kernel, which fails if it took too much."""
    def end(self):
        most = PEAKS[self.path.name] = self.watch.stop()
        teardown(self)
        assert most <= GRANTED - SERVER, f"{self.path.name} took {most / 1e6:.0f} MB; Binder leaves {(GRANTED - SERVER) / 1e6:.0f}"
    return end


if AS_ON_BINDER:
    IPyNbFile.setup = watched(IPyNbFile.setup)
    IPyNbFile.teardown = judged(IPyNbFile.teardown)


def pytest_terminal_summary(terminalreporter):
    """Name the notebook that took most."""
    if PEAKS:
        name = max(PEAKS, key=PEAKS.get)
        terminalreporter.write_line(f"Most memory: {PEAKS[name] / 1e6:.0f} MB, by {name}.")
