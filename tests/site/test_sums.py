"""Sums of neurons in the page, in one dimension and in two: every control by keyboard, mouse and finger, in all looks."""

import json

import pytest

from page_limits import LONGEST, REPORTED, assert_in_its_place, task_times
from tools.browsing import PHONE
from tools.page_look import LOOKS, SHIFTS

PARTS = ("bumps", "adding")
every_part = pytest.mark.parametrize("part", PARTS)


@pytest.fixture
def opened(at_part):
    """Open the chapter at one of the parts."""
    return lambda part, **how: at_part("networks", part, **how)


def said(one):
    """Return the words below a part."""
    return one.box.locator(".live-said").inner_text()


def slider(one, name):
    """Return a slider by the beginning of its name."""
    return one.box.locator("label", has_text=name).locator("input")


def press(one, name):
    """Press a button with the keyboard."""
    one.box.get_by_role("button", name=name).press("Enter")


def rested(one):
    """Wait until descent has come to its end; return the mean squared error."""
    one.page.wait_for_function("!Live.theBumps.going", timeout=60_000)
    return one.page.evaluate("Live.theBumps.loss")


def test_every_control_of_a_neuron_moves_it_and_tells_the_error(opened):
    one = opened("bumps")
    before = said(one)
    for name, key in [("Place", "ArrowRight"), ("Weight", "ArrowUp"), ("Height", "ArrowLeft"), ("Level", "ArrowRight")]:
        slider(one, name).press(key)
        assert said(one) != before, name
        before = said(one)
    assert slider(one, "Place").get_attribute("aria-valuetext") == "at 31"


def test_a_handle_is_moved_by_arrow_keys_and_by_pulling(opened):
    one = opened("bumps")
    handle = one.box.locator(".live-handle").nth(1)
    handle.press("ArrowLeft")
    handle.press("ArrowUp")
    assert handle.get_attribute("aria-label") == "Neuron 2, at 73, height −0.35. Arrow keys move it."
    assert handle.get_attribute("aria-pressed") == "true"
    assert slider(one, "Place").get_attribute("aria-valuetext") == "at 73"
    where = handle.bounding_box()
    x, y = where["x"] + 22, where["y"] + 22
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    one.page.mouse.move(x - 40, y + 10, steps=4)
    one.page.mouse.up()
    after = handle.bounding_box()
    assert (after["x"] + 22, after["y"] + 22) == pytest.approx((x - 40, y + 10), abs=3)


def test_more_neurons_leave_those_there_are_where_they_were(opened):
    one = opened("bumps")
    slider(one, "Place").press("ArrowRight")
    slider(one, "Neurons").press("End")
    assert one.box.locator(".live-handle:visible").count() == 6
    assert one.box.locator(".live-handle").first.get_attribute("aria-label").startswith("Neuron 1, at 31")
    slider(one, "Neurons").press("Home")
    assert one.box.locator(".live-handle:visible").count() == 1


def test_descent_moves_the_readers_neurons_and_can_be_taken_back(opened):
    one = opened("bumps")
    by_hand = one.page.evaluate("Live.theBumps.loss")
    press(one, "Let descent do it")
    assert rested(one) < by_hand / 100
    assert f"By hand it was {by_hand:.4f}; epochs of descent: 1500." in said(one)
    press(one, "Back to mine")
    assert one.page.evaluate("Live.theBumps.loss") == by_hand
    assert one.box.get_by_role("button", name="Back to mine").is_disabled()


def test_descent_can_be_paused_and_goes_on(opened):
    one = opened("bumps")
    press(one, "Let descent do it")
    one.page.wait_for_function("Live.theBumps.epochs > 20")
    press(one, "Pause")
    epochs = one.page.evaluate("Live.theBumps.epochs")
    one.page.wait_for_timeout(300)
    assert one.page.evaluate("Live.theBumps.epochs") == epochs
    press(one, "Some more descent")
    one.page.wait_for_function("Live.theBumps.epochs > 0")


@pytest.mark.parametrize("target", ["hump", "step", "wave"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_every_curve_is_fitted_by_six_of_either(opened, activation, target):
    one = opened("bumps", reduced_motion="reduce")
    slider(one, "Neurons").press("End")
    for place, value in enumerate((target, activation)):
        one.box.locator("select").nth(place).select_option(value)
    press(one, "Let descent do it")
    assert rested(one) < 0.004


def test_pieces_are_counted_among_the_data(opened):
    one = opened("bumps")
    one.box.locator("select").nth(1).select_option("relu")
    assert "2 knots among the data, so 3 straight pieces." in said(one)
    slider(one, "Place").press("Home")
    assert "1 knot among the data, so 2 straight pieces." in said(one)


def test_random_starts_differ_and_are_the_same_for_everybody(opened):
    losses = []
    one = opened("bumps")
    for _ in range(3):
        press(one, "Random start")
        losses.append(one.page.evaluate("Live.theBumps.loss"))
    assert len(set(losses)) == 3
    two = opened("bumps")
    press(two, "Random start")
    assert two.page.evaluate("Live.theBumps.loss") == losses[0]


def test_neurons_are_added_one_by_one_and_the_last_sum_is_the_network(opened):
    one = opened("adding", reduced_motion="reduce")
    terms = []
    for key in ("Home", *["ArrowRight"] * 4):
        slider(one, "Neurons in the sum").press(key)
        terms.append(said(one).partition(":")[0].count("h"))
    assert terms == [0, 1, 2, 3, 4]
    assert "450 of 450 on the right side" in said(one)
    slider(one, "Epoch").press("Home")
    assert "Epoch 0, cross-entropy of the whole 0.746." in said(one)
    slider(one, "Epoch").press("End")
    assert "Epoch 1000, cross-entropy of the whole 0.036." in said(one)


def test_a_neuron_alone_is_shown_by_its_button_and_by_pointing_at_it(opened):
    one = opened("adding", reduced_motion="reduce")
    whole = said(one)
    press(one, "h₃ alone")
    alone = said(one)
    assert alone.startswith("h₃ alone, which goes into the sum with weight")
    assert one.box.get_by_role("button", name="h₃ alone").get_attribute("aria-pressed") == "true"
    press(one, "h₃ alone")
    assert said(one) == whole
    x, y = one.page.evaluate("""() => {
        const {picture} = Live.theAdding, {left, top, width, height} = picture.canvas.node.getBoundingClientRect();
        const [x, y] = picture.layout(width, height).spots[1][2];
        return [left + x, top + y];
    }""")
    one.page.mouse.move(x, y)
    assert said(one) == alone
    one.page.mouse.move(x, y + 400)
    assert said(one) == whole


def test_the_sum_is_made_before_it_is_touched_unless_a_reader_takes_over(opened):
    one = opened("adding")
    one.page.wait_for_function("Live.theAdding.count === 2", timeout=10_000)
    slider(one, "Neurons in the sum").press("Home")
    one.page.wait_for_timeout(2000)
    assert one.page.evaluate("Live.theAdding.count") == 0


@pytest.mark.parametrize("width, scheme", LOOKS)
@every_part
def test_axe_finds_nothing_and_the_page_does_not_move(opened, part, width, scheme):
    one = opened(part, script=SHIFTS, width=width, scheme=scheme, has_touch=width == PHONE, reduced_motion="reduce")
    assert one.page.evaluate("window.shift") < 0.05
    assert not one.errors
    assert_in_its_place(one, width)


@every_part
def test_controls_are_large_enough_for_thumbs(opened, part):
    one = opened(part, width=PHONE, has_touch=True)
    sizes = one.box.locator("button, select, input, .live-handle:visible").evaluate_all("all => all.map((node) => node.offsetHeight)")
    assert sizes and min(sizes) >= 44


@every_part
def test_it_works_under_a_strict_policy_and_from_a_folder(opened, part, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(part, place=place, script=REPORTED)
        before = said(one)
        slider(one, "Neurons").press("End")
        assert said(one) != before
        assert not [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
        one.errors.clear()  # which are about the theme's own handlers


def test_no_task_is_long_while_it_descends(browser, opened):
    one = opened("bumps")
    slider(one, "Neurons").press("End")
    press(one, "Let descent do it")
    browser.start_tracing(page=one.page, categories=["toplevel", "devtools.timeline"])
    one.page.wait_for_timeout(2000)
    times = task_times(json.loads(browser.stop_tracing())["traceEvents"])
    assert len(times) > 20
    assert max(times) <= LONGEST


def test_less_motion_is_one_picture(opened):
    one = opened("bumps", reduced_motion="reduce")
    one.page.evaluate("() => { window.drawn = 0; const draw = Live.theBumps.draw; "
                      "Live.theBumps.draw = function () { window.drawn += 1; draw.call(this); }; }")
    press(one, "Let descent do it")
    rested(one)
    assert one.page.evaluate("window.drawn") <= 3  # when it begins, and when it ends


@every_part
def test_readers_without_scripts_get_a_sentence(browser, address, part):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/networks.html")
    assert page.locator(f".live[data-live={part}]").locator("p").first.is_visible()
    context.close()
