"""Sphinx extension: tells everything that needs the address of the repository or of the published site what it is.

The repository is `repository: url` of `_config.yml` or, where that is empty, the `origin` it was cloned
from, if that is on GitHub; its buttons are shown only where there is one. The site is `html: baseurl`
or, where that is empty, the repository's GitHub Pages; where there is neither, what `make serve` serves.
On Colab a notebook fetches the book from the address in its first cell (`launch_cell.py`): there is a
button for it only where that is the same repository.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.util import logging

ORIGIN = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
SERVED = "http://localhost:8000/"
BINDER = {"notebook_interface": "jupyterlab", "binderhub_url": "https://mybinder.org"}
COLAB = {"colab_url": "https://colab.research.google.com"}

logger = logging.getLogger(__name__)


def on_github(origin):
    """Return the address of a GitHub repository as browsers know it, empty for any other origin."""
    found = ORIGIN.search(origin)
    return f"https://github.com/{found[1]}/{found[2]}" if found else ""


def pages_address(repository):
    """Return the GitHub Pages address of a repository, empty if there is none."""
    owner, _, name = repository.removeprefix("https://github.com/").partition("/")
    site = f"https://{owner.lower()}.github.io/"
    if f"https://{name.lower()}/" == site:  # the one repository whose pages are at the top
        return site
    return f"{site}{name}/" if name else ""


def origin_of(folder):
    """Return the address of the repository that a folder was cloned from, empty if there is none."""
    command = ["git", "-C", folder, "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:  # no git
        return ""


def repository_of(folder, setting=""):
    """Return the address of the book's repository: the setting, or else the origin if it is on GitHub, or else nothing."""
    return on_github(setting or origin_of(folder))


def buttons(folder, repository):
    """Return the theme's options for the buttons that lead to a repository, whose book is in `folder`."""
    launch = dict(BINDER)
    line = f'REPOSITORY = \\"{repository}\\"'
    if all(line in path.read_text(encoding="utf-8") for path in Path(folder, "chapters").glob("*.ipynb")):
        launch |= COLAB
    else:
        logger.info("no buttons for Colab: its cells do not lead to %s; `make launch` writes them", repository)
    return {"launch_buttons": launch, "repository_branch": "main", "use_repository_button": True, "use_issues_button": True}


def setup(app):
    """Set the addresses for the buttons, canonical links, link previews, the sitemap and the page for what is not found."""
    config = app.config
    options = config.html_theme_options
    options["repository_url"] = repository_of(app.srcdir, options.get("repository_url", ""))
    if options["repository_url"]:
        options.update(buttons(app.srcdir, options["repository_url"]))
    config.html_baseurl = config.html_baseurl or pages_address(options["repository_url"]) or SERVED
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
