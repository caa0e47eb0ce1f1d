"""Sphinx extension: removes what the theme and extensions ship and the book, or a page, does not use.

Some extensions add their scripts and styles to every page; they stay only where there is something for them to do. The theme
ships Font Awesome twice, as a script with all icons and as web fonts. The fonts suffice, so the script is emptied, and the font
keeps only the icons that a page, script or style names.
"""

import re
from pathlib import Path

from fontTools import subset

ICON = re.compile(r"\bfa-[a-z0-9-]+")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CODE = re.compile(r'"\\([ef][0-9a-f]{3})"')


# What extensions add to every page, and the markup of those pages that need it.
NEEDED = {
    "clipboard.min.js": "highlight", "copybutton.js": "highlight", "copybutton.css": "highlight",
    "togglebutton.js": "toggle|dropdown", "togglebutton.css": "toggle|dropdown",
    "design-tabs.js": "sd-tab", "sphinx-design.min.css": "sd-",
}


def leave_out(app, pagename, templatename, context, doctree):
    """Leave out the scripts and styles for which a page has no markup."""
    classes = " ".join(re.findall('class="([^"]*)"', context.get("body", "")))

    def needed(asset):
        markup = NEEDED.get(Path(str(asset.filename)).name)
        return markup is None or re.search(rf"\b(?:{markup})", classes)

    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if needed(asset)]


def lighten(app, exception):
    """Empty the script and cut down the font, if the build had no error."""
    site = Path(app.outdir)
    script = site / "_static" / "scripts" / "fontawesome.js"
    if exception or not script.exists():
        return
    script.write_text("")
    keep(used_icons(site), site / "_static" / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.woff2")


def used_icons(site):
    """Return the code points of the icons that the site uses, by name in pages and scripts or directly in a style."""
    named = {icon for kind in ("html", "js") for path in site.rglob(f"*.{kind}") for icon in ICON.findall(path.read_text(encoding="utf-8"))}
    rules = [rule for path in site.rglob("*.css") for rule in RULE.findall(path.read_text(encoding="utf-8"))]
    codes = set()
    for selectors, body in rules:
        icons = set(ICON.findall(selectors))
        if not icons or icons & named:
            codes |= {int(code, 16) for code in CODE.findall(body)}
    return codes


def keep(codes, font_file):
    """Reduce a web font to the given code points."""
    options = subset.Options(flavor="woff2")
    font = subset.load_font(font_file, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    subset.save_font(font, font_file, options)


def setup(app):
    """Run as each page is written, and at the end of the build."""
    app.connect("html-page-context", leave_out, priority=900)  # after the others have added theirs
    app.connect("build-finished", lighten)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
