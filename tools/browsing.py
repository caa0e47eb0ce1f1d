"""Serving the built book and opening its pages in Chromium, for the page tests and the benchmark of the pages."""

import functools
import gzip
import http.server
import mimetypes
import shutil
import subprocess
import sysconfig
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import yaml

from tools.book import ROOT, TOC, files
from tools.chromium import CHROMIUM

# No name is resolved and no address but our own is reached: the network is cut off.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PAGES = [Path(name).name for name in files(TOC)]
WIDE, PHONE = 1200, 375
SCRIPTS = sysconfig.get_path("scripts")  # of the environment that runs the tests


def build(out, book=ROOT, warnings=True):
    """Build a book anew into the folder `out` and return the folder of its pages; a warning is an error unless told otherwise."""
    builder = shutil.which("jupyter-book", path=SCRIPTS)
    strict = ["-W", "-n", "--keep-going"] if warnings else []
    command = [builder, "build", ".", *strict, "--path-output", out]
    result = subprocess.run(command, cwd=book, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    return Path(out) / "_build" / "html"


def copy_of_the_book(folder, pages=None):
    """Return a folder with what Git would hand on of the book as it is now, or with these pages of it only."""
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
    """Serves files as hosts of static pages do: compressed, over connections that stay open, kept by browsers."""

    protocol_version = "HTTP/1.1"
    prefix = ""  # where the site is mounted, as GitHub Pages mounts it below the repository's name

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(self.prefix))

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        found = path.is_file()
        page = path if found else Path(self.directory) / "404.html"
        body = compressed(page) if page.is_file() else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html")
        if body:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@functools.cache
def compressed(path):
    """Return the content of a file as it travels, compressed with gzip."""
    return gzip.compress(path.read_bytes())


def path_of(url, address, site):
    """Return the file of the site that an address names."""
    return site / unquote(urlsplit(url.removeprefix(address)).path).lstrip("/")


@contextmanager
def served(folder, handler=Handler):
    """Serve a folder on this machine for as long as the block runs; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{handler.prefix}"
    server.shutdown()


def mounted(site):
    """Return the handler of a built site that serves it below the path that its 404 page is made for."""
    place = ElementTree.parse(site / "sitemap.xml").getroot().find(".//{*}loc").text
    return type("Mounted", (Handler,), {"prefix": urlsplit(place).path.partition("/chapters/")[0]})


@contextmanager
def chromium():
    """Run Chromium, cut off from every network, for as long as the block runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", OFFLINE])
        yield browser
        browser.close()


class Visit:
    """A page opened in a browser, with all that went wrong and all that it asked for."""

    def __init__(self, browser, url, width=WIDE, scheme="light", context=None, **how):
        size = {"width": width, "height": 900}
        self.context = context or browser.new_context(viewport=size, color_scheme=scheme, **how)
        self.page = self.context.new_page()
        self.errors, self.requests = [], []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", lambda reply: reply.status >= 400 and self.errors.append(f"{reply.status} {reply.url}"))
        self.page.goto(url, wait_until="load")

    def draw_all(self):
        """Scroll every figure into view and wait until it is drawn; return how many there are."""
        boxes = self.page.locator(".plotly-figure")
        for index in range(boxes.count()):
            box = boxes.nth(index)
            box.scroll_into_view_if_needed()
            box.locator("xpath=self::*[@data-drawn]//*[name()='svg']").first.wait_for(timeout=20_000)
        return boxes.count()

    def settle(self):
        """Wait until fonts are there, formulas are set and the network is quiet."""
        self.page.wait_for_function("!document.querySelector('.math') || window.MathJax?.startup?.promise")
        self.page.evaluate("() => window.MathJax?.startup?.promise")
        self.page.wait_for_load_state("networkidle")
