"""Builds and serves the book and opens its pages in Chromium, for page tests and measurements."""

import functools
import gzip
import http.server
import mimetypes
import shutil
import subprocess
import sysconfig
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import yaml

from tools.book import ROOT, TOC, files
from tools.chromium import HEADLESS

# Cuts off the network: only our own server can be reached.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PAGES = [Path(name).name for name in files(TOC)]
WIDE, PHONE = 1200, 375
SCRIPTS = sysconfig.get_path("scripts")  # of the running environment


def build(out, book=ROOT, warnings=True):
    """Build a book from scratch into the folder `out` and return the folder of its pages; by default, warnings are errors."""
    builder = shutil.which("jupyter-book", path=SCRIPTS)
    strict = ["-W", "-n", "--keep-going"] if warnings else []
    command = [builder, "build", ".", *strict, "--path-output", out]
    result = subprocess.run(command, cwd=book, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    return Path(out) / "_build" / "html"


def copy_of_the_book(folder, pages=None):
    """Copy what is in Git, or would be added to it, into a folder; with `pages`, the table of contents lists only these."""
    book = folder / "the-book"
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).exists():
            (book / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, book / name)
    if pages:
        toc = {"format": "jb-book", "root": "chapters/index", "chapters": [{"file": f"chapters/{page}"} for page in pages]}
        (book / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    return book


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files as static hosts do: compressed, over persistent connections, cached by browsers."""

    protocol_version = "HTTP/1.1"
    prefix = ""  # the path of the site: on GitHub Pages, the repository's name

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(self.prefix))

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        found = path.is_file()
        page = path if found else Path(self.directory) / "404.html"
        body = self.body(page) if page.is_file() else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html")
        if body:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self, file):
        """Return what is sent of a file, compressed."""
        return compressed(file)

    def log_message(self, *args):
        pass


@functools.cache
def compressed(path):
    """Return the content of a file as it is sent, compressed with gzip."""
    return gzip.compress(path.read_bytes())


def path_of(url, address, site):
    """Return the file of the site behind an address."""
    return site / unquote(urlsplit(url.removeprefix(address)).path).lstrip("/")


@contextmanager
def served(folder, handler=Handler):
    """Serve a folder on this machine while the block runs; yields the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{handler.prefix}"
    server.shutdown()
    server.server_close()


def mounted(site):
    """Return the handler that serves a built site under the path that its 404 page expects."""
    place = ElementTree.parse(site / "sitemap.xml").getroot().find(".//{*}loc").text
    return type("Mounted", (Handler,), {"prefix": urlsplit(place).path.partition("/chapters/")[0]})


@contextmanager
def chromium():
    """Run Chromium without network access while the block runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=HEADLESS, args=["--no-sandbox", "--disable-gpu", OFFLINE])
        yield browser
        browser.close()


class Visit:
    """A page opened in a browser, with its errors and requests; `script` runs before those of the page."""

    def __init__(self, browser, url, width=WIDE, scheme="light", context=None, script="", **how):
        size = {"width": width, "height": 900}
        self.context = context or browser.new_context(viewport=size, color_scheme=scheme, **how)
        self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.errors, self.requests = [], []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", lambda reply: reply.status >= 400 and self.errors.append(f"{reply.status} {reply.url}"))
        self.page.goto(url, wait_until="load")

    def uncover(self):
        """Show what is covered until a question is answered."""
        self.page.evaluate("document.querySelectorAll('.predict-show').forEach((button) => button.click())")

    def draw_all(self):
        """Scroll to each figure, uncovered, and wait until it is drawn; return the number of figures."""
        self.uncover()
        boxes = self.page.locator(".plotly-figure:visible")  # others are for paper
        for index in range(boxes.count()):
            box = boxes.nth(index)
            box.scroll_into_view_if_needed()
            box.locator("xpath=self::*[@data-drawn]//*[name()='svg']").first.wait_for(timeout=20_000)
        return boxes.count()

    def settle(self):
        """Wait until formulas are typeset and the network is idle, or has had fifteen seconds to become it."""
        from playwright.sync_api import TimeoutError as NotIdle

        self.page.wait_for_function("!document.querySelector('.math') || window.MathJax?.startup?.promise")
        self.page.evaluate("() => window.MathJax?.startup?.promise")
        with suppress(NotIdle):  # once, in a run of all tests, it was not after thirty; what is measured next finds what is missing
            self.page.wait_for_load_state("networkidle", timeout=15_000)
