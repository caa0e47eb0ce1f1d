"""Predictions in the page: committed by keyboard or by hand, remembered, counted; nothing is seen before, and nobody is left out."""

import gzip
import json
import re

import pytest
from bs4 import BeautifulSoup, NavigableString

from page_limits import REPORTED
from tools.book import CHAPTERS
from tools.browsing import PHONE, WIDE, Visit, served
from tools.page_look import LOOKS, SHIFTS, violations

KEY = "demystifying-deep-learning predictions"
NUMBER, CHOICE, CURVE = ("stopping", "predict-lecture"), ("one-run", "predict-replicas"), ("stopping", "predict-noisy")
WITH_QUESTIONS = ["stopping", "activations", "one-run", "survey", "compare", "report", "causes"]
MOST = 6_000  # bytes of script and style, as they are sent
# A browser that lets nobody near its storage, of which the theme complains, and one that keeps nothing.
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
THEMES = {"no", "full", "Got invalid theme mode: undefined. Resetting to auto."}
# Whether an element can be seen and touched, heard, and reached by Tab.
HIDDEN = """cover => ({
  seen: cover.querySelector('div').checkVisibility({visibilityProperty: true}),
  inert: cover.querySelector('div').inert,
  parts: [...cover.firstChild.querySelectorAll('*')].filter((node) => getComputedStyle(node).visibility === 'visible').length,
})"""


@pytest.fixture
def opened(browser, address):
    """Open pages with a record of answers; all are closed, and must have had no error, after the test."""
    visits = []

    def open_page(name, place=address, record=None, script="", context=None, **how):
        if context is None:
            how = {"viewport": {"width": how.pop("width", WIDE), "height": 900}, "color_scheme": how.pop("scheme", "light"), **how}
            context = browser.new_context(**how)
            kept = f"localStorage.setItem({json.dumps(KEY)}, {json.dumps(json.dumps(record))});" if record is not None else ""
            context.add_init_script(script + kept)
        visits.append(Visit(browser, f"{place}/chapters/{name}.html", context=context))
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
        assert not one.errors


def asked(one, question):
    """Return the box of a question."""
    return one.page.locator(f"#{question[1]}")


def covers(one, question):
    """Return the covers of a question."""
    return one.page.locator(f".predict-cover[data-predict={question[1]}]")


def kept(one):
    """Return the record that the browser keeps."""
    return json.loads(one.page.evaluate(f"localStorage.getItem({json.dumps(KEY)})") or "{}")


def said(box):
    """Return what the page says to an answer, and the sentence below it."""
    return [box.locator(".predict-said").inner_text(), box.locator(".predict-says > .is-shown").inner_text()]


def settings(box):
    """Return what the script knows of a question."""
    return json.loads(box.locator("script").text_content())


def ends(box):
    """Return what the page says of a curve: where it begins and ends, to two digits."""
    first, *_, last = (float(f"{value:.2g}") for value in settings(box)["truth"])
    return f"It goes from {first:g} to {last:g}."


def is_open(one, question):
    """Return whether all that answers a question is seen."""
    found = [cover.evaluate(HIDDEN) for cover in covers(one, question).all()]
    assert len({cover["seen"] for cover in found}) == 1
    return found[0]["seen"] and not any(cover["inert"] for cover in found)


# ---- Answers ----


def test_a_number_is_committed_by_keyboard_and_remembered(opened):
    one = opened("stopping")
    box = asked(one, NUMBER)
    assert not is_open(one, NUMBER)
    height = box.evaluate("node => node.offsetHeight")
    box.get_by_label("Your answer").focus()
    one.page.keyboard.type("60")
    one.page.keyboard.press("Enter")
    assert is_open(one, NUMBER) and not is_open(one, CURVE)
    assert said(box)[0] == "You said 60; it is 2: 58 off."
    assert said(box)[1].startswith("You expect it to be trained to its end.")
    assert box.locator("[role=status]").inner_text() == " ".join([said(box)[0], "", said(box)[1]]).replace("  ", " ")
    assert box.locator("svg text").all_text_contents() == ["0", "200", "you: 60", "it is 2"]
    assert abs(box.evaluate("node => node.offsetHeight") - height) <= 2
    entry = kept(one)["stopping#predict-lecture"]
    assert {key: entry[key] for key in ("kind", "said", "right", "is")} == {"kind": "number", "said": 60, "right": False, "is": "2"}
    before = said(box)
    one.page.reload()
    assert said(box) == before and is_open(one, NUMBER)
    assert box.get_by_label("Your answer").input_value() == "60"
    assert box.locator("[role=status]").inner_text() == ""


@pytest.mark.parametrize("text, verdict", [
    ("2", "You said 2; it is 2: exactly right."), ("5,5", "You said 5.5; it is 2: 3.5 off, near enough"),
])
def test_a_number_is_right_or_near_enough(opened, text, verdict):
    one = opened("stopping")
    box = asked(one, NUMBER)
    box.get_by_label("Your answer").fill(text)
    box.get_by_role("button", name="Commit").press("Enter")
    assert said(box)[0].startswith(verdict)
    assert "stays in this browser" in said(box)[1]
    assert kept(one)["stopping#predict-lecture"]["right"] is True


@pytest.mark.parametrize("text", ["abc", "", "-3", "201"])
def test_what_is_no_number_of_the_scale_is_refused_in_a_sentence(opened, text):
    one = opened("stopping")
    box = asked(one, NUMBER)
    box.get_by_label("Your answer").fill(text)
    box.get_by_role("button", name="Commit").press("Enter")
    assert said(box)[0] == f"Expected a number from 0 to 200, got “{text}”." == box.locator("[role=status]").inner_text()
    assert not is_open(one, NUMBER) and not kept(one)


def test_a_percentage_is_a_share(opened):
    one = opened("report")
    box = one.page.locator("#predict-effects-differ")
    box.get_by_label("Your answer").fill("33 %")
    box.get_by_role("button", name="Commit").click()
    assert said(box)[0] == "You said 0.33; it is 0.33: exactly right."


def test_a_choice_is_committed_by_keyboard_and_remembered(opened):
    one = opened("one-run")
    box = asked(one, CHOICE)
    box.get_by_role("button", name="Commit").press("Enter")
    assert said(box)[0] == "Expected one of the options, got none." and not is_open(one, CHOICE)
    box.get_by_role("radio").first.focus()
    one.page.keyboard.press("Space")
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Tab")
    one.page.keyboard.press("Enter")
    assert is_open(one, CHOICE)
    assert said(box) == ["It is another one, marked with ✓.", "Their losses are added up, but none depends on the parameters of another "
                         "network. So each gets the gradient that it would get alone."]
    assert "Not at all, but for rounding." in box.locator("[role=status]").inner_text()
    assert [mark.inner_text() for mark in box.locator("em").all()] == ["", "✗", "✓"]
    before = said(box)
    one.page.reload()
    assert said(box) == before and is_open(one, CHOICE)
    assert [option.is_checked() for option in box.get_by_role("radio").all()] == [False, True, False]


def test_a_curve_is_set_by_keyboard_and_remembered(opened):
    one = opened("stopping")
    box = asked(one, CURVE)
    height = box.evaluate("node => node.offsetHeight")
    box.get_by_role("button", name="Commit").press("Enter")
    assert said(box)[0].startswith("Expected a curve, got") and not is_open(one, CURVE)
    points = box.get_by_role("slider")
    assert points.count() == 9
    assert points.first.get_attribute("aria-label") == "cross-entropy at epoch 0"
    points.first.focus()
    for _ in range(6):
        one.page.keyboard.press("ArrowUp")
    assert points.first.get_attribute("aria-valuenow") == "0.64"
    for index in range(1, 9):
        one.page.keyboard.press("ArrowRight")
        assert points.nth(index).evaluate("node => node === document.activeElement")
        for _ in range(index):
            one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Tab")
    assert box.get_by_role("button", name="Commit").evaluate("node => node === document.activeElement")
    assert box.locator("path.true").count() == 0
    one.page.keyboard.press("Enter")
    assert is_open(one, CURVE)
    assert box.locator("path.true").count() == box.locator("path.yours").count() == 1
    assert re.fullmatch(r"On average you were 0\.\d+ off\. " + re.escape(ends(box)), said(box)[0])
    assert said(box)[1].startswith("You expect what lowers one loss to lower the other.")
    assert abs(box.evaluate("node => node.offsetHeight") - height) <= 2
    before, drawn = said(box), box.locator("path.yours").get_attribute("d")
    points.first.focus()
    one.page.keyboard.press("ArrowDown")  # what is committed stays
    one.page.reload()
    assert said(box) == before
    assert box.locator("path.yours").get_attribute("d")[:20] == drawn[:20]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_curve_is_drawn_by_hand(opened, width):
    one = opened("stopping", width=width)
    box = asked(one, CURVE)
    pad = box.locator("svg")
    pad.scroll_into_view_if_needed()
    truth = settings(box)["truth"]
    frame = pad.bounding_box()
    places = [(frame["x"] + 44 + (frame["width"] - 56) * i / 8, frame["y"] + 236 - 210 * value / 0.8) for i, value in enumerate(truth)]
    one.page.mouse.move(*places[0])
    one.page.mouse.down()
    for place in places[1:]:
        one.page.mouse.move(*place)
    one.page.mouse.up()
    drawn = [float(point.get_attribute("aria-valuenow")) for point in box.get_by_role("slider").all()]
    assert drawn == pytest.approx(truth, abs=0.02)
    box.get_by_role("button", name="Commit").click()
    assert "near enough to be right" in said(box)[0] and "stays in this browser" in said(box)[1]
    assert kept(one)["stopping#predict-noisy"]["right"] is True


def test_a_curve_that_is_drawn_wrongly_shows_its_idea(opened):
    said_curve = {"rises and does not turn": [0.3, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8], "flat": [0.4] * 9}
    for idea, curve in said_curve.items():
        one = opened("stopping", record={"stopping#predict-noisy": {"kind": "curve", "said": curve}})
        box = asked(one, CURVE)
        shown = box.locator(".predict-says > p").evaluate_all("all => all.findIndex(one => one.classList.contains('is-shown'))")
        assert settings(box)["ideas"][shown - 1] == idea


def test_show_me_shows_and_counts_as_looked_up(opened):
    one = opened("stopping")
    for question in (NUMBER, CURVE):
        asked(one, question).get_by_role("button", name="Show me").press("Enter")
        assert is_open(one, question)
        assert "said" not in kept(one)["#".join(question)]
    assert said(asked(one, NUMBER))[0] == "It is 2."
    assert said(asked(one, CURVE))[0] == ends(asked(one, CURVE))
    assert asked(one, NUMBER).get_by_role("button", name="On to the result").evaluate("node => node === document.activeElement") is False
    asked(one, NUMBER).get_by_role("button", name="On to the result").press("Enter")
    assert covers(one, NUMBER).first.evaluate("node => node === document.activeElement")
    assert asked(one, NUMBER).get_by_role("button", name="Show me").count() == 0


@pytest.mark.parametrize("name", WITH_QUESTIONS)
def test_every_right_answer_is_judged_right_and_shows_no_misconception(opened, name):
    first = opened(name)
    boxes = {box.get_attribute("id"): (settings(box), box.locator(".predict-options label > span").all_inner_texts())
             for box in first.page.locator(".predict").all()}
    assert len(boxes) >= 2
    answers = {"number": lambda one, _: float(one["answer"]), "choice": lambda one, texts: texts[one["answer"]],
               "curve": lambda one, _: one["truth"]}
    record = {f"{name}#{key}": {"kind": one["kind"], "said": answers[one["kind"]](one, texts)} for key, (one, texts) in boxes.items()}
    second = opened(name, record=record)
    for key in boxes:
        verdict, below = said(second.page.locator(f"#{key}"))
        assert re.search(r"exactly right|You were right|0 off, near enough to be right|e-\d+ off, near enough", verdict), verdict
        assert "stays in this browser" in below


# ---- What is covered ----


@pytest.mark.parametrize("name", WITH_QUESTIONS)
def test_what_is_covered_is_neither_seen_nor_heard_nor_reached(opened, name):
    one = opened(name)
    boxes = one.page.locator(".predict-cover")
    assert boxes.count() >= 2
    for cover in boxes.all():
        assert cover.evaluate(HIDDEN) == {"seen": False, "inert": True, "parts": 0}
    place = one.page.locator(".predict-cover").first
    place.scroll_into_view_if_needed()
    one.page.locator("body").focus()
    one.page.evaluate("window.landed = []; addEventListener('focusin', ({target}) => "
                      "landed.push(target.closest('.predict-cover > div') ? 'covered' : 'elsewhere'))")
    for _ in range(150):
        one.page.keyboard.press("Tab")
    landed = one.page.evaluate("landed")
    assert len(landed) > 100 and set(landed) == {"elsewhere"}


def test_a_link_to_what_is_covered_lands_on_its_cover_which_leads_to_the_question(opened):
    one = opened("stopping")
    one.page.evaluate("location.hash = 'fig-overfit'")
    note = one.page.locator(".predict-cover:has(#fig-overfit) > .predict-note")
    assert note.inner_text() == "Covered until you have predicted ↑"
    one.page.wait_for_function("node => { const at = node.getBoundingClientRect(); return at.top < innerHeight && at.bottom > 0; }",
                               arg=note.element_handle())
    note.press("Enter")
    one.page.wait_for_function("node => { const at = node.getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight; }",
                               arg=asked(one, CURVE).element_handle())


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", WITH_QUESTIONS)
def test_nothing_moves_when_it_is_uncovered_or_remembered(opened, name, width):
    one = opened(name, script=SHIFTS, width=width)
    one.draw_all()
    one.settle()
    assert one.page.evaluate("window.shift") < 0.05
    again = opened(name, context=one.context)
    again.settle()
    assert again.page.evaluate("window.shift") < 0.05


def test_covers_keep_the_place_of_what_they_cover(opened):
    one = opened("stopping")
    places = "all => all.map((node) => [node.offsetTop, node.offsetHeight])"
    one.page.locator(".predict-cover").first.scroll_into_view_if_needed()
    one.draw_all  # noqa: B018  (figures are drawn while they are covered, too)
    before = covers(one, NUMBER).evaluate_all(places)
    asked(one, NUMBER).get_by_role("button", name="Show me").click()
    after = covers(one, NUMBER).evaluate_all(places)
    assert [height for _, height in after] == [height for _, height in before]
    assert all(abs(now - then) <= 2 for (now, _), (then, _) in zip(after, before))


# ---- The record ----

RECORD = {
    "stopping#predict-lecture": {"kind": "number", "said": 60, "right": False, "off": 0.29, "is": "2", "idea": "An idea of yours."},
    "one-run#predict-replicas": {"kind": "choice", "said": "Not at all", "right": True, "off": None, "is": "Not at all", "idea": ""},
    "stopping#predict-noisy": {"kind": "curve", "is": "It goes"},
}


def test_the_record_counts_by_chapter_and_names_the_ideas(opened):
    page = opened("predictions", record=RECORD).page
    total = page.locator(".predict-sum").inner_text()
    assert re.fullmatch(r"You have answered 2 of \d\d questions, and 1 of your answers was right\. You looked up 1 without an answer\.",
                        total)
    rows = {row.locator("a").inner_text(): row.locator("td").all_inner_texts() for row in page.locator(".predict-mine tbody tr").all()}
    stopping = next(cells for title, cells in rows.items() if "when to stop" in title)
    assert stopping[1:] == ["0", "1", "29%"] and re.fullmatch(r"1 of [3-9]", stopping[0])
    assert "An idea of yours." in page.locator(".predict-mine li").first.inner_text()
    page.locator(".predict-mine li a").first.click()
    page.wait_for_url("**/stopping.html#predict-lecture")


def test_the_record_is_erased_when_that_is_confirmed(opened):
    one = opened("predictions")
    one.page.evaluate(f"localStorage.setItem({json.dumps(KEY)}, {json.dumps(json.dumps(RECORD))})")
    one.page.reload()
    one.page.get_by_role("button", name="Erase my record").press("Enter")
    assert one.page.get_by_role("alert").inner_text().endswith("Erase them?")
    assert one.page.get_by_role("button", name="No, keep them").evaluate("node => node === document.activeElement")
    one.page.keyboard.press("Enter")
    assert kept(one) == RECORD
    one.page.keyboard.press("Enter")  # the button that asks is in focus again
    one.page.keyboard.press("Shift+Tab")
    one.page.keyboard.press("Enter")
    assert kept(one) == {}
    assert "You have answered none" in one.page.locator(".predict-sum").inner_text()
    assert one.page.locator(".predict-sum").evaluate("node => node === document.activeElement")
    assert not is_open(opened("stopping", context=one.context), NUMBER)


def test_what_was_answered_in_a_chapter_is_in_the_record_from_a_folder_too(browser, site):
    context = browser.new_context()
    one = Visit(browser, (site / "chapters" / "stopping.html").as_uri(), context=context)
    box = asked(one, NUMBER)
    box.get_by_label("Your answer").fill("2")
    box.get_by_label("Your answer").press("Enter")
    assert is_open(one, NUMBER)
    box.get_by_role("link", name="Your predictions").evaluate("node => node.click()")
    one.page.wait_for_url("**/predictions.html")
    assert "answered 1 of" in one.page.locator(".predict-sum").inner_text()
    assert not one.errors
    context.close()


@pytest.mark.parametrize("refusing", [NO_STORAGE, FULL])
def test_a_browser_that_keeps_nothing_is_no_error(opened, refusing):
    one = opened("stopping", script=refusing)
    box = asked(one, NUMBER)
    box.get_by_label("Your answer").fill("60")
    box.get_by_label("Your answer").press("Enter")
    assert is_open(one, NUMBER) and said(box)[0] == "You said 60; it is 2: 58 off."
    other = opened("predictions", script=refusing)
    assert "You have answered none" in other.page.locator(".predict-sum").inner_text()
    for visit in (one, other):
        assert set(visit.errors) <= THEMES
        visit.errors.clear()


@pytest.mark.parametrize("odd", ["{", "null", "7", '{"stopping#predict-lecture": {"kind": "choice", "said": "so"}}',
                                 '{"stopping#predict-noisy": {"kind": "curve", "said": [1]}}'])
def test_what_others_have_left_in_the_storage_is_no_error(opened, odd):
    one = opened("stopping", script=f"if (!sessionStorage.seen) localStorage.setItem({json.dumps(KEY)}, {json.dumps(odd)}); "
                                    "sessionStorage.seen = 1;")
    assert not is_open(one, NUMBER) and not is_open(one, CURVE)
    asked(one, NUMBER).get_by_role("button", name="Show me").press("Enter")
    assert is_open(one, NUMBER)


# ---- Everybody ----


@pytest.mark.parametrize("name", WITH_QUESTIONS)
def test_without_scripts_nothing_is_covered_and_no_control_is_seen(browser, address, name):
    one = Visit(browser, f"{address}/chapters/{name}.html", java_script_enabled=False)
    assert all(cover.locator("> div").is_visible() for cover in one.page.locator(".predict-cover").all())
    assert all(box.locator("p").first.is_visible() for box in one.page.locator(".predict").all())
    assert not any(control.is_visible() for control in one.page.locator(".predict :is(input, button, svg, .predict-says p)").all())
    assert all(option.is_visible() for option in one.page.locator(".predict-options span").all())
    one.context.close()


def test_without_scripts_the_record_says_what_it_would_show(browser, address):
    one = Visit(browser, f"{address}/chapters/predictions.html", java_script_enabled=False)
    assert "does not run scripts" in one.page.locator(".predict-record").inner_text()
    one.context.close()
    with_scripts = Visit(browser, f"{address}/chapters/predictions.html")
    assert "does not run scripts" not in with_scripts.page.locator(".predict-record").inner_text()
    with_scripts.context.close()


def test_if_the_script_does_not_load_nothing_is_covered(browser, address):
    context = browser.new_context()
    context.route("**/predict.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{address}/chapters/stopping.html")
    assert page.locator(".predict-cover > div").first.is_visible()
    context.close()


def test_no_answer_is_painted_before_it_is_covered(opened):
    before = "addEventListener('DOMContentLoaded', () => { window.early = document.documentElement.classList.contains('predicting') " \
             "&& getComputedStyle(document.querySelector('.predict-cover > div')).visibility; }, {once: true, capture: true});"
    assert opened("stopping", script=before).page.evaluate("window.early") == "hidden"
    head = opened("report").page.evaluate("document.querySelector('script[src$=\"predict.js\"]').closest('head') !== null")
    assert head


@pytest.mark.parametrize("name", ["stopping", "one-run"])
def test_on_paper_nothing_is_covered_and_no_control_is_seen(opened, name):
    one = opened(name)
    one.page.emulate_media(media="print")
    assert all(cover.locator("> div").is_visible() for cover in one.page.locator(".predict-cover").all())
    assert not any(control.is_visible() for control in one.page.locator(".predict :is(input, button, svg), .predict-note").all())
    assert one.page.locator(".predict p").first.is_visible()


@pytest.mark.parametrize("width, scheme", [*LOOKS, (WIDE, "dark"), (PHONE, "light")])
def test_axe_finds_nothing_before_and_after(opened, width, scheme):
    for name, record in (("stopping", {}), ("one-run", {}), ("predictions", RECORD)):
        one = opened(name, script=f"if (!sessionStorage.seen) localStorage.setItem({json.dumps(KEY)}, {json.dumps(json.dumps(record))}); "
                                  "sessionStorage.seen = 1;", width=width, scheme=scheme, has_touch=width == PHONE)
        one.settle()
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        assert not violations(one.page, within=".predict, .predict-cover, .predict-record")
        for box in one.page.locator(".predict").all():
            if box.get_by_role("radio").count():
                box.get_by_role("radio").first.check()
                box.get_by_role("button", name="Commit").click()
            elif box.locator("[type=text]").count():
                box.get_by_label("Your answer").fill("1")
                box.get_by_role("button", name="Commit").click()
            else:
                box.get_by_role("slider").first.press("ArrowUp")
                box.get_by_role("button", name="Commit").click()
        assert not violations(one.page, within=".predict, .predict-cover, .predict-record")
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        one.errors.clear()  # axe makes requests of its own


def test_controls_are_large_enough_for_a_thumb(opened):
    for name in WITH_QUESTIONS:
        one = opened(name, width=PHONE, has_touch=True)
        controls = one.page.locator(".predict :is(button, [type=text], .predict-options label)")
        assert min(controls.evaluate_all("all => all.map((node) => node.getBoundingClientRect().height)")) >= 44


def test_questions_work_under_a_strict_policy(opened, strict):
    one = opened("stopping", place=strict, script=REPORTED)
    for question in (NUMBER, CURVE):
        asked(one, question).get_by_role("button", name="Show me").click()
        assert is_open(one, question)
    record = opened("predictions", place=strict, context=one.context)
    assert "looked up 2" in record.page.locator(".predict-sum").inner_text()
    for page in (one.page, record.page):
        assert not [text for text in page.evaluate("window.broken") if not text.startswith("script-src-attr")]
    one.errors.clear()  # the theme's handlers
    record.errors.clear()


def test_questions_work_under_a_sub_path(browser, site, tmp_path):
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(site)
    with served(tmp_path) as place:
        one = Visit(browser, f"{place}/some/where/chapters/report.html")
        assert not one.page.locator(".predict-cover > div").first.is_visible()
        one.page.locator(".predict").first.get_by_role("link", name="Your predictions").click()
        one.page.locator(".predict-sum").wait_for()
        assert not one.errors
        one.context.close()


def test_script_and_style_of_a_question_are_light(site):
    assert sum(len(gzip.compress((site / "_static" / name).read_bytes(), 9)) for name in ("predict.js", "predict.css")) <= MOST


# ---- No answer is given away ----

TOKEN = re.compile(r"(?<![\w.,^])[-−]?\d+(?:\.\d+)?(?![\w]|\.\d)")


def pieces(article, last):
    """Return the texts of a page that a reader may see up to some part of it, each with the question whose answer covers it."""
    found = []
    for node in article.descendants:
        if node is last:
            break
        if isinstance(node, NavigableString) and not node.find_parent(["script", "noscript", "style"]):
            if node.find_parent(class_=["predict-says", "predict-form"]):
                continue
            cover = node.find_parent(class_="predict-cover")
            found.append((cover["data-predict"] if cover else None, str(node)))
    return found


def after(node):
    """Return what comes after a part of a page and all that is in it."""
    return list(node.descendants)[-1].next_element


def given_away(html):
    """Return the answers of a page that stand in its text before they are uncovered: the id of the question, and the number."""
    article, found = BeautifulSoup(html, "html.parser").find("article"), []
    for box in article.find_all(class_="predict"):
        one = json.loads(box.find("script").string)
        numbers = {one["answer"]} if one["kind"] == "number" else set()
        last = article.find_all(class_="predict-cover", attrs={"data-predict": box["id"]})[-1]
        for cover, text in pieces(article, after(last)):
            tokens = {token.replace("−", "-") for token in TOKEN.findall(text)}
            if cover != box["id"]:
                found += [(box["id"], number) for number in numbers if "." in number and number in tokens]
    return found


@pytest.mark.parametrize("name", [path.stem for path in CHAPTERS])
def test_no_answer_stands_in_what_is_seen_before_it_is_uncovered(site, name):
    assert not given_away((site / "chapters" / f"{name}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place, found", [
    ("{before}", [("q", "0.33")]), ("{between}", [("q", "0.33")]), ("{covered}", []), ("{after}", []),
])
def test_an_answer_given_away_is_found(place, found):
    page = ('<article><p>{before}</p><div class="predict" id="q"><script>{{"kind": "number", "answer": "0.33"}}</script></div>'
            '<pre>{between}</pre><div class="predict-cover" data-predict="q"><div>{covered}</div></div><p>{after}</p></article>')
    texts = dict.fromkeys(("before", "between", "covered", "after"), "It is 1.33, or 0.3.")
    assert given_away(page.format(**texts | {place.strip("{}"): "It is 0.33."})) == found


def test_every_curve_that_answers_is_in_a_figure_that_is_covered(site):
    for name in WITH_QUESTIONS:
        page = BeautifulSoup((site / "chapters" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for box in page.find_all(class_="predict"):
            if json.loads(box.find("script").string)["kind"] == "curve":
                inside = page.find_all(class_="predict-cover", attrs={"data-predict": box["id"]})
                assert any(cover.find(class_="plotly-figure") for cover in inside)
