"""What is found on a page when it is looked at once: all that the tests of the pages ask about it.

Each measure is a function of the page that returns what is wrong, a number, or what is there.
"""

from axe_playwright_python.sync_playwright import Axe

from tools.browsing import PHONE, WIDE, Visit

# Each page is looked at twice: both widths and both colour schemes come up. `make pages` looks at the other two pairs.
LOOKS = [(WIDE, "light"), (PHONE, "dark")]

# Off by default in axe, as it is new: that the name of a button holds what is written on it.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
# What can differ on a phone in the dark; all else is the same markup as on the wide, light page.
ON_A_PHONE = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "target-size"]}

# Adds up by how much things on the page move without the reader having done anything.
SHIFTS = """window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""

MEASURES = {
    "shift": "window.shift",
    "width": "document.documentElement.scrollWidth",
    # Texts of figures that do not fit into them.
    "cut off": """[...document.querySelectorAll('.plotly-figure')].flatMap((box) => {
      const frame = box.querySelector('.main-svg').getBoundingClientRect();
      return [...box.querySelectorAll('.main-svg text')].filter((text) => {
        const at = text.getBoundingClientRect();
        return at.width && (at.left < frame.left - 1 || at.right > frame.right + 1 || at.bottom > frame.bottom + 1);
      }).map((text) => text.textContent);
    })""",
    # Figures with a legend that lies on a panel.
    "covered": """[...document.querySelectorAll('.plotly-figure')].filter((box) => {
      const legend = box.querySelector('.legend')?.getBoundingClientRect();
      const panels = [...box.querySelectorAll('.nsewdrag')].map((panel) => panel.getBoundingClientRect());
      return legend && panels.some((panel) => legend.bottom > panel.top + 1 && legend.top < panel.bottom - 1
        && legend.right > panel.left + 1 && legend.left < panel.right - 1);
    }).map((box) => box.getAttribute('aria-label').slice(0, 60))""",
    # Tables, code and formulas that are too wide, in no box of their own that scrolls.
    "sticking out": """[...document.querySelectorAll('article :is(table, pre, mjx-container)')].filter((node) => {
      if (node.getBoundingClientRect().right <= innerWidth) return false;
      for (let at = node; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return false;
      return true;
    }).map((node) => node.outerHTML.slice(0, 80))""",
    # Headings that no link leads to.
    "headings": """[...document.querySelectorAll('article :is(h1, h2, h3)')].filter((heading) => {
      const link = heading.querySelector('a.headerlink');
      return !link || !document.getElementById(decodeURIComponent(link.hash.slice(1)));
    }).map((heading) => heading.textContent)""",
    # Figures without a name for screen readers, a number, or a sentence of the page that refers to them.
    "nameless": """[...document.querySelectorAll('.plotly-figure')].filter((box) => {
      const figure = box.closest('figure');
      const numbered = figure?.querySelector('.caption-number')?.textContent.startsWith('Fig.');
      return !(box.getAttribute('aria-label') && numbered && document.querySelector(`a.reference.internal[href$="#${figure.id}"]`));
    }).map((box) => box.id || box.getAttribute('aria-label'))""",
    # How many links lead back and on, and how many sections the page and its own contents have.
    "ways": """[document.querySelectorAll('.prev-next-footer a.left-prev').length,
      document.querySelectorAll('.prev-next-footer a.right-next').length]""",
    "sections": """[document.querySelectorAll('article section > section > h2').length,
      document.querySelectorAll('.bd-toc nav > ul > li').length]""",
    # The text of an article below its first heading, in pieces: what a piece says, and where it links to.
    "pieces": """(() => {
      const quiet = 'h1, h2, h3, .admonition-title, summary, code, pre, .math, mjx-container, math, figcaption, .cell_output, script, '
        + 'noscript, .headerlink';
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
    # Sliders and buttons too small for a thumb: under 44 px.
    "small": """[...document.querySelectorAll('.plotly-slider :is(input, button)')].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.height < 44 || box.width < 44;
    }).map((node) => node.outerHTML.slice(0, 80))""",
}


def violations(page, options=AXE_OPTIONS):
    """Return what axe-core finds wrong with a page: each rule with the first places."""
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


def look(browser, url, width, scheme):
    """Open a page, draw its figures, and return a dict of all that is to be known of it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_init_script(SHIFTS)
    one = Visit(browser, url, context=context)
    found = {"drawn": one.draw_all()}
    one.settle()
    found |= {name: one.page.evaluate(measure) for name, measure in MEASURES.items()}
    found |= {"errors": list(one.errors), "requests": list(one.requests)}  # before axe, which asks for more
    found["axe"] = violations(one.page, ON_A_PHONE if width == PHONE else AXE_OPTIONS)
    context.close()
    return found
