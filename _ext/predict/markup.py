"""The parts of a question on the page, and their HTML."""

import html
import json
from pathlib import Path

from docutils import nodes

RECORD = "chapters/predictions"  # the page with the reader's own record


class predict(nodes.General, nodes.Element):
    """A question: its `cell`, the settings `given` in it, and the addresses of its `answers`."""


class predict_asked(nodes.General, nodes.Element):
    """The text of the question `name`."""


class predict_options(nodes.General, nodes.Element):
    """The options of the question `name`."""


class predict_option(nodes.Part, nodes.TextElement):
    """One option of the question `name`; `value` is its number, from 0."""


class predict_form(nodes.General, nodes.Element):
    """The controls of the question `name`; `settings` is what the script must know."""


class predict_says(nodes.General, nodes.Element):
    """The sentences for those who fell for an idea; each is seen by those alone."""


class predict_cover(nodes.General, nodes.Element):
    """What is covered until `question` is answered."""


class predict_record(nodes.General, nodes.Element):
    """The reader's own record; its children are for readers without scripts."""


def data(value):
    """Return data for the script, inside HTML."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/json">{text}</script>'


FIELDS = {
    "number": '<svg class="predict-scale" aria-hidden="true"></svg>',
    "choice": "",
    "curve": '<svg class="predict-pad" role="group" aria-label="Your curve"></svg><p class="predict-how">Draw with a finger or the mouse. '
             "From the keyboard, ← and → choose a point, ↑ and ↓ move it.</p>",
}


def form_html(node):
    """Return the controls of a question, which need scripts."""
    settings = node["settings"]
    entry = (f'<label>Your answer <input type="text" inputmode="decimal" autocomplete="off" aria-describedby="{node["name"]}-asked">'
             f' {html.escape(settings["unit"])}</label>' if settings["kind"] == "number" else "")
    return (f'<div class="predict-form">{FIELDS[settings["kind"]]}<div class="predict-row">{entry}'
            '<button type="button" class="predict-commit">Commit</button><button type="button" class="predict-show">Show me</button></div>'
            f'<p class="predict-said"></p><p class="predict-heard" role="status"></p>{data(settings)}</div>')


def says_html(translator):
    """Return the opening of the sentences; the first is for those who have not answered yet."""
    builder = translator.builder
    mine = ""
    if RECORD in builder.env.found_docs and builder.current_docname != RECORD:
        mine = f' <a href="{builder.get_relative_uri(builder.current_docname, RECORD)}">Your predictions</a> keeps count.'
    return f'<div class="predict-says"><p class="predict-kept is-shown">Your answer stays in this browser.{mine}</p>'


def record_html(builder):
    """Return the opening of the record, with all questions of the book."""
    env = builder.env
    pages = []
    for name in env.collect_relations():
        if asked := getattr(env, "predictions", {}).get(name):
            number = ".".join(map(str, env.toc_secnumbers.get(name, {}).get("", ())))
            title = f"{number}. {env.titles[name].astext()}" if number else env.titles[name].astext()
            address = builder.get_relative_uri(builder.current_docname, name)
            pages.append({"page": Path(name).name, "title": title, "href": address, "asked": asked})
    return f'<div class="predict-record">{data(pages)}<div class="predict-without">'


def writers():
    """Return for each part the functions that write its opening and its end."""
    def opening(write):
        return lambda translator, node: translator.body.append(write(translator, node))

    def ending(text):
        return lambda translator, node: translator.body.append(text)

    return {
        predict: (opening(lambda _, node: f'<div class="predict" id="{node["ids"][0]}">'), ending("</div>")),
        predict_asked: (opening(lambda _, node: f'<div id="{node["name"]}-asked">'), ending("</div>")),
        predict_options: (opening(lambda _, node: '<div class="predict-options" role="group"'
                                                  f' aria-labelledby="{node["name"]}-asked">'), ending("</div>")),
        predict_option: (opening(lambda _, node: f'<label><input type="radio" name="{node["name"]}" value="{node["value"]}"><span>'),
                         ending("</span><em></em></label>")),
        predict_form: (opening(lambda _, node: form_html(node)), ending("")),
        predict_says: (opening(lambda translator, _: says_html(translator)), ending("</div>")),
        predict_cover: (opening(lambda _, node: f'<div class="predict-cover" data-predict="{node["question"]}"><div>'),
                        ending("</div></div>")),
        predict_record: (opening(lambda translator, _: record_html(translator.builder)), ending("</div></div>")),
    }
