"""The picture that the playground saves is what is on its canvas."""

from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from _ext.live import data_scripts
from tools.book import ROOT

SVG = "{http://www.w3.org/2000/svg}"
DRAW = """
const box = Live.element("div", {style: "width: 480px"});
document.body.append(box);
const n = 60;
const shares = Float64Array.from({length: n * n}, (_, at) => 1 / (1 + Math.exp(-6 * Math.sin((at % n) / 9) - Math.floor(at / n) / 9 + 3)));
const labels = Float64Array.from({length: 60}, (_, at) => at % 4);
const data = {inputs: Float64Array.from({length: 120}, (_, at) => Math.sin(at * at)), labels, rows: 60};
const shown = {
  plane: () => {
    const plane = new Live.Plane(box, "A map of <x> & \\"y\\"", {range: [-1.2, 1.2, -1.2, 1.2], titles: ["x < 1", "y & z"], n});
    plane.draw(shares, data);
    return plane;
  },
  chart: () => {
    const chart = new Live.Chart(box, "Curves", {titles: ["epoch", "loss"], x: [0, 50], y: [0.01, 1], log: true});
    const curve = (scale) => Array.from({length: 51}, (_, at) => scale * Math.exp(-at / 12) + 0.02);
    chart.draw([{values: curve(0.9), name: "stored", faint: true}, ...[0.2, 0.4, 0.6, 0.8].map((scale, style) =>
      ({values: curve(scale), name: `curve ${style}`, style}))]);
    return chart;
  },
}[kind]();
return {svg: Live.exports.picture(shown, 480), width: shown.canvas.node.width, height: shown.canvas.node.height};
"""
# The share of pixels that differ clearly from the canvas once the browser has drawn the SVG.
COMPARE = """async (address) => {
  const canvas = document.querySelector("canvas");
  const image = new Image();
  image.src = address;
  await image.decode();
  const paper = (source) => {
    const copy = Object.assign(document.createElement("canvas"), {width: canvas.width, height: canvas.height});
    const pen = copy.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(source, 0, 0);
    return pen.getImageData(0, 0, copy.width, copy.height).data;
  };
  const [one, other] = [paper(canvas), paper(image)];
  let apart = 0;
  for (let at = 0; at < one.length; at += 4) apart += [0, 1, 2].some((c) => Math.abs(one[at + c] - other[at + c]) > 60);
  return apart / (one.length / 4);
}"""


@pytest.mark.parametrize("kind", ["plane", "chart"])
def test_a_picture_is_what_the_canvas_shows(browser, kind):
    page = browser.new_page(viewport={"width": 600, "height": 600})
    page.set_content("<body style='margin: 0; font-family: system-ui, sans-serif'></body>")
    page.evaluate("window.Live = {parts: {}}")
    for script in ("engine", "look", "stage", "export"):
        content = {"content": data_scripts(ROOT)["look"]} if script == "look" else {"path": ROOT / "_ext" / "live" / f"{script}.js"}
        page.add_script_tag(**content)
    made = page.evaluate(f"() => {{ const kind = '{kind}'; {DRAW} }}")
    root = ElementTree.fromstring(made["svg"])
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == {"plane": 'A map of <x> & "y"', "chart": "Curves"}[kind]
    assert not [node for node in root.iter() if node.tag == f"{SVG}script" or any(name.startswith("on") for name in node.attrib)]
    assert len(root.findall(f".//{SVG}image")) == (kind == "plane")
    words = {node.text for node in root.iter(f"{SVG}text")}
    assert {"plane": {"x < 1", "y & z", "−1"}, "chart": {"epoch", "loss", "curve 3", "stored"}}[kind] <= words
    assert page.evaluate(COMPARE, "data:image/svg+xml," + quote(made["svg"])) < 0.0003
    page.close()
