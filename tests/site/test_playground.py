"""The playground trains to the numbers of `lib`, is worked by keyboard alone, and says what it cannot do."""

import json

import pytest
import torch
from torch import nn

from lib.models import Perceptron, initialise
from lib.training import Batches, train
from page_limits import LONGEST, REPORTED, lean_is_missing, task_times, weight
from tools.browsing import PHONE, WIDE, Visit
from tools.page_look import violations
from tools.same_in_the_page import load

FIRST_VISIT = 260_000  # bytes, compressed with gzip
PAGE = "Live.thePlayground"


@pytest.fixture
def opened(browser, address):
    """Open the playground with a link; all are closed, and must have had no error, after the test."""
    visits = []

    def open_page(link="#epochs=400", place=address, script="", **how):
        how = {"viewport": {"width": how.pop("width", WIDE), "height": 1000}, "color_scheme": how.pop("scheme", "light"), **how}
        context = browser.new_context(**how)
        context.add_init_script(script)
        visits.append(Visit(browser, f"{place}/chapters/playground.html{link}", context=context))
        visits[-1].page.wait_for_selector(".live[data-mounted]", state="attached")
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
        assert not one.errors


def state(page, name=None):
    """Return the state of the playground, or one part of it."""
    return page.evaluate(f"{PAGE}.state" + (f".{name}" if name else ""))


def press(page, name):
    """Press a button by its name, with the keyboard."""
    page.get_by_role("button", name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def train_to_the_end(page):
    """Press Train and wait until all epochs are over."""
    press(page, "Train")
    page.wait_for_function(f"!{PAGE}.playing && {PAGE}.run.epochs >= {PAGE}.state.epochs", timeout=60_000)


def test_a_configuration_of_the_book_trains_to_the_losses_of_lib(opened):
    link = "#hidden=8-8&activations=sigmoid,sigmoid&seed=0&shuffle=0&epochs=50&speed=4"
    page = opened(link).page
    train_to_the_end(page)
    network = initialise(nn.Sequential(Perceptron(2, 8), Perceptron(8, 8), Perceptron(8, 1)), seed=0)
    optim = torch.optim.SGD(network.parameters(), lr=0.03)
    loss = train(network, Batches(load("moons"), batch_size=8, seed=0), nn.BCELoss(), optim, epochs=50).loss
    assert page.evaluate(f"{PAGE}.run.history") == pytest.approx(loss.tolist(), abs=1e-5)
    assert page.locator(".live-readings dd").first.inner_text() == "50"


def test_play_pause_step_epoch_and_reset(opened):
    page = opened().page
    press(page, "One update")
    assert page.evaluate(f"[{PAGE}.run.updates, {PAGE}.run.epochs]") == [1, 0]
    press(page, "One epoch")
    assert page.evaluate(f"[{PAGE}.run.updates, {PAGE}.run.epochs]") == [57, 1]
    press(page, "Train")
    page.wait_for_function(f"{PAGE}.run.epochs > 5")
    press(page, "Pause")
    paused = page.evaluate(f"{PAGE}.run.updates")
    page.wait_for_timeout(200)
    assert page.evaluate(f"{PAGE}.run.updates") == paused
    press(page, "Reset")
    assert page.evaluate(f"{PAGE}.run.updates") == 0


def test_every_choice_is_made_by_keyboard_to_its_last(opened):
    page = opened("#data=xor").page
    for name in ["Data set", "Speed", "Loss", "Optimiser", "Activation"]:
        texts = page.get_by_label(name, exact=True).first.locator("option").all_inner_texts()
        for text in texts:
            page.get_by_label(name, exact=True).first.focus()
            page.keyboard.type(text)
            page.wait_for_timeout(150)
            assert page.get_by_label(name, exact=True).first.evaluate("node => node.selectedOptions[0].text") == text
        assert page.locator(".live-problem >> text=expected").count() == 0
        page.goto(page.url.split("#")[0] + "#data=xor")
        page.reload()
        page.wait_for_selector(".live[data-mounted]", state="attached")


def test_layers_neurons_and_features_go_to_both_ends(opened):
    page = opened("#data=xor&hidden=1").page
    for count in range(2, 7):
        press(page, "More: hidden layers")
        page.wait_for_function(f"{PAGE}.state.hidden.length === {count}")
    for count in range(2, 9):
        press(page, "More: neurons of layer 6")
        page.wait_for_function(f"{PAGE}.run.config.sizes[6] === {count}")
    assert page.get_by_role("button", name="More: neurons of layer 6").is_disabled()
    for count in range(5, -1, -1):
        press(page, "Fewer: hidden layers")
        page.wait_for_function(f"{PAGE}.run.config.sizes.length === {count + 2}")
    for feature in ["x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂"]:
        press(page, feature)
    page.wait_for_function(f"{PAGE}.run.config.sizes[0] === 7")
    for feature in ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁"]:
        press(page, feature)
    page.wait_for_function(f"{PAGE}.run.config.sizes[0] === 1")
    assert page.get_by_role("button", name="sin πx₂", exact=True).is_disabled()


NUMBERS = {"Rows": ("rows", 20, 5000), "Seed of the data": ("dataseed", 0, 7), "Learning rate": ("rate", 0.000001, 5),
           "Momentum": ("momentum", 0, 0.9), "Weight decay": ("decay", 0, 10), "Batch size": ("batch", 1, 10000),
           "Epochs": ("epochs", 1, 9), "Seed of the start": ("seed", 0, 5), "Spread of the start": ("std", 0.1, 3),
           "Seed of the shuffles": ("shuffle", 0, 5)}


def test_every_number_and_slider_goes_to_both_ends_and_refuses_what_is_none(opened):
    page = opened("#data=xor").page
    for label, (key, *values) in NUMBERS.items():
        for value in values:
            enter(page, label, str(value))
            page.wait_for_function(f"{PAGE}.state.{key} === {value}")
        enter(page, label, "many")
        assert "got “many”" in page.get_by_role("alert").filter(has_text=label).first.inner_text()
        assert state(page, key) == values[-1]
    for label, key, ends in [("Noise", "noise", (0, 1)), ("For training", "share", (0.1, 0.9))]:
        slider = page.get_by_role("slider", name=label)
        for end, value in zip(("Home", "End"), ends):
            slider.press(end)
            page.wait_for_function(f"Math.abs({PAGE}.state.{key} - {value}) < 1e-9")


def enter(page, label, text):
    """Type a text into a field, in place of what is there, and press Enter."""
    field = page.get_by_label(label, exact=False).and_(page.locator("input[type=text]")).first
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_the_state_is_in_the_link_and_comes_back(opened):
    page = opened("#data=spirals").page
    press(page, "x₁²")
    press(page, "More: hidden layers")
    page.get_by_label("show test data").focus()
    page.keyboard.press("Space")
    enter(page, "Learning rate", "0.5")
    page.wait_for_function("location.hash.includes('rate=0.5')")
    before = state(page)
    page.reload()
    page.wait_for_selector(".live[data-mounted]", state="attached")
    assert state(page) == before
    assert before["features"] == ["x1", "x2", "x1^2"] and before["test"] and len(before["hidden"]) == 3
    press(page, "Copy the link")
    assert page.locator(".live-address").input_value() == page.url


def test_a_teacher_can_hide_controls(opened):
    page = opened("#hide=data,features,rate,own,export,table").page
    assert page.get_by_label("Batch size").is_visible()
    for label in ["Data set", "Learning rate"]:
        assert not page.get_by_label(label).first.is_visible()
    assert not page.locator("summary").get_by_text("Your own data").is_visible()
    assert not page.locator(".live-numbers").is_visible()


def test_a_bad_link_is_answered_in_a_sentence(opened):
    page = opened("#rate=fast&colour=red&data=own").page
    said = page.locator(".live-problem").first.inner_text()
    assert "rate=fast: expected a number" in said and "colour" in said and "stay on the machine" in said
    assert state(page, "data") == "moons"


def test_a_neuron_shows_its_map_and_a_weight_is_changed_by_keyboard(opened):
    page = opened().page
    page.locator("svg.live-net [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Neuron 1 of hidden layer 1"
    assert page.locator(".live-formula").inner_text().startswith("neuron 1 of hidden layer 1 = tanh(")
    before = page.locator(".live-map canvas").evaluate("node => node.toDataURL()")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Weight from input x₁ to neuron 1")
    assert page.locator(".live-map canvas").evaluate("node => node.toDataURL()") != before
    loss = page.evaluate(f"{PAGE}.run.history.at(-1)")
    page.keyboard.press("Enter")
    page.keyboard.type("7.5")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{PAGE}.run.model[0].parameters[0][0]") == 7.5
    assert page.evaluate(f"{PAGE}.run.history.at(-1)") != loss
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").endswith(": 7.5")
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert last.startswith("Weight from neuron 4 of hidden layer 2 to output y")


def test_an_edge_and_a_neuron_answer_to_the_mouse(opened):
    page = opened().page
    page.locator(".live-neuron").nth(2).hover()
    assert page.locator(".live-formula").inner_text().startswith("neuron 1 of hidden layer 1")
    page.locator(".live-bias").first.click()
    assert page.get_by_role("textbox", name="Bias of neuron 1 of hidden layer 1").is_visible()


def test_the_table_has_the_logit(opened):
    page = opened("#hidden=&epochs=300&speed=4").page
    train_to_the_end(page)
    rows = page.locator(".live-numbers tbody tr").all_inner_texts()
    network, logit = [float(row.split("\t")[place]) for row in rows[1:2] for place in (1, 2)]
    assert logit <= network < logit + 0.002  # without a hidden layer it is a logit, and the maximum is Newton's
    assert page.evaluate(f"Math.abs({PAGE}.logit.loss - {logit})") < 1e-4


def test_a_run_that_fails_is_explained(opened):
    page = opened("#loss=mse&rate=1e9&speed=4").page
    press(page, "Train")
    page.get_by_text("The loss ran away").first.wait_for()
    assert page.get_by_role("button", name="Train", exact=True).is_disabled()
    assert "Try" in page.get_by_text("The loss ran away").first.inner_text()


def read_own(page, text):
    """Open the panel, paste a table, and press Read it."""
    panel = page.locator("details", has_text="Your own data")
    if not panel.evaluate("node => node.open"):
        panel.locator("summary").press("Enter")
    page.get_by_label("Or paste it").fill(text)
    press(page, "Read it")
    panel.locator(".live-note:not(:empty)").first.wait_for()
    return panel.locator(".live-note").first.inner_text()


TABLE = "age;left;z;vote\n" + "\n".join(f"{20 + i % 50};{i % 7},5;{i * i % 11};{int(i % 7 > 3)}" for i in range(80))


def test_own_data_train_and_the_link_says_that_they_stay(opened):
    page = opened().page
    assert "80 rows, 4 columns" in read_own(page, "\ufeff" + TABLE)
    press(page, "Train on these")
    page.wait_for_function(f"{PAGE}.state.data === 'own' && {PAGE}.run.config.sizes[0] === 3")
    assert page.get_by_label("Map: across").is_visible()
    train_to_the_end(page)
    assert page.evaluate(f"{PAGE}.run.history.at(-1)") < 0.1
    press(page, "Copy the link")
    page.get_by_text("but not your data").wait_for()


@pytest.mark.parametrize("text, said", [("", "empty"), ("a,b,y\n1,x,0\n2,z,1\n3,w,1\n4,v,0", "not numeric"),
                                        ("a,b,y\n1,2,1\n2,3,1\n3,1,1\n4,7,1", "expected"), ("a,b,y\n1,2\n", "expected 3")])
def test_a_table_that_cannot_be_used_gets_a_sentence_and_the_page_goes_on(opened, text, said):
    page = opened().page
    assert said in read_own(page, text)
    assert not page.get_by_role("button", name="Train on these").count()
    press(page, "One epoch")
    assert page.evaluate(f"{PAGE}.run.epochs") == 1


def test_points_are_set_by_keyboard_and_by_mouse(opened):
    page = opened().page
    page.locator("details", has_text="Your own data").locator("summary").press("Enter")
    press(page, "Start with an empty plane")
    plane = page.locator(".live-map canvas")
    for x, y in [(90, 60), (110, 80), (130, 60), (120, 100)]:
        plane.click(position={"x": x, "y": y})
    plane.focus()
    for keys in ["ArrowRight ArrowDown 0", "ArrowDown 0", "ArrowRight 0", "ArrowDown 0 ArrowDown 1 Delete"]:
        for key in keys.split():
            page.keyboard.press(key)
            page.wait_for_timeout(60)
    page.wait_for_function(f"{PAGE}.state.data === 'own'")
    assert page.evaluate(f"{PAGE}.points.points.map((point) => point[2]).sort()") == [0, 0, 0, 0, 1, 1, 1, 1]
    assert plane.evaluate("node => node === document.activeElement")
    press(page, "One epoch")
    assert page.evaluate(f"{PAGE}.run.epochs") == 1


def test_code_weights_and_picture_can_be_taken_along(opened):
    page = opened().page
    press(page, "One epoch")
    page.locator("details", has_text="Take it with you").locator("summary").press("Enter")
    for name, start, file in [("Code in PyTorch", "# Run this", "network.py"), ("Weights as JSON", '{"0.weights"', "weights.json"),
                              ("Picture as SVG", "<svg", "map.svg")]:
        press(page, name)
        text = page.get_by_label("What is exported").input_value()
        assert text.startswith(start)
        with page.expect_download() as got:
            press(page, "Download")
        assert got.value.suggested_filename == file
        assert got.value.path().read_text(encoding="utf-8") == text


@pytest.mark.parametrize("width, scheme", [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(opened, width, scheme):
    one = opened("#data=three&hidden=8-8-8-8-8-8&test=1", width=width, scheme=scheme)
    page = one.page
    for summary in page.locator(".live-panel summary").all():
        summary.press("Enter")
    press(page, "Start with an empty plane")
    assert not one.errors
    assert not violations(page, within=".live")
    one.errors.clear()  # axe makes requests of its own
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_thumbs(opened):
    page = opened("#data=xor", width=PHONE, has_touch=True).page
    small = page.evaluate("""() => [...document.querySelectorAll('.live :is(button, select, input[type=text], input[type=range], summary)')]
      .filter((node) => node.getClientRects().length && node.getBoundingClientRect().height < 44).map((node) => node.outerHTML)""")
    assert not small


def test_less_motion_is_one_result(opened):
    page = opened(link="", reduced_motion="reduce").page
    assert page.evaluate(f"[{PAGE}.playing, {PAGE}.run.updates]") == [False, 0]
    page.evaluate(f"window.drawn = 0; const paint = {PAGE}.plane.paint; {PAGE}.plane.paint = function (...all) {{ window.drawn += 1; "
                  "paint.apply(this, all); }; null")
    train_to_the_end(page)
    assert page.evaluate("window.drawn") == 1


def test_it_trains_by_itself_on_a_first_look_and_can_be_paused(opened):
    page = opened(link="").page
    page.wait_for_function(f"{PAGE}.run.epochs > 3")
    press(page, "Pause")
    assert not page.evaluate(f"{PAGE}.playing")


def test_it_works_under_a_strict_policy(opened, strict):
    one = opened("#data=three", place=strict, script=REPORTED)
    press(one.page, "One epoch")
    read_own(one.page, TABLE)
    assert one.page.evaluate(f"{PAGE}.run.epochs") == 1
    assert not [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
    one.errors.clear()  # which are about the theme's own handlers


def test_it_works_from_a_folder(opened, site):
    page = opened("#data=noisy_moons", place=site.as_uri()).page
    press(page, "One epoch")
    enter(page, "Learning rate", "0.5")
    page.wait_for_function(f"{PAGE}.run.config.settings.lr === 0.5")
    assert state(page, "data") == "noisy_moons"


@pytest.mark.parametrize("link", ["#epochs=100000", "#epochs=100000&data=three&hidden=8-8-8-8-8-8&activations=relu&std=0.3&test=1&speed=4"])
def test_no_task_is_long_while_it_trains(browser, opened, link):
    page = opened(link).page
    press(page, "Train")
    page.wait_for_function(f"{PAGE}.run.epochs > 3")
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    page.wait_for_timeout(2000)
    times = task_times(json.loads(browser.stop_tracing())["traceEvents"])
    assert page.evaluate(f"{PAGE}.playing") and len(times) > 50
    assert max(times) <= LONGEST


def test_a_first_visit_is_light(opened, site, address):
    if lean_is_missing(site):
        pytest.skip("without npm there is no Papa Parse to weigh")
    one = opened(link="")
    one.page.wait_for_function(f"{PAGE}.run.epochs > 2")
    one.settle()
    assert weight(site, address, one.requests) <= FIRST_VISIT


def test_readers_without_scripts_get_a_picture(opened, browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/playground.html")
    assert page.locator("noscript img[alt*='half circles'], .live img[alt*='half circles']").first.is_visible()
    context.close()
