"""Every slider, moved by keyboard through all steps and back, shows what its frames say and changes nothing else."""

import re
from itertools import product

import pytest

from lib import figures as builders
from tools.book import NOTEBOOKS, cells, figures
from tools.browsing import PHONE
from tools.tolerance import decode, is_array

STYLE = ["line.color", "line.dash", "line.width", "marker.color", "marker.symbol", "marker.size", "marker.line.color",
         "marker.line.width", "textfont.color", "textfont.size", "opacity", "visible", "mode"]

# Keeps the promise of the last change, which figures.js drops, so that tests can await it.
KEEP_PROMISES = "() => { const restyle = Plotly.restyle; Plotly.restyle = (...all) => (window.drawing = restyle(...all)); }"

# The width of all panels of a slider's figure, in pixels.
WIDTH = """async (input) => {
  await window.drawing;
  return input.closest(".plotly-figure").querySelector(".plotly-drawing")._fullLayout._size.w;
}"""

# The visible state of a slider's figure; equal pictures get equal numbers.
LOOK = """async (input, style) => {
  await window.drawing;
  const box = input.closest(".plotly-figure"), plot = box.querySelector(".plotly-drawing");
  const {_fullData: traces, _fullLayout: layout} = plot;
  const at = (trace, path) => path.split(".").reduce((part, key) => part?.[key], trace);
  const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value ?? null);
  const groups = [...plot.querySelectorAll(".scatterlayer .trace")];
  const texts = (index) => groups.filter((group) => group.__data__[0].trace.index === index)
    .flatMap((group) => [...group.querySelectorAll(".textpoint text")].map((node) => node.textContent.trim()).filter(Boolean));
  const round = (number) => Number(number).toFixed(3);
  const markup = [...plot.querySelectorAll(".main-svg")].map((svg) => svg.outerHTML.replace(/\\d+\\.\\d{4,}/g, round)).join();
  const pictures = (window.pictures ??= []);
  if (!pictures.includes(markup)) pictures.push(markup);
  return {
    place: +input.value,
    words: [box.querySelector("output").textContent, input.getAttribute("aria-valuetext")],
    texts: traces.map((trace) => texts(trace.index)),
    styles: traces.map((trace) => Object.fromEntries(style.map((path) => [path, plain(at(trace, path))]))),
    ranges: Object.fromEntries(Object.keys(layout).filter((key) => /^[xy]axis/.test(key)).map((key) => [key, layout[key].range])),
    picture: pictures.indexOf(markup),
  };
}"""


def with_sliders(path):
    """Return the figures of a notebook that have a slider, as the notebook stores them."""
    return [figure for cell in cells(path, "code") for figure in figures(cell) if figure["layout"].get("sliders")]


ALL = {path.stem: with_sliders(path) for path in NOTEBOOKS}
SWITCHED = {name: found for name, some in ALL.items() if (found := [one for one in some if "switches" in one["layout"]["meta"]])}
MOVING = {name: found for name, some in ALL.items() if (found := [one for one in some if "switches" not in one["layout"]["meta"]])}


def drawn(visit, name):
    """Open a page, draw all its figures, and let tests await what they change."""
    one = visit(name)
    one.draw_all()
    one.page.evaluate(KEEP_PROMISES)
    return one


def settle(page, handle):
    """Move a slider away and back: when it first draws anew, plotly.js fits the margins again, by one pixel at most."""
    width, place = handle.evaluate(WIDTH), int(handle.input_value())
    handle.focus()
    page.keyboard.press("Home" if place else "End")
    page.keyboard.press("Home")
    for _ in range(place):
        page.keyboard.press("ArrowRight")
    assert abs(handle.evaluate(WIDTH) - width) <= 1


def there_and_back(page, handle, last):
    """Return the visible state before a slider is touched, at each step on the way up, and at each on the way down."""
    settle(page, handle)
    look = lambda: handle.evaluate(LOOK, STYLE)
    start = look()
    ways = []
    for end, arrow in [("Home", "ArrowRight"), ("End", "ArrowLeft")]:
        page.keyboard.press(end)
        ways.append([look()])
        for _ in range(last):
            page.keyboard.press(arrow)
            ways[-1].append(look())
    return start, *ways


def held(figure, step):
    """Return the changes in a frame, as a dict from the index of a trace to its part."""
    frame = figure["frames"][step]
    return dict(zip(frame["traces"], frame["data"]))


def plain(value):
    """Return a value of a trace, as a list if it is an encoded array."""
    return decode(value).tolist() if is_array(value) else value


def leaves(part, path=""):
    """Yield each (dotted path, value) of a part of a trace, with arrays as lists."""
    for key, value in part.items():
        if isinstance(value, dict) and not is_array(value):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield path + key, plain(value)


def texts_at(figure, step):
    """Return the texts that each trace should show; a point that is nowhere (NaN) shows none."""
    traces = [{**trace, **held(figure, step).get(i, {})} for i, trace in enumerate(figure["data"])]
    written = [trace if "text" in trace.get("mode", "") else {"text": [], "x": []} for trace in traces]
    drawn = [[text for text, x in zip(trace["text"], plain(trace["x"])) if x == x] for trace in written]
    return [[bare for text in some if (bare := re.sub("<.*?>", "", text).strip())] for some in drawn]


def styles_at(figure, step, start):
    """Return the styles that each trace should have: those at the start, changed by the frame."""
    parts = held(figure, step)
    said = [dict(leaves(parts.get(i, {}))) for i in range(len(start))]
    return [{**before, **{path: here[path] for path in here.keys() & before.keys()}} for before, here in zip(start, said)]


def check(seen, figure, step, start):
    """Compare the visible state at a step with the figure."""
    label = figure["layout"]["sliders"][0]["steps"][step]["label"]
    assert (seen["place"], seen["words"]) == (step, [label, label])
    assert seen["texts"] == texts_at(figure, step)
    assert seen["ranges"] == start["ranges"]
    for trace, (now, due) in enumerate(zip(seen["styles"], styles_at(figure, step, start["styles"]))):
        for path in STYLE:
            assert now[path] == pytest.approx(due[path]), f"{path} of trace {trace} at step {step}"


@pytest.mark.parametrize("name", MOVING)
def test_a_slider_shows_its_frame_at_every_step_and_changes_nothing_else(visit, name):
    one = drawn(visit, name)
    handles = one.page.locator(".plotly-slider input").element_handles()
    assert len(handles) == len(MOVING[name])
    for handle, figure in zip(handles, MOVING[name]):
        slider = figure["layout"]["sliders"][0]
        start, up, down = there_and_back(one.page, handle, len(slider["steps"]) - 1)
        for step, seen in enumerate(up):
            check(seen, figure, step, start)
        assert up[slider.get("active", 0)] == start, f"Back at its start, {slider['currentvalue']['prefix']} shows a different picture."
        assert up == down[::-1], "The pictures on the way back differ from those on the way up."
    assert not one.errors


def test_every_kind_of_slider_is_looked_at():
    kinds = {figure["layout"]["sliders"][0]["currentvalue"]["prefix"] for some in MOVING.values() for figure in some}
    assert len(kinds) == len([name for name in builders.__all__ if name.endswith("slider")])


# What the traces of a figure with switches draw: how high, and in which colour.
DRAWN = """async (box) => {
  await window.drawing;
  const {_fullData: traces} = box.querySelector(".plotly-drawing");
  return traces.map(({y, line, fillcolor}) => [Array.from(y), line?.color ?? null, fillcolor ?? null]);
}"""


@pytest.mark.parametrize("name", SWITCHED)
def test_switches_show_the_frame_of_each_combination(visit, name):
    one = drawn(visit, name)
    boxes = one.page.locator(".plotly-figure:has(.plotly-switches)").all()
    for box, figure in zip(boxes, SWITCHED[name], strict=True):
        selects, start = box.locator("select").all(), box.evaluate(DRAWN)
        switches = [values for _, values in figure["layout"]["meta"]["switches"]]
        for place, values in enumerate(product(*switches)):
            for select, options, value in zip(selects, switches, values, strict=True):
                select.press("Home")
                for _ in range(options.index(value)):
                    select.press("ArrowDown")
                assert select.input_value() == value
            due = {i: plain(part["y"]) for i, part in held(figure, place).items()}
            for i, (y, *colours) in enumerate(box.evaluate(DRAWN)):
                assert y == due[i] and colours == start[i][1:], f"trace {i} for {values}"
        assert len({str(held(figure, place)) for place in range(len(figure["frames"]))}) > 8
    assert not one.errors


MAPS = {name: some for name, figures_ in MOVING.items() if (some := [one for one in figures_ if "ratio" in one["layout"]["meta"]])}
# The pixels of one unit of both inputs, in each map of a page, first where it is wide.
SCALES = """() => [...document.querySelectorAll(".plotly-drawing")].map((plot) => plot._fullLayout)
  .filter((layout) => layout?.meta?.ratio)
  .map(({xaxis, yaxis}) => [xaxis, yaxis].map(({_length, range}) => _length / (range[1] - range[0])))"""


@pytest.mark.parametrize("name", MAPS)
def test_boundaries_open_at_the_start_of_training(visit, name):
    one = visit(name)
    one.uncover()
    sliders = one.page.locator(".plotly-slider").all()
    opened = [slider for slider in sliders if slider.locator("output").inner_text().startswith("0 (loss ")]
    assert len(opened) == len(MAPS[name])
    assert all(slider.locator("input").input_value() == "0" for slider in opened)


@pytest.mark.parametrize("width", [PHONE, 560, 1440])
@pytest.mark.parametrize("name", MAPS)
def test_both_inputs_of_a_map_have_one_scale_at_any_width(visit, name, width):
    one = visit(name, width=width)
    one.draw_all()
    scales = one.page.evaluate(SCALES)
    assert len(scales) >= len(MAPS[name])
    for x, y in scales:
        assert x == pytest.approx(y, rel=0.02) and x > 25
