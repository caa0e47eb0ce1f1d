"""Brings Papa Parse into the site, if npm can fetch it."""

from importlib import import_module

from sphinx.util import logging

PACKAGE, VERSION = "papaparse", "5.7.1"  # reads the CSV files of readers: quotes, separators and byte-order marks as they come
MISSING = "// npm could not fetch Papa Parse when this book was built, so its pages read no files.\n"

logger = logging.getLogger(__name__)


def papa_parse(folder):
    """Return the script Papa Parse; without npm, one that does nothing. `folder` keeps the package between builds."""
    # A folder of its own: npm removes what it finds in one and was not asked for.
    script = folder / PACKAGE / VERSION / "node_modules" / PACKAGE / "papaparse.min.js"
    if not script.exists() and not neighbour().fetched(folder / PACKAGE / VERSION, f"{PACKAGE}@{VERSION}"):
        logger.info("papaparse: npm could not fetch it, so readers cannot bring their own data")
        return MISSING
    return script.read_text(encoding="utf-8")


def neighbour():
    """Return the module of the other package from npm; for Sphinx this folder is `live`, for tests `_ext.live`."""
    return import_module(f"{__name__.removesuffix('live.papa')}plotly_figures.bundle")
