"""Opens pages in Firefox and in WebKitGTK, whose engine is Safari's: browsers that playwright cannot drive as Debian has them.

Both understand WebDriver (w3.org/TR/webdriver2), of which six commands are enough here. WebKitGTK takes them by HTTP. Firefox takes
them from a socket as well, which spares us geckodriver: Debian does not have it.
"""

import base64
import gzip
import json
import os
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

NEEDED = {"firefox": ["firefox-esr"], "webkit": ["WebKitWebDriver", "Xvfb"]}
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "End": "\ue010", "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowRight": "\ue014"}
PATIENCE = 60  # seconds, for a busy machine
TIMEOUTS = {"script": 1000 * PATIENCE, "pageLoad": 1000 * PATIENCE}

# The first script of a watched page: notes what goes wrong from then on, files that do not load included.
WATCH = b"""<script>
  window.wrong = [];
  const note = (...all) => window.wrong.push(all.map(String).join(" "));
  addEventListener("error", (event) => note(event.message ?? `did not load: ${event.target.src ?? event.target.href}`), true);
  addEventListener("unhandledrejection", (event) => note(event.reason));
  console.error = console.warn = note;
</script>"""

FOCUS = """(selector) => {
  const node = document.querySelector(selector);
  if (!node) throw new Error(`nothing on the page fits ${selector}`);
  node.scrollIntoView({block: "center"});
  node.focus();
}"""


def watched(handler):
    """Return a handler (see tools.browsing) for the same site, whose pages note their errors."""
    class Watched(handler):
        def body(self, file):
            if file.suffix != ".html":
                return super().body(file)
            return gzip.compress(file.read_bytes().replace(b"<head>", b"<head>" + WATCH, 1))

    return Watched


@contextmanager
def opened(name):
    """Run a browser, "firefox" or "webkit", while the block runs; yields it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = {"firefox": Firefox, "webkit": WebKit}[name](Path(folder))
        try:
            browser.start()
            yield browser
        finally:
            browser.close()


class Browser:
    """A browser with one page. Its kinds say how it starts and how it is sent a command of WebDriver."""

    def __init__(self, folder):
        self.folder, self.programs = folder, []

    def launch(self, *command, **how):
        """Start a program that ends with the browser; return it."""
        self.programs.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, **how))
        return self.programs[-1]

    def close(self):
        """End the browser and what it needed, last things first."""
        for program in reversed(self.programs):
            program.terminate()
            program.wait(PATIENCE)

    def open(self, url):
        """Open a page, and wait until it is loaded."""
        self.send("Navigate", url=url)

    def run(self, function, *values):
        """Return what a JavaScript function returns on the page, or promises; raise RuntimeError if it fails."""
        return self.send("ExecuteScript", script=f"return ({function})(...arguments)", args=values)

    def wait_for(self, condition, *values):
        """Wait until a JavaScript function returns true on the page; raise RuntimeError if that does not happen."""
        pause = "await new Promise((resolve) => setTimeout(resolve, 50))"
        self.run(f"async (...values) => {{ while (!({condition})(...values)) {pause}; }}", *values)

    def press(self, key, selector=None):
        """Press a key, such as "ArrowRight", on what is in focus; with a selector, on the first element that fits."""
        if selector:
            self.run(FOCUS, selector)
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self.send("PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def screenshot(self, path):
        """Save a picture of what the window shows."""
        Path(path).write_bytes(base64.b64decode(self.send("TakeScreenshot", full=False)))

    def errors(self):
        """Return what went wrong so far on this page, which must come from a watched site."""
        return self.run("() => window.wrong ?? ['this page is not watched']")


class Firefox(Browser):
    """Firefox without a window. It calls its form of WebDriver Marionette: messages in JSON, each after its length."""

    def start(self):
        """Start Firefox, on any free port."""
        (self.folder / "user.js").write_text('user_pref("marionette.port", 0);', encoding="utf-8")
        self.launch("firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", self.folder, stdout=subprocess.DEVNULL)
        port = until(lambda: int((self.folder / "MarionetteActivePort").read_text()), "Firefox did not start")
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE)
        self.messages = self.socket.makefile("rb")
        self.message()  # its greeting
        self.send("NewSession", timeouts=TIMEOUTS)

    def send(self, command, **values):
        """Return the answer to a command of WebDriver; raise RuntimeError if it is refused."""
        text = json.dumps([0, 0, f"WebDriver:{command}", values]).encode()
        self.socket.sendall(b"%d:%b" % (len(text), text))
        _, _, error, answer = self.message()
        if error:
            raise RuntimeError(f"Firefox, asked to {command}: {error['message']}")
        return answer.get("value")

    def message(self):
        """Return the next message."""
        length = b"".join(iter(lambda: self.messages.read(1), b":"))
        return json.loads(self.messages.read(int(length)))


class WebKit(Browser):
    """The small browser that comes with WebKitGTK, on a screen that nobody sees."""

    PATHS = {"Navigate": "url", "ExecuteScript": "execute/sync", "PerformActions": "actions", "TakeScreenshot": "screenshot"}

    def start(self):
        """Start the screen, the driver and the browser."""
        screen = self.launch("Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", stdout=subprocess.PIPE)
        display = screen.stdout.readline().decode().strip()
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        self.launch("WebKitWebDriver", f"--port={port}", env={**os.environ, "DISPLAY": f":{display}", "HOME": str(self.folder)})
        until(lambda: self.request("GET", "/status"), "WebKitWebDriver did not start")
        wanted = {"capabilities": {"alwaysMatch": {"timeouts": TIMEOUTS}}}
        self.session = f"/session/{self.request('POST', '/session', wanted)['sessionId']}"

    def close(self):
        """End the browser, then its driver and the screen."""
        if hasattr(self, "session"):
            self.request("DELETE", self.session)
        super().close()

    def send(self, command, **values):
        """Return the answer to a command of WebDriver; raise RuntimeError if it is refused."""
        return self.request("GET" if command.startswith("Take") else "POST", f"{self.session}/{self.PATHS[command]}", values)

    def request(self, method, path, values=None):
        """Return the answer to a request; raise RuntimeError if it is refused."""
        body = json.dumps(values).encode() if method == "POST" else None
        try:
            with urlopen(Request(self.address + path, body, method=method), timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise RuntimeError(f"WebKit, asked to {path}: {json.load(error)['value']['message']}") from None


def free_port():
    """Return the number of a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def until(happens, otherwise):
    """Return what `happens()` does, as soon as it no longer raises OSError or ValueError; raise TimeoutError at last."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            return happens()
        except (OSError, ValueError):
            time.sleep(0.05)
    raise TimeoutError(f"{otherwise} within {PATIENCE} seconds")
