"""Measures the built pages as a reader on a slow connection experiences them; fails if one is over budget.

It opens each page several times with an empty cache, at 10 Mbit/s and a round trip of 50 ms, and reports medians. For
comparison, it opens a stand-alone file with the page's first figure, as plotly's `write_html` makes it. It writes
`tools/measure/pages.json` and `tools/measure/pages.md`, and screenshots into `_build/screenshots`.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd
from plotly.graph_objects import Figure

from tools import page_look
from tools.book import NOTEBOOKS, cells, figures
from tools.browsing import PAGES, PHONE, WIDE, Visit, chromium, compressed, path_of, served

ROOT = Path(__file__).parents[2]

SITE = ROOT / "_build" / "html"
PICTURES = ROOT / "_build" / "screenshots"
REPEATS = 5
NETWORK = {"offline": False, "latency": 50, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
# The maximum of each measure on every page.
BUDGETS = {
    "gzip kB": 1100,
    "next page kB": 250,
    "first figure s": 2.5,
    "first figure / stand-alone": 1,
    "slider step ms": 50,
    "layout shift": 0.05,
    "axe findings": 0,
}

# Scrolls to the first figure as soon as the text is there, and records when the figure is drawn: when it has axes or, without
# axes, marks.
FIRST = """addEventListener('DOMContentLoaded', () => document.querySelector('.plotly-figure')?.scrollIntoView());
new MutationObserver((_, watch) => {
  if (!document.querySelector('.js-plotly-plot :is(.xtick, .trace)')) return;
  window.first = performance.now();
  watch.disconnect();
}).observe(document, {childList: true, subtree: true});"""
# The time from moving a slider to the redrawn figure, for each step.
STEPS = """async () => {
  const times = [];
  for (const input of document.querySelectorAll('.plotly-slider input')) {
    const drawing = input.closest('.plotly-figure').querySelector('.plotly-drawing');
    for (let at = +input.min; at <= +input.max; at++) {
      const began = performance.now();
      const moved = new Promise((resolve) => drawing.once('plotly_restyle', resolve));
      input.value = at;
      input.dispatchEvent(new Event('input'));
      await moved;
      times.push(performance.now() - began);
      await new Promise(requestAnimationFrame);
    }
  }
  return times;
}"""


def slow_visit(browser, url):
    """Open a page with an empty cache over a slow connection."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    context.add_init_script(FIRST + page_look.SHIFTS)
    context.on("page", lambda page: context.new_cdp_session(page).send("Network.emulateNetworkConditions", NETWORK))
    return Visit(browser, url, context=context)


def first_figure(page):
    """Return the seconds until the first figure of a page was drawn."""
    page.wait_for_function("window.first")
    return page.evaluate("window.first") / 1000


def write_alone(name, folder):
    """Write the first figure of a notebook, if it has one, into a stand-alone file in `folder`."""
    paths = [path for path in NOTEBOOKS if path.stem == name]
    found = [figure for path in paths for cell in cells(path, "code") for figure in figures(cell)]
    for figure in found[:1]:
        Figure(figure).write_html(folder / f"{name}.html", include_plotlyjs=True, auto_play=False)


def once(browser, url):
    """Open a page once; return the seconds until its first figure was drawn."""
    visit = slow_visit(browser, url)
    seconds = first_figure(visit.page)
    visit.context.close()
    return seconds


def measure(browser, address, name):
    """Open a page once; return a dict of all measures."""
    visit = slow_visit(browser, f"{address}/chapters/{name}.html")
    has_figures = visit.page.locator(".plotly-figure").count() > 0
    first = first_figure(visit.page) if has_figures else None
    drawn = visit.draw_all()
    last = visit.page.evaluate("performance.getEntriesByName('figure drawn').at(-1)?.startTime / 1000")
    visit.settle()
    found = {
        "requests": len(visit.requests),
        "kB": sum(path_of(url, address, SITE).stat().st_size for url in visit.requests) / 1000,
        "gzip kB": sum(len(compressed(path_of(url, address, SITE))) for url in visit.requests) / 1000,
        "figures": drawn,
        "first figure s": first,
        "last figure s": last,
        "layout shift": visit.page.evaluate("window.shift"),
        "slider step ms": statistics.median(visit.page.evaluate(STEPS) or [0]),
        "urls": visit.requests,
    }
    visit.context.close()
    return found


def repeated(browser, address, name, beside):
    """Return medians of the measures over several openings of a page, each followed by its stand-alone figure."""
    runs = []
    for _ in range(REPEATS):
        runs.append(measure(browser, address, name))
        if runs[-1]["figures"]:
            runs[-1]["stand-alone s"] = once(browser, f"{beside}/{name}.html")
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0] if key != "urls" and runs[0][key] is not None}
    if "stand-alone s" in middle:
        middle["first figure / stand-alone"] = middle["first figure s"] / middle["stand-alone s"]
    return {**middle, "urls": runs[0]["urls"]}


def take_pictures(browser, address, name):
    """Take screenshots of a page in light, dark, on a phone and in print; return the number of axe findings."""
    findings = 0
    for width, scheme in ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light")):
        visit = Visit(browser, f"{address}/chapters/{name}.html", width=width, scheme=scheme)
        visit.draw_all()
        visit.settle()
        visit.page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png", full_page=True)
        if (width, scheme) == (WIDE, "light"):
            visit.page.pdf(path=PICTURES / f"{name}-print.pdf", format="A4")
        findings += len(page_look.violations(visit.page))  # last: it empties the figures
        visit.context.close()
    return findings


def table(results):
    """Return the measures of all pages, a row each, rounded."""
    frame = pd.DataFrame(results).T.drop(columns="urls").astype(float)
    return frame.round({"kB": 0, "gzip kB": 0, "next page kB": 0, "slider step ms": 1, "layout shift": 3}).round(2)


def broken(frame):
    """Return a sentence for each measure that is over its budget."""
    over = [(page, name) for name, most in BUDGETS.items() for page in frame.index[frame[name] > most]]
    return [f"{page}: {name} is {frame.loc[page, name]:g}, the budget {BUDGETS[name]:g}" for page, name in over]


def main():
    """Measure every page, store and print the measures, and exit with an error if one is over budget."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(SITE) as address, served(folder) as beside, chromium() as browser:
        results = {}
        for name in PAGES:
            print(f"measuring {name}", flush=True)
            write_alone(name, Path(folder))
            results[name] = repeated(browser, address, name, beside)
            results[name]["axe findings"] = take_pictures(browser, address, name)
        for name in PAGES:  # as read after another chapter with figures and formulas
            other = "simple-case-data" if name == "simple-case" else "simple-case"
            new = set(results[name]["urls"]) - set(results[other]["urls"])
            results[name]["next page kB"] = sum(len(compressed(path_of(url, address, SITE))) for url in new) / 1000
    frame = table(results)
    store(frame)
    print(frame.to_string())
    sys.exit("\n".join(broken(frame)) or 0)


def store(frame):
    """Write the measures as JSON and as a table."""
    folder = Path(__file__).parent
    text = json.dumps({"budgets": BUDGETS, "pages": frame.to_dict("index")}, indent=1).replace("NaN", "null")
    (folder / "pages.json").write_text(text + "\n", encoding="utf-8")
    head = "# The pages, measured\n\nWritten by `python -m tools.measure.pages`: at 10 Mbit/s and 50 ms, with an empty cache, "
    head += f"medians of {REPEATS}.\n\n"
    (folder / "pages.md").write_text(head + markdown(frame), encoding="utf-8")


def markdown(frame):
    """Return a data frame as a table in Markdown."""
    rows = [["page", *frame.columns], ["---"] * (len(frame.columns) + 1)]
    rows += [[page, *("" if pd.isna(value) else f"{value:g}" for value in row)] for page, row in zip(frame.index, frame.values)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    main()
