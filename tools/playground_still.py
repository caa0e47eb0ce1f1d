"""Writes `chapters/playground.svg`, which readers without scripts get: the first network of the playground, trained to its end."""

import tempfile
from pathlib import Path

from tools.browsing import Visit, build, chromium, copy_of_the_book, served

PICTURE = Path(__file__).parent.parent / "chapters" / "playground.svg"
TRAINED = "() => { const page = Live.thePlayground; page.pause(); page.advance((run) => { while (run.epochs < 400) run.epoch(); }); }"


def main():
    """Build the page alone, train its network, and save the map that it shows."""
    with tempfile.TemporaryDirectory() as folder:
        site = build(folder, copy_of_the_book(Path(folder), ["playground", "motivation"]), warnings=False)
        with served(site) as address, chromium() as browser:
            page = Visit(browser, f"{address}/chapters/playground.html", reduced_motion="reduce").page
            page.wait_for_function("window.Live?.thePlayground?.run")
            page.evaluate(TRAINED)
            PICTURE.write_text(page.evaluate("Live.exports.picture(Live.thePlayground.plane)"), encoding="utf-8")


if __name__ == "__main__":
    main()
