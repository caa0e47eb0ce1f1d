"""Chooses plotly.js for the site: the partial bundle with Cartesian axes if npm can fetch it, otherwise the full one."""

import shutil
import subprocess
from pathlib import Path

import plotly
from plotly.offline import get_plotlyjs_version
from sphinx.util import logging

LEAN = "plotly.js-cartesian-dist-min"  # a third of the size; has every trace type that the book uses
WHOLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

logger = logging.getLogger(__name__)


def plotly_js(folder):
    """Return the path of the plotly.js to use; `folder` keeps the npm package between builds."""
    lean = folder / "node_modules" / LEAN / "plotly-cartesian.min.js"
    if not lean.exists() and not fetched(folder, f"{LEAN}@{get_plotlyjs_version()}"):
        logger.info("plotly.js: npm could not fetch %s, so the site gets the full bundle", LEAN)
        return WHOLE
    return lean


def fetched(folder, package):
    """Install an npm package into `folder`; return whether it worked."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", package]
    return subprocess.run(command, capture_output=True).returncode == 0
