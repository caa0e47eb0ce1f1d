"""Opens a page once and collects everything that the page tests need to know about it.

Each measure is a JavaScript expression that returns what is wrong, a number, or a list of what is there.
"""

from axe_playwright_python.sync_playwright import Axe

from tools.browsing import PHONE, WIDE, Visit

# Each page is opened twice, to cover both widths and both colour schemes. tools.measure.pages covers the other combinations.
LOOKS = [(WIDE, "light"), (PHONE, "dark")]

# A new rule, off by default in axe: the accessible name of a button contains its visible text.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
# What can differ on a phone in dark mode; all other rules concern the markup, which is the same.
ON_A_PHONE = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "target-size"]}

# Adds up how much the page moves without input from the reader.
SHIFTS = """window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""

MEASURES = {
    "shift": "window.shift",
    "width": "document.documentElement.scrollWidth",
    # Text that extends beyond its figure.
    "cut off": """[...document.querySelectorAll('.plotly-figure[data-drawn]')].flatMap((box) => {
      const frame = box.querySelector('.main-svg').getBoundingClientRect();
      return [...box.querySelectorAll('.main-svg text')].filter((text) => {
        const at = text.getBoundingClientRect();
        return at.width && (at.left < frame.left - 1 || at.right > frame.right + 1 || at.bottom > frame.bottom + 1);
      }).map((text) => text.textContent);
    })""",
    # Figures whose legend covers a panel.
    "covered": """[...document.querySelectorAll('.plotly-figure')].filter((box) => {
      const legend = box.querySelector('.legend')?.getBoundingClientRect();
      const panels = [...box.querySelectorAll('.nsewdrag')].map((panel) => panel.getBoundingClientRect());
      return legend && panels.some((panel) => legend.bottom > panel.top + 1 && legend.top < panel.bottom - 1
        && legend.right > panel.left + 1 && legend.left < panel.right - 1);
    }).map((box) => box.getAttribute('aria-label').slice(0, 60))""",
    # Tables, code and formulas wider than the page and not inside a box that scrolls.
    "sticking out": """[...document.querySelectorAll('article :is(table, pre, mjx-container)')].filter((node) => {
      if (node.getBoundingClientRect().right <= innerWidth) return false;
      for (let at = node; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return false;
      return true;
    }).map((node) => node.outerHTML.slice(0, 80))""",
    # Headings that cannot be linked to.
    "headings": """[...document.querySelectorAll('article :is(h1, h2, h3)')].filter((heading) => {
      const link = heading.querySelector('a.headerlink');
      return !link || !document.getElementById(decodeURIComponent(link.hash.slice(1)));
    }).map((heading) => heading.textContent)""",
    # Figures without a name for screen readers, without a number, or not referred to in the text.
    "nameless": """[...document.querySelectorAll('.plotly-figure[data-drawn]')].filter((box) => {
      const figure = box.closest('figure');
      const numbered = figure?.querySelector('.caption-number')?.textContent.startsWith('Fig.');
      return !(box.getAttribute('aria-label') && numbered && document.querySelector(`a.reference.internal[href$="#${figure.id}"]`));
    }).map((box) => box.id || box.getAttribute('aria-label'))""",
    # Numbers of links to the previous and the next page; numbers of sections on the page and in its table of contents.
    "ways": """[document.querySelectorAll('.prev-next-footer a.left-prev').length,
      document.querySelectorAll('.prev-next-footer a.right-next').length]""",
    "sections": """[document.querySelectorAll('article section > section > h2').length,
      document.querySelectorAll('.bd-toc nav > ul > li').length]""",
    # The text below the first section heading, in pieces: text, class of its link, and target of its link.
    "pieces": """(() => {
      const quiet = 'h1, h2, h3, .admonition-title, summary, code, pre, .math, mjx-container, math, figcaption, .cell_output, script, '
        + 'noscript, .live, .predict-options, .predict-form, .predict-says, .headerlink';
      const inner = document.querySelector('article section section');
      if (!inner) return [];
      const walker = document.createTreeWalker(inner.parentElement, NodeFilter.SHOW_TEXT);
      const found = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.parentElement;
        if (at.closest('section section') && !at.closest(quiet)) {
          const link = at.closest('a');
          found.push([node.textContent, link ? link.className : null, link?.getAttribute('href')]);
        }
      }
      return found;
    })()""",
    "ids": "[...document.querySelectorAll('[id]')].map(node => node.id)",
    "targets": "[...document.querySelectorAll('a[href]')].map(node => node.href)",
    # Sliders and buttons too small for a thumb: less than 44 px.
    "small": """[...document.querySelectorAll('.plotly-slider :is(input, button), .plotly-switches select')].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.height < 44 || box.width < 44;
    }).map((node) => node.outerHTML.slice(0, 80))""",
}


# Takes out of a page what repeats itself: all but the first word of each kind in code, and the drawings inside figures, in which
# axe-core judges nothing. It looks at every element for each word that it judges, and so takes a quarter of the time.
THIN_OUT = """() => {
  const kinds = new Set();
  for (const word of document.querySelectorAll("pre span:not(:has(span))")) {
    let kind = "";  // the classes of all that it stands in, which give it its colours
    for (let at = word; at; at = at.parentElement) kind += `${at.localName}.${at.className} `;
    if (kinds.has(kind)) word.remove();
    kinds.add(kind);
  }
  document.querySelectorAll(".main-svg").forEach((svg) => svg.replaceChildren());
}"""


def violations(page, options=AXE_OPTIONS, within=None):
    """Return the rules that a page breaks according to axe-core, each with its first few elements.

    within: a CSS selector of the parts to look at. Without it, the whole page is looked at, and is of no use afterwards.
    """
    if not within:
        page.evaluate(THIN_OUT)
    found = Axe().run(page, context={"include": [[within]]} if within else None, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


def look(browser, url, width, scheme):
    """Open a page, draw its figures, and return a dict of all measures."""
    one = Visit(browser, url, width, scheme, script=SHIFTS)
    found = {"drawn": one.draw_all()}
    one.settle()
    found |= {name: one.page.evaluate(measure) for name, measure in MEASURES.items()}
    found |= {"errors": list(one.errors), "requests": list(one.requests)}  # before axe, which makes requests of its own
    found["axe"] = violations(one.page, ON_A_PHONE if width == PHONE else AXE_OPTIONS)
    one.context.close()
    return found
