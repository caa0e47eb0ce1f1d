"""Which plotly.js the site gets: the part with plane axes, where npm can bring it, or else the whole."""

import shutil
import subprocess
from pathlib import Path

import plotly
from plotly.offline import get_plotlyjs_version
from sphinx.util import logging

LEAN = "plotly.js-cartesian-dist-min"  # a third of the whole; holds every kind of trace that the book draws
WHOLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

logger = logging.getLogger(__name__)


def plotly_js(folder):
    """Return the path of the plotly.js to use; `folder` keeps what npm brings from one build to the next."""
    lean = folder / "node_modules" / LEAN / "plotly-cartesian.min.js"
    if not lean.exists() and not fetched(folder, f"{LEAN}@{get_plotlyjs_version()}"):
        logger.info("plotly.js: no npm that could bring %s, so the site carries the whole of it", LEAN)
        return WHOLE
    return lean


def fetched(folder, package):
    """Install an npm package into `folder`; return whether that went well."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", package]
    return subprocess.run(command, capture_output=True).returncode == 0
