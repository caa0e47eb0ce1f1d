"""Sphinx extension: links the first use of each dictionary term on a page to its entry.

This keeps markup for terms out of the notebooks. It skips the objectives and the introduction, titles and code, and what stands for a
live part where there are no scripts.
"""

import re

from docutils import nodes

QUIET = {"title", "reference", "literal", "literal_block", "math", "math_block", "raw", "caption", "dropdown_title", "term", "live_part",
         "predict_option", "predict_says"}


def terms_of(env):
    """Return a dict from each glossary term, in lower case, to its document and its anchor there."""
    objects = env.get_domain("std").get_objects()
    return {name.lower(): (docname, place) for name, _, kind, docname, place, _ in objects if kind == "term"}


def pattern_for(terms):
    """Return a pattern that matches any of the terms as a whole word, singular or plural."""
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?:e?s)?(?![\w-])", re.IGNORECASE)


def link_first_uses(app, doctree, docname):
    """Link the first use of each term in the sections of a page."""
    terms = terms_of(app.env)
    if not terms or docname in {page for page, _ in terms.values()}:
        return
    pattern, seen = pattern_for(terms), set()
    for text in [text for text in doctree.findall(nodes.Text) if is_prose(text)]:
        pieces = list(linked(text, pattern, terms, seen, app.builder, docname))
        if len(pieces) > 1:
            text.parent.replace(text, pieces)


def is_prose(text):
    """Return whether a text is in a section below the page's first heading, and not inside a node that gets no links."""
    above, node = [], text.parent
    while node is not None:
        above.append(node.tagname)
        node = node.parent
    return above.count("section") > 1 and not QUIET.intersection(above)


def linked(text, pattern, terms, seen, builder, docname):
    """Split a text into nodes, with a link for each term that has not been seen yet."""
    start = 0
    for match in pattern.finditer(text):
        term = match[1].lower()
        if term not in seen:
            seen.add(term)
            page, place = terms[term]
            yield nodes.Text(text[start:match.start()])
            address = f"{builder.get_relative_uri(docname, page)}#{place}"
            yield nodes.reference("", match[0], internal=True, refuri=address, classes=["first-use"])
            start = match.end()
    yield nodes.Text(text[start:])


def setup(app):
    """Run once all pages have been read, before each is written."""
    app.connect("doctree-resolved", link_first_uses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
