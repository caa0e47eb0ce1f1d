"""Sphinx extension: works out the addresses of the repository and of the published site.

The repository is `repository: url` in `_config.yml` or, if that is empty, the `origin` on GitHub; without either, pages have no
buttons that lead to it. The site is `html: baseurl` or, if that is empty, the repository's GitHub Pages or else the address
of `make serve`. On Colab, a notebook fetches the book from the address in its first cell (`tools/launch.py`), so the Colab
button appears only if that is the same repository.
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
    """Return the web address of a GitHub repository, or an empty string for any other origin."""
    found = ORIGIN.search(origin)
    return f"https://github.com/{found[1]}/{found[2]}" if found else ""


def pages_address(repository):
    """Return the GitHub Pages address of a repository, or an empty string if there is no repository."""
    owner, _, name = repository.removeprefix("https://github.com/").partition("/")
    site = f"https://{owner.lower()}.github.io/"
    if f"https://{name.lower()}/" == site:  # an owner's own site, whose pages are at the top
        return site
    return f"{site}{name}/" if name else ""


def origin_of(folder):
    """Return the address that a folder was cloned from, or an empty string if there is none."""
    command = ["git", "-C", folder, "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:  # no git
        return ""


def repository_of(folder, setting=""):
    """Return the repository's address on GitHub: the setting, else the origin, else an empty string."""
    return on_github(setting or origin_of(folder))


def buttons(folder, repository):
    """Return the theme's options for buttons that lead to the repository of the book in `folder`."""
    launch = dict(BINDER)
    line = f'REPOSITORY = \\"{repository}\\"'
    if all(line in path.read_text(encoding="utf-8") for path in Path(folder, "chapters").glob("*.ipynb")):
        launch |= COLAB
    else:
        logger.info("no Colab buttons: the notebooks do not fetch %s; run `python -m tools.launch`", repository)
    return {"launch_buttons": launch, "repository_branch": "main", "use_repository_button": True, "use_issues_button": True}


def setup(app):
    """Set the addresses for buttons, canonical links, link previews, the sitemap and the 404 page."""
    config = app.config
    options = config.html_theme_options
    options["repository_url"] = repository_of(app.srcdir, options.get("repository_url", ""))
    if options["repository_url"]:
        options.update(buttons(app.srcdir, options["repository_url"]))
    config.html_baseurl = config.html_baseurl or pages_address(options["repository_url"]) or SERVED
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
