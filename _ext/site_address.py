"""Sphinx extension: tells everything that needs the address of the published site what it is.

It is `html.baseurl` of `_config.yml` or, where that is empty, the GitHub Pages address of the
repository's `origin`. Where there is neither it is the address of `make serve`.
"""

import re
import subprocess
from urllib.parse import urlsplit

ORIGIN = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
SERVED = "http://localhost:8000/"


def pages_address(origin):
    """Return the GitHub Pages address for the address of a repository, None for one that is not on GitHub."""
    found = ORIGIN.search(origin)
    return found and f"https://{found[1].lower()}.github.io/{found[2]}/"


def origin_of(folder):
    """Return the address of the repository that a folder was cloned from, empty if there is none."""
    command = ["git", "-C", folder, "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:  # no git
        return ""


def setup(app):
    """Set the address for canonical links, link previews, the sitemap and the page for what is not found."""
    config = app.config
    config.html_baseurl = config.html_baseurl or pages_address(origin_of(app.srcdir)) or SERVED
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
