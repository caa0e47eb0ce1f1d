"""The small live parts of the pages train to the numbers of `lib`, can be paused, are worked by keyboard, and move nothing else."""

import json
import re

import nbformat
import pytest
import torch
from torch import nn

from _ext.live.recipes import learning_rates, recipes
from lib.models import Perceptron, SimpleLinearNN, build, initialise
from lib.training import Batches, train
from page_limits import LONGEST, REPORTED, assert_in_its_place, task_times
from tools.book import ROOT
from tools.browsing import PHONE
from tools.page_look import LOOKS, SHIFTS, violations
from tools.same_in_the_page import load

PARTS = {"moons": "index", "straight": "two-x", "bend": "networks", "fold": "networks"}
CHAPTER = ROOT / "chapters" / "simple-case-data.ipynb"
FIRST = 200  # epochs that are compared with torch
every_part = pytest.mark.parametrize("part", PARTS)


@pytest.fixture
def opened(at_part):
    """Open the page of a part at the part."""
    return lambda part, **how: at_part(PARTS[part], part, **how)


def show(part):
    """Return the JavaScript name of a part's run, which it leaves for tests."""
    return f"Live.the{part.capitalize()}"


def finished(one, part):
    """Wait until a part has come to its end; return its losses, the start first."""
    one.page.wait_for_function(f"{show(part)}.over && !{show(part)}.going", timeout=90_000)
    return one.page.evaluate(f"{show(part)}.run.history")


def set_slider(one, name, value):
    """Move a slider by keyboard, from its low end up to a value."""
    slider = one.box.get_by_label(name)
    slider.press("Home")
    for _ in range(value - int(slider.get_attribute("min"))):
        slider.press("ArrowRight")


def losses(model, seed, loss_fn, optim, batch_size, epochs):
    """Return the losses of a network in torch, trained on the moons by `lib`."""
    return train(model, Batches(load("moons"), batch_size, seed), loss_fn, optim, epochs).loss.tolist()


def in_torch(recipe, seed):
    """Return the first losses of the network of a chapter's figure, from a start of this seed. (All take torch a minute.)"""
    model = initialise(build(recipe["sizes"]), seed)
    optim = torch.optim.SGD(model.parameters(), **recipe["settings"])
    return losses(model, seed, nn.BCELoss(), optim, recipe["batch_size"], FIRST)


@pytest.mark.parametrize("part, figure", [("moons", "fig-wide"), ("bend", "fig-deep")])
def test_the_network_of_a_figure_trains_to_the_losses_of_lib_and_then_from_another_start(opened, part, figure):
    recipe = recipes(nbformat.read(ROOT / "chapters" / "networks.ipynb", as_version=4))[figure]
    one = opened(part, reduced_motion="reduce")
    found = finished(one, part)
    assert len(found) == recipe["epochs"] + 1
    assert found[:FIRST + 1] == pytest.approx(in_torch(recipe, recipe["seed"]), abs=1e-5)
    one.box.get_by_role("button", name="nother start").press("Enter")
    assert finished(one, part)[:FIRST + 1] == pytest.approx(in_torch(recipe, recipe["seed"] + 1), abs=1e-5)


@pytest.mark.parametrize("hidden, neurons", [(0, 4), (1, 4), (3, 8)])
def test_linear_layers_train_to_lib_and_are_the_one_line_that_the_page_gives(opened, hidden, neurons):
    one = opened("straight", reduced_motion="reduce")
    set_slider(one, "Neurons in each", neurons)
    set_slider(one, "Hidden layers", hidden)
    found = finished(one, "straight")
    sizes = [2, *[neurons] * hidden, 1]
    config = one.page.evaluate(f"{show('straight')}.run.config")
    assert config["sizes"] == sizes and set(config["activations"]) == {"identity"}
    model = initialise(nn.Sequential(*(SimpleLinearNN(*pair) for pair in zip(sizes, sizes[1:]))), config["seed"], config["std"])
    optim = torch.optim.SGD(model.parameters(), **config["settings"])
    assert found == pytest.approx(losses(model, config["seed"], nn.MSELoss(), optim, config["batch_size"], len(found) - 1), abs=1e-5)
    with torch.no_grad():
        origin, first, second = model(torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])).flatten().tolist()
    cells = one.box.locator("tbody tr").first.locator("td").all_inner_texts()
    assert [float(cell.replace("−", "-")) for cell in cells] == pytest.approx([first - origin, second - origin, origin], abs=1e-3)


def test_the_line_beside_it_is_that_of_ols(opened):
    inputs, labels = load("moons")
    design = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1).double()
    ols = torch.linalg.lstsq(design, labels.double()).solution.flatten().tolist()
    cells = opened("straight").box.locator("tbody tr").nth(1).locator("td").all_inner_texts()
    assert [float(cell.replace("−", "-")) for cell in cells] == pytest.approx(ols, abs=6e-4)


@pytest.mark.parametrize("name, activation", [("tanh", nn.Tanh), ("ReLU", nn.ReLU)])
def test_any_activation_and_number_of_neurons_trains_to_lib(opened, name, activation):
    one = opened("bend", reduced_motion="reduce")
    one.box.get_by_label("Activation").focus()
    one.page.keyboard.type(name)
    set_slider(one, "Hidden neurons", 8)
    found = finished(one, "bend")[:101]  # later, rounding has the last word
    model = initialise(nn.Sequential(Perceptron(2, 8, activation), Perceptron(8, 1)), seed=0)
    assert found == pytest.approx(losses(model, 0, nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=0.03), 8, 100), abs=1e-4)


def test_every_slider_goes_to_both_ends_by_keyboard(opened):
    for part, names in {"straight": {"Hidden layers": (0, 3), "Neurons in each": (1, 8)}, "bend": {"Hidden neurons": (1, 8)}}.items():
        one = opened(part)
        for name, (low, high) in names.items():
            for value in [*range(low, high + 1)]:
                set_slider(one, name, value)
                assert one.box.get_by_label(name).get_attribute("aria-valuetext") == str(value)
                one.page.wait_for_function(f"{show(part)}.run.history.length >= 1")
        sizes = one.page.evaluate(f"{show(part)}.run.config.sizes")
        assert max(sizes) == 8


def test_more_epochs_go_on_from_where_it_rests(opened):
    one = opened("bend", reduced_motion="reduce")
    before = finished(one, "bend")
    one.box.get_by_role("button", name="epochs more").press("Enter")
    after = finished(one, "bend")
    assert len(after) == 2 * len(before) - 1 and after[:len(before)] == before


@every_part
def test_it_trains_before_it_is_touched_and_can_be_paused(opened, part):
    one = opened(part)
    one.page.wait_for_function(f"{show(part)}.run.epochs > 2")
    one.box.get_by_role("button", name="Pause").press("Enter")
    epochs = one.page.evaluate(f"{show(part)}.run.epochs")
    one.page.wait_for_timeout(300)
    assert one.page.evaluate(f"{show(part)}.run.epochs") == epochs
    one.box.get_by_role("button", name="Go on").press("Enter")
    one.page.wait_for_function(f"{show(part)}.run.epochs > {epochs}")


def test_it_waits_while_nobody_looks(opened):
    one = opened("bend")
    one.page.wait_for_function(f"{show('bend')}.run.epochs > 2")
    one.page.evaluate("scrollTo(0, 0)")
    one.page.wait_for_function(f"!{show('bend')}.seen")
    epochs = one.page.evaluate(f"{show('bend')}.run.epochs")
    one.page.wait_for_timeout(300)
    assert one.page.evaluate(f"{show('bend')}.run.epochs") == epochs


COUNT = """window.drawn = 0; addEventListener("DOMContentLoaded", () => {
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...all) {
    if (this.canvas.closest("[data-live=PART]")) window.drawn += 1;
    clear.apply(this, all);
  };
});"""  # there are other live parts on these pages


@every_part
def test_less_motion_is_one_picture(opened, part):
    one = opened(part, script=COUNT.replace("PART", part), reduced_motion="reduce")
    finished(one, part)
    canvases = one.box.locator("canvas").count()
    assert one.page.evaluate("window.drawn") <= 4 * canvases  # at the start, when each gets its size, and at the end


@every_part
def test_a_screen_reader_hears_the_end_and_not_each_step(opened, part):
    one = opened(part)
    heard = one.box.locator("[aria-live]")
    one.page.wait_for_function(f"{show(part)}.run.epochs > 2")
    assert heard.inner_text() == "" != one.box.locator(".live-said").inner_text()
    finished(one, part)
    assert heard.inner_text() == one.box.locator(".live-said").inner_text()


@pytest.mark.parametrize("width, scheme", LOOKS)
@every_part
def test_axe_finds_nothing_and_the_page_does_not_move(opened, part, width, scheme):
    one = opened(part, script=SHIFTS, width=width, scheme=scheme, has_touch=width == PHONE)
    finished(one, part)
    assert one.page.evaluate("window.shift") < 0.05
    assert not one.errors
    assert_in_its_place(one, width)


@every_part
def test_controls_are_large_enough_for_thumbs(opened, part):
    one = opened(part, width=PHONE, has_touch=True)
    heights = one.box.locator("button, select, input").evaluate_all("nodes => nodes.map((node) => node.getBoundingClientRect().height)")
    assert heights and min(heights) >= 44


@every_part
def test_it_works_under_a_strict_policy_and_from_a_folder(opened, part, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(part, place=place, script=REPORTED)
        one.box.locator(".live-said", has_text=re.compile("epoch [1-9]")).wait_for()  # to wait for a function needs eval
        assert not [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
        one.errors.clear()  # which are about the theme's own handlers


@every_part
def test_no_task_is_long_while_it_trains(browser, opened, part):
    one = opened(part)
    one.page.wait_for_function(f"{show(part)}.run.epochs > 2")
    browser.start_tracing(page=one.page, categories=["toplevel", "devtools.timeline"])
    one.page.wait_for_timeout(2000)
    times = task_times(json.loads(browser.stop_tracing())["traceEvents"])
    assert len(times) > 20
    assert max(times) <= LONGEST


@every_part
def test_readers_without_scripts_get_a_picture_or_a_sentence(browser, address, part):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chapters/{PARTS[part]}.html")
    instead = page.locator(f".live[data-live={part}]").locator("img, p").first
    assert instead.is_visible()
    context.close()


@pytest.fixture
def rates(visit):
    """Open the chapter of the line, and press "Train it here" below its learning rates."""
    one = visit("simple-case-data", reduced_motion="reduce")
    one.box = one.page.locator(".live[data-live=rates]")
    one.box.scroll_into_view_if_needed()
    one.box.get_by_role("button", name="Train it here").press("Enter")
    one.page.wait_for_selector(".live[data-live=rates][data-mounted]")
    yield one
    assert not one.errors


def descent(rate, steps):
    """Return the weights of the chapter's cells `descend`, run once more."""
    known = {}
    for ident in ("setup", "epoch", "descend"):
        source = next(cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.get("id") == ident)
        exec(source.replace("../data", (ROOT / "data").as_posix()), known)
    return known["descend"](rate, steps)


def press(one, name):
    """Press a button of a part with the keyboard."""
    one.box.get_by_role("button", name=name).press("Enter")


def test_the_seven_rates_train_to_the_weights_of_the_figure(rates):
    recipe = learning_rates(nbformat.read(CHAPTER, as_version=4))
    said = rates.box.locator(".live-said").inner_text()
    assert f"Learning rates: {len(recipe['rates'])}, updates: {len(recipe['rates']) * recipe['steps']}" in said
    assert float(re.search(r"figure: ([\d.]+)\.", said)[1]) < 1e-4
    last = recipe["rates"][-1]
    assert rates.page.evaluate("Live.theRates.path") == pytest.approx(descent(last, recipe["steps"]), rel=1e-5)


def test_a_rate_of_ones_own_is_trained_and_one_beyond_the_limit_is_explained(rates):
    field = rates.box.get_by_label("Learning rate")
    for rate, said in [("0.07", "step 20 of 20"), ("0.2", "beyond the limit")]:
        field.fill(rate)
        field.press("Enter")
        press(rates, "Train this one")
        assert said in rates.box.locator(".live-said").inner_text()
        assert rates.page.evaluate("Live.theRates.path") == pytest.approx(descent(float(rate), 20), rel=1e-4)
    field.fill("fast")
    field.press("Enter")
    assert "got “fast”" in rates.box.get_by_role("alert").filter(has_text="Learning rate").inner_text()


def test_small_batches_and_another_start_are_trained_to_torch(rates):
    rates.box.get_by_label("Batch").select_option("10")
    for label, value in [("Learning rate", "0.02"), ("Seed of the start", "3")]:
        rates.box.get_by_label(label).fill(value)
        rates.box.get_by_label(label).press("Enter")
    press(rates, "Train this one")
    model, bias = initialise(nn.Linear(1, 1), seed=3, std=0.5), rates.page.evaluate("Live.theRates.curve.bias")
    weights, optim, batches = [model.weight.item()], torch.optim.SGD(model.parameters(), lr=0.02), Batches(load("line"), 10, seed=3)
    for x, y in [batch for _ in range(2) for batch in batches]:
        with torch.no_grad():
            model.bias.fill_(bias)
        optim.zero_grad()
        nn.MSELoss()(model(x), y).backward()
        optim.step()
        weights.append(model.weight.item())
    assert rates.page.evaluate("Live.theRates.path") == pytest.approx(weights, abs=1e-5)


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_axe_finds_nothing_below_the_learning_rates(visit, width, scheme):
    one = visit("simple-case-data", width=width, scheme=scheme, reduced_motion="reduce")
    box = one.page.locator(".live[data-live=rates]")
    box.get_by_role("button", name="Train it here").press("Enter")
    one.page.wait_for_selector(".live[data-live=rates][data-mounted]")
    assert not one.errors
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(box.locator("button:visible, select, input").evaluate_all("all => all.map((node) => node.offsetHeight)")) >= 44
    assert not violations(one.page, within=".live")


def test_a_notebook_without_rates_is_refused():
    with pytest.raises(ValueError, match="expected a list `rates`"):
        learning_rates(nbformat.read(ROOT / "chapters" / "networks.ipynb", as_version=4))
