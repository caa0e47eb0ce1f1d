"""Sphinx extension: tells everything that needs the address of the repository or of the published site what it is.

The repository is `repository: url` of `_config.yml` or, where that is empty, the `origin` it was cloned
from, if that is on GitHub; its buttons are shown only where there is one. The site is `html: baseurl`
or, where that is empty, the repository's GitHub Pages; where there is neither, what `make serve` serves.
"""

import re
import subprocess
from urllib.parse import urlsplit

ORIGIN = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
SERVED = "http://localhost:8000/"
BUTTONS = {
    "launch_buttons": {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
    },
    "repository_branch": "main",
    "use_repository_button": True,
    "use_issues_button": True,
}


def on_github(origin):
    """Return the address of a GitHub repository as browsers know it, empty for any other origin."""
    found = ORIGIN.search(origin)
    return f"https://github.com/{found[1]}/{found[2]}" if found else ""


def pages_address(repository):
    """Return the GitHub Pages address of a repository, empty if there is none."""
    owner, _, name = repository.removeprefix("https://github.com/").partition("/")
    return f"https://{owner.lower()}.github.io/{name}/" if name else ""


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


def setup(app):
    """Set the addresses for the buttons, canonical links, link previews, the sitemap and the page for what is not found."""
    config = app.config
    options = config.html_theme_options
    options["repository_url"] = repository_of(app.srcdir, options.get("repository_url", ""))
    if options["repository_url"]:
        options.update(BUTTONS)
    config.html_baseurl = config.html_baseurl or pages_address(options["repository_url"]) or SERVED
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
