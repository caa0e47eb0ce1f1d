"""Covers what answers a question: outputs of cells, and text up to the next heading."""

from docutils import nodes

from .markup import predict, predict_cover
from .stored import Missing, parts_of


def cover(doctree, book, box):
    """Cover what the question in `box` says, or all from there to its answer and the text below it."""
    places = {cell.id: index for index, cell in enumerate(book.cells)}
    answers = {parts_of(address)[0] for address in box["answers"]}
    listed = box["given"].get("covers", "").split()
    if strange := set(listed) - set(places):
        raise Missing(f"covers: expected ids of cells, got {sorted(strange)}")
    asked = places[box["cell"]]
    wanted = {places[name] for name in listed} if listed else stretch(book, asked, {places[name] for name in answers})
    found = blocks(doctree, box, wanted, strict=not listed)
    if missed := answers - {book.cells[cell].id for cell, _ in found}:
        raise Missing(f"covers: expected the cells that give the answer, which come after the question, got none of {sorted(missed)}")
    if bare := set(listed) - {book.cells[cell].id for cell, _ in found}:
        raise Missing(f"covers: expected an output, or text before a heading, got neither in {sorted(bare)}")
    for group in neighbours([block for _, block in found]):
        wrap(group, box["ids"][0])


def stretch(book, asked, answers):
    """Return the cells from the question to the last answer and the text that follows it."""
    last = max(answers, default=asked)
    text = last + 1 < len(book.cells) and book.cells[last + 1].cell_type == "markdown"
    shown = [cell for cell in range(asked, last + 1) if book.cells[cell].cell_type == "markdown" or book.cells[cell].outputs]
    return {*shown, *([last + 1] if text else [])}


def blocks(doctree, box, wanted, strict):
    """Return the parts of a page to be covered, each with the number of its cell, in order."""
    found, headed, after, cell = [], set(), False, 0
    for node in doctree.findall(nodes.Element):
        if not isinstance(node.parent, nodes.section) or isinstance(node, nodes.section):
            continue
        cell = cell_of(node, cell)
        after = after or node is box
        if not after or node is box or cell not in wanted:
            continue
        if isinstance(node, nodes.title):
            headed.add(cell)
            if strict and cell != max(wanted):
                raise Missing(f"expected no heading between question and answer, got {node.astext()!r}: list the cells in a line `covers:`")
        elif cell not in headed:
            if isinstance(node, predict):
                raise Missing(f"expected no other question before the answer, got {node['asked']!r}")
            found += [(cell, part) for part in coverable(node)]
    return found


def cell_of(node, before):
    """Return the number of the cell that a part of a page comes from."""
    if node.get("nb_element") == "cell_code":
        return node["cell_index"]
    line = node.line or next((inner.line for inner in node.findall() if inner.line), None)
    return line // 10000 - 1 if line else before


def coverable(node):
    """Return what is to be covered of a part of a page: of a code cell its outputs."""
    if node.get("nb_element") != "cell_code":
        return [node]
    return [inner for inner in node.findall(nodes.container) if inner.get("nb_element") == "cell_code_output"]


def neighbours(parts):
    """Return the parts in groups of those that stand next to each other."""
    groups = []
    for part in parts:
        last = groups[-1][-1] if groups else None
        if last is not None and last.parent is part.parent and last.parent.index(last) + 1 == part.parent.index(part):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def wrap(group, question):
    """Put parts of a page that stand next to each other under one cover."""
    parent, place = group[0].parent, group[0].parent.index(group[0])
    for part in group:
        if isinstance(part.parent, predict_cover):
            raise Missing("expected parts of the page that no other question covers, got one that is covered already")
        parent.remove(part)
    parent.insert(place, predict_cover("", *group, question=question))
