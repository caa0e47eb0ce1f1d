"""Where Chromium is, for everything that opens or prints pages."""

import shutil

# None where there is none.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
