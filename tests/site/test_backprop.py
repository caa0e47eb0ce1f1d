"""Back-propagation to touch: keys reach all of it, it shows torch's numbers, explains mistakes, and stands still where it must."""

import itertools
import re

import nbformat
import pytest

from _ext.live.recipes import back_propagation
from page_limits import REPORTED
from small_graphs import NETWORKS, in_torch
from tools.book import ROOT
from tools.browsing import PHONE, Visit
from tools.page_look import LOOKS, SHIFTS, violations

RECIPE = back_propagation(nbformat.read(ROOT / "chapters" / "backpropagation.ipynb", as_version=4))
STILLS = ["fig-backprop", "fig-two-paths"]
every_network = pytest.mark.parametrize("name", NETWORKS)

SHOWN = """(box) => Object.fromEntries([...box.querySelectorAll(".bp-node, .bp-small:not([hidden])")]
  .map((node) => [node.dataset.key, node.querySelector("b").textContent]))"""
LIT = """(box) => [...box.querySelectorAll(".bp-lit")].map((node) => node.dataset.key)"""
PLACES = """(box) => [...box.querySelectorAll(".bp-box, .bp-small:not([hidden])")].map((node) => {
  const {left, top, right, bottom} = node.getBoundingClientRect();
  return [node.dataset.key, left, top, right, bottom, node.scrollWidth - node.clientWidth];
})"""


@pytest.fixture
def opened(at_part):
    """Open the chapter at its live part, at a network."""
    def open_part(name="chain", **how):
        one = at_part("backpropagation", "backprop", **how)
        one.box.get_by_role("tab").first.focus()
        for _ in range(list(NETWORKS).index(name)):
            one.page.keyboard.press("ArrowRight")
        return one

    return open_part


def press(one, name):
    """Press a button of the part with the keyboard."""
    one.box.get_by_role("button", name=name).first.press("Enter")


def said(one):
    """Return the words of the part."""
    return one.box.locator(".live-said").inner_text()


def set_to(one, key, text):
    """Write a text into the field of a number, by keyboard."""
    field = one.box.locator(f".bp-leaf[data-key={key}] input")
    field.fill(text)
    field.press("Enter")


def to_the_end(one):
    """Go through both passes by keyboard; return how many steps that took."""
    following, steps = one.box.locator(".bp-next"), 0
    while following.is_enabled():
        following.press("Enter")
        steps += 1
    return steps


def number(text):
    """Return a number as the page shows it."""
    return float(text.replace("−", "-").replace("×", ""))


@every_network
def test_keys_lead_through_both_passes_to_torchs_numbers(opened, name):
    one = opened(name)
    values, gradients = in_torch(name, RECIPE[name])
    assert set(one.box.evaluate(SHOWN).values()) == {"?"}
    assert to_the_end(one) == len(one.page.evaluate(f"[...Live.graphs.networks.{name}.order, ...Live.graphs.networks.{name}.edges]"))
    shown = {key: number(text) for key, text in one.box.evaluate(SHOWN).items()}
    for key, gradient in gradients.items():
        assert shown[f"d.{key}"] == pytest.approx(gradient, rel=6e-3)
        if key not in RECIPE[name]:
            assert shown[key] == pytest.approx(values[key], rel=6e-3)


@every_network
def test_the_fields_start_with_the_numbers_of_the_chapter(opened, name):
    fields = opened(name).box.locator(".bp-leaf")
    start = {field.get_attribute("data-key"): number(field.locator("input").input_value()) for field in fields.all()}
    assert start == RECIPE[name]


def test_every_number_can_be_edited_and_all_others_follow(opened):
    for name, start in RECIPE.items():
        if name == "rate":
            continue
        one = opened(name, reduced_motion="reduce")
        press(one, "Play")
        numbers = dict(start)
        for change, key in enumerate(start, 1):
            numbers[key] = change / 4
            set_to(one, key, str(change / 4))
            shown = one.box.evaluate(SHOWN)
            for target, gradient in in_torch(name, numbers)[1].items():
                assert number(shown[f"d.{target}"]) == pytest.approx(gradient, rel=6e-3, abs=1e-12), (name, key, target)


def test_where_paths_meet_the_sum_builds_up(opened):
    one = opened("paths")
    to_the_end(one)
    press(one, "Start again")
    sums = []
    while not one.box.locator(".bp-next").is_disabled():
        press(one, "Next")
        sums.append((one.box.evaluate(SHOWN).get("d.x"), said(one)))
    seen = [words for value, words in sums if value and "path" in words]
    start, gradients = RECIPE["paths"], in_torch("paths", RECIPE["paths"])[1]
    parts = [gradients["yhat"] * start[f"v{i}"] * start[f"w{i}"] for i in (1, 2)]
    assert [number(re.search(r"= ([−\d.]+)\. The", words)[1]) for words in seen] == pytest.approx(parts, rel=6e-3)
    assert number(re.search(r"= ([−\d.]+)\.$", seen[1])[1]) == pytest.approx(gradients["x"], rel=6e-3)


@pytest.mark.parametrize("text, got", [("abc", "“abc”"), ("", "nothing"), ("1e400", "“1e400”"), ("1001", "“1001”"), ("1 2", "“1 2”")])
def test_nonsense_gets_a_sentence_and_changes_nothing(opened, text, got):
    one = opened()
    set_to(one, "w1", text)
    alert = one.box.locator(".bp-wrong")
    assert alert.inner_text() == f"w₁: expected a number from −1000 to 1000, got {got}. It is still 0.39."
    assert one.box.get_by_label("w₁", exact=True).get_attribute("aria-invalid") == "true"
    assert one.page.evaluate("Live.theBackProp.numbers") == RECIPE["chain"]
    set_to(one, "w1", "−0,5")
    assert alert.inner_text() == "" and one.page.evaluate("Live.theBackProp.numbers.w1") == -0.5
    one.box.get_by_label("Learning rate").fill(text)
    one.box.get_by_label("Learning rate").press("Enter")
    assert "Learning rate: expected a number from 0 to 1000, got" in one.box.locator(".bp-above").get_by_role("alert").inner_text()


@every_network
def test_a_step_lowers_the_loss_and_says_by_how_much(opened, name):
    one = opened(name)
    losses = []
    for step in range(1, 4):
        press(one, "Take a step")
        found = re.match(rf"Step {step}: the loss fell from ([\d.]+) to ([\d.]+)\.", said(one))
        losses.append([float(loss) for loss in found.groups()])
    assert losses[0][0] == pytest.approx(in_torch(name, RECIPE[name])[0]["L"], rel=6e-4)
    assert all(before > after for before, after in losses)
    assert [after for _, after in losses[:-1]] == [before for before, _ in losses[1:]]
    press(one, "Start again")
    assert one.page.evaluate("Live.theBackProp.numbers") == RECIPE[name]


def test_steps_that_are_too_long_and_steps_that_lead_nowhere_are_explained(opened):
    one = opened()
    for rate, words in [("1", "rose from"), ("900", "It runs away"), ("0", "a learning rate of 0 moves nothing")]:
        press(one, "Start again")
        one.box.get_by_label("Learning rate").fill(rate)
        one.box.get_by_label("Learning rate").press("Enter")
        for _ in range(3):
            press(one, "Take a step")
            if words in said(one):
                break
        assert words in said(one)
        assert rate == "0" or re.search(r"Try a learning rate of [\d.]+\.$", said(one))
    assert all(abs(value) <= 1e6 for value in one.page.evaluate("Object.values(Live.theBackProp.numbers)"))


def test_pointing_at_a_number_lights_its_term_and_its_line_and_the_other_way_round(opened):
    one = opened()
    to_the_end(one)
    one.box.locator(".bp-leaf[data-key=w2]").hover()
    assert {"w2", "line.yhat"} <= set(one.box.evaluate(LIT))
    one.box.locator(".bp-code span[data-key='d.w1']").hover()
    assert {"d.w1", "f.d.w1", "line.back", "h.w1", "yhat.h", "L.yhat"} <= set(one.box.evaluate(LIT))
    one.box.locator(".bp-formulas [data-key='yhat.w2']").hover()
    assert set(one.box.evaluate(LIT)) == {"yhat.w2", "line.yhat"}
    one.box.get_by_label("b₁", exact=True).focus()
    assert {"b1", "line.h"} <= set(one.box.evaluate(LIT))


def test_keys_reach_every_number_formula_and_line(opened):
    one = opened()
    to_the_end(one)
    for group in ("The network", "Formulas", "PyTorch code"):
        stops = one.box.get_by_role("group", name=group).locator("button:not([hidden])")
        assert stops.evaluate_all("all => all.filter((node) => node.tabIndex === 0).length") == 1
        stops.first.focus()
        reached = []
        for _ in range(stops.count()):
            reached.append(one.page.evaluate("document.activeElement.dataset.key"))
            assert reached[-1] in one.box.evaluate(LIT)
            one.page.keyboard.press("ArrowDown")
        assert len(set(reached)) == stops.count()
    one.page.keyboard.press("Enter")
    pinned = one.box.locator("[aria-pressed=true]")
    assert pinned.count() == 1
    one.page.keyboard.press("Escape")
    assert pinned.count() == 0


def test_it_plays_can_be_paused_and_goes_on(opened):
    one = opened()
    press(one, "Play")
    one.page.wait_for_function("Live.theBackProp.at >= 2")
    press(one, "Pause")
    at = one.page.evaluate("Live.theBackProp.at")
    one.page.wait_for_timeout(1500)
    assert one.page.evaluate("Live.theBackProp.at") == at
    press(one, "Play")
    one.page.wait_for_function("Live.theBackProp.at === Live.theBackProp.last && !Live.theBackProp.timer", timeout=20_000)
    assert one.box.get_by_role("button", name="Play").is_visible()


def test_less_motion_goes_to_the_end_at_once(opened):
    one = opened(reduced_motion="reduce")
    press(one, "Play")
    assert one.page.evaluate("Live.theBackProp.at === Live.theBackProp.last")


@every_network
def test_numbers_never_overlap_on_a_phone(opened, name):
    one = opened(name, width=PHONE, has_touch=True, reduced_motion="reduce")
    press(one, "Play")
    longest = "-0.00123"
    for edits in ([], [(key, longest) for key in RECIPE[name]], [(key, "-987.65") for key in RECIPE[name]]):
        for key, text in edits:
            set_to(one, key, text)
        for (a, *first), (b, *second) in itertools.combinations(one.box.evaluate(PLACES), 2):
            apart = first[2] <= second[0] + 1 or second[2] <= first[0] + 1 or first[3] <= second[1] + 1 or second[3] <= first[1] + 1
            assert apart, (a, b, edits[:1])
        assert all(cut <= 0 for *_, cut in one.box.evaluate(PLACES))
    assert one.page.evaluate("document.documentElement.scrollWidth") <= PHONE


@every_network
@pytest.mark.parametrize("width, scheme", LOOKS)
def test_axe_finds_nothing_and_the_page_does_not_move(opened, name, width, scheme):
    one = opened(name, script=SHIFTS, width=width, scheme=scheme, has_touch=width == PHONE, reduced_motion="reduce")
    press(one, "Play")
    assert one.page.evaluate("window.shift") < 0.05
    if name == "chain":
        reserved = one.box.evaluate("node => [parseFloat(getComputedStyle(node).minHeight), node.offsetHeight]")
        assert reserved[0] >= reserved[1] - 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    controls = one.box.locator(":is([role=tab], .live-row button, input)")
    assert min(controls.evaluate_all("all => all.map((node) => node.getBoundingClientRect().height)")) >= 44
    small = one.box.locator("button:not([hidden])").evaluate_all("all => all.map((node) => node.getBoundingClientRect())"
                                                                  ".map(({width, height}) => Math.min(width, height))")
    assert min(small) >= 24
    assert not one.errors
    assert not violations(one.page, within=".live")
    one.errors.clear()  # axe makes requests of its own


def test_it_works_under_a_strict_policy_and_from_a_folder(opened, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(place=place, script=REPORTED)
        to_the_end(one)
        assert "All the way from the loss" in said(one)
        assert not [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
        one.errors.clear()  # which are about the theme's own handlers


def test_a_screen_reader_hears_names_states_and_what_happened(opened):
    one = opened()
    assert one.box.get_by_role("tab", selected=True).inner_text() == "1-1-1"
    assert one.box.get_by_role("button", name="h ?", exact=True).count() == 1
    to_the_end(one)
    assert one.box.get_by_role("button", name="gradient of L with respect to w₁: 2.23", exact=True).count() == 1
    assert one.box.get_by_role("button", name="derivative of ŷ with respect to h: ×−0.32", exact=True).count() == 1
    one.box.locator("[aria-live]", has_text=said(one)).wait_for(state="attached", timeout=3000)


def test_without_scripts_and_on_paper_the_stills_show_both_passes(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/backpropagation.html")
    assert page.locator("[data-live=backprop] p", has_text="as a sequence of pictures").is_visible()
    assert all(page.locator(f"#{still} img").is_visible() for still in STILLS)
    context.close()
    one = Visit(browser, f"{address}/chapters/backpropagation.html")
    one.draw_all()
    one.page.emulate_media(media="print")
    assert not one.page.locator("[data-live=backprop]").is_visible()
    for still in STILLS:
        texts = one.page.locator(f"#{still} text").all_text_contents()
        assert {"forward", "back to ŷ"} <= {text.strip() for text in texts}
    one.context.close()
