"""Finds Chromium, which opens and prints pages."""

import shutil

# None if it is not installed.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
