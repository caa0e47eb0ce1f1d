"""What a page may run, how long its tasks may last, and what it weighs: measures that several tests of the pages share."""

import base64
import hashlib
import re

from tools.browsing import PHONE, compressed, path_of
from tools.page_look import violations

LONGEST = 50  # ms of a task, so that a page answers while it trains

INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
DATA = re.compile(r'type="(application/json|application/ld\+json|text/late|text/x-[\w-]+)"')

REPORTED = "window.broken = []; addEventListener('securitypolicyviolation', (event) => " \
           "window.broken.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));"


def inline_scripts(html):
    """Return the inline scripts of a page, except data."""
    return [text for attributes, text in INLINE.findall(html) if not DATA.search(attributes) and text.strip()]


def policy(scripts):
    """Return a policy that allows only the site's own scripts and these inline ones."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts)
    return (f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            "object-src 'none'; base-uri 'self'; form-action 'self'")


def assert_in_its_place(one, width):
    """Assert that a live part has the height that was kept for it, fits the window and a thumb, and that axe has no objection."""
    assert one.box.evaluate("node => parseFloat(getComputedStyle(node).minHeight) - node.offsetHeight") >= -1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    if width == PHONE:
        touched = one.box.locator("button, select, input, [role=slider]")
        assert min(touched.evaluate_all("all => all.map((node) => node.offsetHeight)")) >= 44
    assert not violations(one.page, within=".live")
    one.errors.clear()  # axe makes requests of its own


def task_times(events):
    """Return the processor time in ms of each task of the page's main thread; others that wait for a processor do not count."""
    mains = {(one["pid"], one["tid"]) for one in events if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"}
    return [one["tdur"] / 1000 for one in events if one["name"].endswith("RunTask") and (one["pid"], one["tid"]) in mains and "tdur" in one]


def weight(site, address, urls):
    """Return the number of bytes sent for some addresses of the site."""
    return sum(len(compressed(path)) for path in {path_of(url, address, site) for url in urls})


def lean_is_missing(site):
    """Return whether the site has the full plotly.js, which is over three megabytes."""
    return next((site / "_static").glob("plotly-*.js")).stat().st_size > 3_000_000
