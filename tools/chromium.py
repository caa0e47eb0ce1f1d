"""Finds Chromium, which draws pictures, and opens and prints pages."""

import shutil

# None if it is not installed.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
# For the tests: the same engine without the parts of a browser that nobody sees, which takes a quarter less time.
HEADLESS = shutil.which("chromium-headless-shell") or CHROMIUM
