"""Many networks and tasks, alone in a page: by keyboard and mouse, in workers and without, in all looks, and never in the reader's way."""

import json
import re
import shutil

import pandas as pd
import pytest

from in_javascript import in_javascript
from page_limits import LONGEST, REPORTED, inline_scripts, policy, task_times
from tools import check_task
from tools.browsing import PHONE, WIDE, Visit, mounted, served
from tools.page_look import violations

RECIPE = {"sizes": [2, 4, 1], "activations": ["sigmoid", "sigmoid"], "loss": "bce", "optimiser": "sgd", "settings": {"lr": 0.03},
          "batch_size": 8, "seed": 0, "std": 1, "shuffle": 0}
PARTS = {"many": {"data": "moons", "configuration": RECIPE}, "tasks": {"scripts": ["link", "datasets", "logit"]}}
MANY, TASKS = "document.querySelector('[data-live=many]').many", "document.querySelector('[data-live=tasks]')"
STUDY = """
const study = new Study({...job, train: Live.pair("moons", "train"), evaluation: Live.pair("moons", "evaluation")});
while (study.work());
reply = study.news().arrivals;
"""


@pytest.fixture(scope="module")
def parts(site, tmp_path_factory):
    """The folder of a site with one page, which has both parts and nothing else of the playground's."""
    folder = tmp_path_factory.mktemp("parts")
    shutil.copytree(site / "_static", folder / "_static")
    for name in ("sitemap.xml", "searchindex.js"):
        shutil.copy(site / name, folder)
    boxes = "".join(f'<div class="live" data-live="{name}"><script type="application/json">{json.dumps(settings)}</script></div>'
                    for name, settings in PARTS.items())
    html = (site / "chapters" / "playground.html").read_text(encoding="utf-8")
    page, count = re.subn(r'<div class="live" data-live="playground".*?</noscript></div>', boxes, html, flags=re.DOTALL)
    assert count == 1
    (folder / "chapters").mkdir()
    (folder / "chapters" / "parts.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(parts):
    """The address of this site."""
    with served(parts, mounted(parts)) as address:
        yield address


@pytest.fixture
def opened(browser, place):
    """Open the page; all are closed, and must have had no error, after the test."""
    visits = []

    def open_page(address=place, script="", **how):
        size = {"width": how.pop("width", WIDE), "height": 900}
        context = browser.new_context(viewport=size, color_scheme=how.pop("scheme", "light"), accept_downloads=True, **how)
        context.add_init_script(script)
        visits.append(Visit(browser, f"{address}/chapters/parts.html", context=context))
        for name in PARTS:
            visits[-1].page.locator(f"[data-live={name}]").scroll_into_view_if_needed()
            visits[-1].page.wait_for_selector(f"[data-live={name}][data-mounted]", state="attached")
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
        assert not one.errors


def press(page, name):
    """Press a button by its name, with the keyboard."""
    page.get_by_role("button", name=name).first.focus()
    page.keyboard.press("Enter")


def enter(page, label, text):
    """Type into a field."""
    page.get_by_label(label).fill(text)
    page.get_by_label(label).press("Tab")


def short_study(page, epochs=60):
    """Ask for what some of the 128 networks reach in few epochs."""
    enter(page, "at most", "0.24")
    enter(page, "Look for so many epochs", str(epochs))


def to_the_end(page):
    """Train until the study has ended."""
    press(page, "Train 128")
    page.get_by_role("button", name="Download as CSV").wait_for(timeout=120_000)


def downloaded(page):
    """Return the table that a reader can download."""
    with page.expect_download() as got:
        press(page, "Download as CSV")
    assert got.value.suggested_filename == "128-networks-2-4-1.csv"
    return pd.read_csv(got.value.path())


@pytest.fixture(scope="module")
def due():
    """The table of the short study, as the engine gives it in node."""
    job = {"configuration": RECIPE, "replicas": 128, "threshold": 0.24, "epochs": 60}
    arrived = dict(in_javascript(["engine", "stage", "study"], STUDY, data=["moons"], job=job))
    assert 10 < len(arrived) < 118
    return pd.DataFrame([(replica, arrived.get(replica, 60), int(replica in arrived)) for replica in range(128)],
                        columns=["replica", "epoch", "arrived"])


# ---- Many ----


def test_the_bet_is_a_slider_for_the_keyboard(opened):
    page = opened().page
    bet = page.get_by_role("slider", name="Your bet")
    seen = lambda: int(bet.get_attribute("aria-valuenow"))
    start = seen()
    for rises, keys in [(True, ["ArrowRight", "ArrowUp", "PageUp"]), (False, ["ArrowLeft", "ArrowDown", "PageDown"])]:
        for key in keys:
            before = seen()
            bet.press(key)
            assert (seen() > before) is rises, key
    bet.press("Home")
    assert seen() == int(bet.get_attribute("aria-valuemin")) == 10 < start
    bet.press("ArrowLeft")
    assert seen() == 10
    bet.press("End")
    assert seen() == int(bet.get_attribute("aria-valuemax")) == 2000
    assert bet.get_attribute("aria-valuetext") == "epoch 2000"
    assert "2000" in bet.inner_text()


def test_the_bet_can_be_dragged_until_it_is_placed(opened):
    page = opened().page
    short_study(page, 5000)
    bet = page.get_by_role("slider", name="Your bet")
    bet.scroll_into_view_if_needed()
    box, chart = bet.bounding_box(), page.locator(".live-many-chart").bounding_box()

    def drag(to):
        at = bet.bounding_box()
        page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 60)
        page.mouse.down()
        page.mouse.move(to, at["y"] + 70, steps=5)
        page.mouse.up()
        return int(bet.get_attribute("aria-valuenow"))

    there = drag(chart["x"] + 0.75 * chart["width"])
    assert there > 400
    assert bet.bounding_box()["x"] + box["width"] / 2 == pytest.approx(chart["x"] + 0.75 * chart["width"], abs=3)
    press(page, "Train 128")
    assert bet.get_attribute("aria-disabled") == "true"
    assert drag(chart["x"] + 0.3 * chart["width"]) == there
    bet.press("Home")
    assert int(bet.get_attribute("aria-valuenow")) == there
    press(page, "Stop")


def test_the_curve_grows_to_the_table_of_the_engine_and_says_where_the_bet_falls(opened, due):
    page = opened().page
    short_study(page)
    page.get_by_role("slider", name="Your bet").press("Home")
    to_the_end(page)
    assert page.evaluate("document.activeElement.textContent") == "Bet again"
    assert downloaded(page).equals(due)
    said = page.locator("[data-live=many] .live-said").inner_text()
    assert said.startswith(f"Epoch 60 of 60: {due.arrived.sum()} of 128 have arrived. Half of them never were there")
    quarter = due.epoch.sort_values().iloc[31]
    cells = page.locator(".live-quantiles td").all_inner_texts()
    assert cells[-4:] == [str(due.epoch.sort_values().iloc[12]), str(quarter), "never", "never"]
    page.wait_for_function("document.querySelector('[data-live=many] [aria-live]').textContent.includes('is lost')")
    press(page, "Bet again")
    assert page.get_by_role("button", name="Train 128").is_enabled()


def test_the_bet_is_compared_with_the_epoch_of_half(opened):
    page = opened().page
    enter(page, "at most", "0.26")
    enter(page, "Look for so many epochs", "80")
    page.get_by_role("slider", name="Your bet").press("End")
    to_the_end(page)
    epochs = downloaded(page).query("arrived == 1").epoch.sort_values()
    half = epochs.iloc[63]
    said = page.locator("[data-live=many] .live-said").inner_text()
    assert f"Half of them had arrived by epoch {half}; your bet, 80, was {80 - half} epochs too late. By then" in said


@pytest.mark.parametrize("processors, workers", [(2, 1), (8, 2)])
def test_two_workers_find_the_same_as_one(opened, due, processors, workers):
    page = opened(script=f"Object.defineProperty(navigator, 'hardwareConcurrency', {{get: () => {processors}}});").page
    started = []
    page.on("worker", lambda worker: started.append(worker.url))
    short_study(page)
    to_the_end(page)
    assert len(started) == workers
    assert downloaded(page).equals(due)


def test_without_workers_it_goes_in_slices_from_a_folder(opened, parts, due):
    page = opened(parts.as_uri()).page
    short_study(page)
    to_the_end(page)
    assert not page.workers
    assert downloaded(page).equals(due)


@pytest.mark.parametrize("workers", ["'self'", "'none'"])
def test_it_works_under_a_strict_policy(opened, parts, due, workers):
    class Strict(mounted(parts)):
        def end_headers(self):
            html = (parts / "chapters" / "parts.html").read_text(encoding="utf-8")
            self.send_header("Content-Security-Policy", f"{policy(inline_scripts(html))}; worker-src {workers}")
            super().end_headers()

    with served(parts, Strict) as address:
        one = opened(address, script=REPORTED)
        short_study(one.page)
        to_the_end(one.page)
        assert downloaded(one.page).equals(due)
        broken = [text for text in one.page.evaluate("window.broken") if not text.startswith("script-src-attr")]
        assert all(text.startswith("worker-src") for text in broken) and bool(broken) is (workers == "'none'")
        one.errors.clear()  # which are about the theme's own handlers and, without workers, about these


@pytest.mark.parametrize("folder", [False, True])
def test_it_pauses_goes_on_and_stops(opened, parts, folder):
    page = opened(*([parts.as_uri()] if folder else [])).page
    enter(page, "at most", "0.05")
    press(page, "Train 128")
    page.wait_for_function(f"{MANY}.reached > 3", timeout=60_000)
    press(page, "Pause")
    page.wait_for_timeout(400)
    paused = page.evaluate(f"{MANY}.reached")
    page.wait_for_timeout(500)
    assert page.evaluate(f"{MANY}.reached") == paused
    press(page, "Go on")
    page.wait_for_function(f"{MANY}.reached > {paused + 2}", timeout=60_000)
    press(page, "Stop")
    reached = page.evaluate(f"{MANY}.reached")
    table = downloaded(page)
    assert (table.epoch[table.arrived == 0] == reached).all() and (table.epoch <= reached).all()
    page.wait_for_timeout(300)
    assert page.evaluate(f"{MANY}.reached") == reached and not page.workers


def test_no_task_is_long_while_slices_train(browser, opened, parts):
    page = opened(parts.as_uri()).page
    short_study(page, 5000)
    enter(page, "at most", "0")
    press(page, "Train 128")
    page.wait_for_function(f"{MANY}.reached > 3", timeout=60_000)
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    page.wait_for_timeout(2000)
    times = task_times(json.loads(browser.stop_tracing())["traceEvents"])
    assert len(times) > 20 and max(times) <= LONGEST
    press(page, "Stop")


def test_readers_who_prefer_less_motion_get_the_curve_at_the_end(opened):
    page = opened(reduced_motion="reduce").page
    short_study(page)
    page.evaluate(f"""() => {{
      const {{chart}} = {MANY};
      const {{paint}} = chart;
      window.drawn = 0;
      chart.paint = (...all) => {{ window.drawn += 1; paint(...all); }};
    }}""")
    to_the_end(page)
    assert page.evaluate("window.drawn") <= 2


# ---- Tasks ----


def test_a_task_is_solved_by_keyboard_and_its_code_holds(opened):
    page = opened().page
    press(page, "Bend a network without activation")
    press(page, "Set it up")
    page.wait_for_function(f"{TASKS}.state.hidden.length === 2")
    assert page.evaluate("document.activeElement.textContent") == "Set it up"
    press(page, "Check this network")
    page.wait_for_function("document.querySelector('.live-tasks .live-said').textContent.includes('expected an answer first')")
    enter(page, "Parameters that matter", "3")
    press(page, "Check this network")
    page.locator(".live-goals .live-open-goal").first.wait_for()
    assert page.locator("[data-live=tasks] .live-said").inner_text() == "Not yet."
    assert not page.locator(".live-code").count()
    page.evaluate(f"{TASKS}.state.epochs = 300")
    press(page, "Check this network")
    page.locator(".live-shows").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Check this network"
    assert page.get_by_role("button", name="(solved)").count() == 1
    code = page.get_by_label("Code to hand in").input_value()
    assert check_task.check(code)[0]["id"] == "straight"


def test_every_task_can_be_chosen_set_up_and_checked(opened):
    page = opened().page
    for task in check_task.BY_NAME.values():
        press(page, task["title"])
        assert page.locator(".live-task-title").inner_text() == task["title"]
        page.locator(".live-task summary").press("Enter")
        assert page.get_by_text(task["hint"]).is_visible()
        press(page, "Set it up")
        wanted = json.dumps(task["start"])
        page.wait_for_function(f"Object.entries({wanted}).every(([key, value]) => "
                               f"JSON.stringify({TASKS}.state[key]) === JSON.stringify(value))")
    page.evaluate(f"{TASKS}.state.data = 'xor'")
    press(page, "Check this network")
    page.get_by_text("Data set: expected anes96, got xor. Press “Set it up”.").first.wait_for()


# ---- Both ----


@pytest.mark.parametrize("width, scheme", [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(opened, width, scheme):
    one = opened(width=width, scheme=scheme)
    page = one.page
    short_study(page)
    to_the_end(page)
    press(page, "Make half of the ReLUs die")
    press(page, "Set it up")
    page.evaluate(f"{TASKS}.state.rate = 3")
    press(page, "Check this network")
    page.locator(".live-shows").wait_for()
    for summary in page.locator(".live summary").all():
        summary.press("Enter")
    assert not one.errors
    assert not violations(page, within=".live")
    one.errors.clear()  # axe makes requests of its own
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_thumbs(opened):
    page = opened(width=PHONE, has_touch=True).page
    small = page.evaluate("""() => [...document.querySelectorAll('.live :is(button, select, input[type=text], summary, [role=slider])')]
      .filter((node) => { const {width, height} = node.getBoundingClientRect(); return height && Math.min(width, height) < 44; })
      .map((node) => node.outerHTML)""")
    assert not small
