"""Sphinx extension: where a page first uses a term of the dictionary, the word links to it.

So the chapters need no markup for it, which would stand between the lines of a notebook. Objectives and
introduction, titles and code stay as they are.
"""

import re

from docutils import nodes

QUIET = {"title", "reference", "literal", "literal_block", "math", "math_block", "raw", "caption", "dropdown_title", "term"}


def terms_of(env):
    """Return a dict from each term of the glossary, in lower case, to its document and its place there."""
    objects = env.get_domain("std").get_objects()
    return {name.lower(): (docname, place) for name, _, kind, docname, place, _ in objects if kind == "term"}


def pattern_for(terms):
    """Return a pattern that finds any of the terms as a word of its own, in the singular or the plural."""
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?:e?s)?(?![\w-])", re.IGNORECASE)


def link_first_uses(app, doctree, docname):
    """Link the first use of every term in the sections of a page."""
    terms = terms_of(app.env)
    if not terms or docname in {page for page, _ in terms.values()}:
        return
    pattern, seen = pattern_for(terms), set()
    for text in [text for text in doctree.findall(nodes.Text) if is_prose(text)]:
        pieces = list(linked(text, pattern, terms, seen, app.builder, docname))
        if len(pieces) > 1:
            text.parent.replace(text, pieces)


def is_prose(text):
    """Return whether a text stands in a section below the page's first heading, and in none of what stays quiet."""
    above, node = [], text.parent
    while node is not None:
        above.append(node.tagname)
        node = node.parent
    return above.count("section") > 1 and not QUIET.intersection(above)


def linked(text, pattern, terms, seen, builder, docname):
    """Yield a text in pieces, with a link for each term in it that has not been seen before."""
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
    """Connect to the moment at which all pages have been read and each is about to be written."""
    app.connect("doctree-resolved", link_first_uses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
