// Draws the plotly figures of a page shortly before they scroll into view, in the colours and at the width of the page.
(() => {
  "use strict";
  const NARROW = 560; // px; below it, panels are stacked
  const COARSE = matchMedia("(pointer: coarse)").matches;
  const AXES = ["xaxis", "yaxis", "xaxis2", "yaxis2"];
  const CONFIG = {displaylogo: false, responsive: false, modeBarButtonsToRemove: ["select2d", "lasso2d"]};

  const colours = () => {
    const css = getComputedStyle(document.documentElement);
    const text = css.getPropertyValue("--pst-color-text-base").trim() || "#333";
    return {text, family: getComputedStyle(document.body).fontFamily};
  };

  // Sets one value given its dotted path, such as "xaxis2.domain".
  const put = (layout, path, value) => {
    const keys = path.split(".");
    const last = keys.pop();
    const inner = keys.reduce((at, key) => (at[key] ??= {}), layout);
    inner[last] = value;
  };

  // The parts of a figure's layout that depend on the page: colours, size and, if it is narrow, stacked panels.
  const patchFor = (box, figure) => {
    const {text, family} = colours();
    const narrow = box.clientWidth < NARROW;
    const margin = {l: narrow ? 44 : 56, r: narrow ? 8 : 16, ...figure.layout.margin};
    const size = {"font.size": narrow ? 12 : 14, "margin.l": margin.l, "margin.r": margin.r};
    const panels = Object.fromEntries(AXES.filter((axis) => figure.layout[axis])
      .map((axis) => [`${axis}.domain`, figure.layout[axis].domain ?? [0, 1]]));
    const stacked = narrow ? figure.layout.meta?.narrow : {};
    const page = {"font.color": text, "font.family": family, width: box.clientWidth, height: heightOf(box)};
    return {...size, ...panels, ...stacked, ...page};
  };

  const layoutFor = (box, figure) => {
    const layout = structuredClone(figure.layout);
    if (COARSE) layout.dragmode = false; // so that a swipe over a figure scrolls the page
    for (const [path, value] of Object.entries(patchFor(box, figure))) put(layout, path, value);
    return layout;
  };

  // Where there is little room, a line keeps its name and not its equation; no slider comes later and wants it back.
  const dataFor = (box, {data, frames}) => (box.clientWidth >= NARROW || frames?.length ? data
    : data.map((trace) => (Array.isArray(trace.text) ? {...trace, text: trace.text.map((one) => one.split(": ")[0])} : trace)));

  // Reserved by the styles, which may let it go with the width.
  const heightOf = (box) => Math.round(parseFloat(getComputedStyle(box.querySelector(".plotly-drawing")).minHeight));

  const begun = new Set();
  const drawn = new Map(); // box -> {figure, drawing, width}

  const draw = async (box) => {
    if (begun.has(box)) return;
    begun.add(box);
    const figure = JSON.parse(box.querySelector("script").textContent);
    const drawing = box.querySelector(".plotly-drawing");
    drawing.replaceChildren();
    await Plotly.newPlot(drawing, dataFor(box, figure), layoutFor(box, figure), CONFIG);
    drawn.set(box, {figure, drawing, width: box.clientWidth});
    box.querySelectorAll(".plotly-slider").forEach((slider) => connect(slider, drawing, figure.frames));
    box.querySelectorAll(".plotly-switches").forEach((switches) => choose(switches, drawing, figure.frames));
    box.dataset.drawn = "true";
    performance.mark("figure drawn");
  };

  const holdsMore = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !("bdata" in value);

  // The values that a frame sets in a trace, by dotted path: setting "marker.size" must not reset "marker.color".
  const leaves = (part, path = []) => Object.entries(part).flatMap(([key, value]) => {
    const here = [...path, key];
    return holdsMore(value) ? leaves(value, here) : [[here.join("."), value]];
  });

  // Lets a figure take over what a frame has.
  const take = (drawing, {data, traces}) => {
    const parts = data.map(({type, ...part}) => Object.fromEntries(leaves(part)));
    const paths = new Set(parts.flatMap(Object.keys));
    // For a trace without a value at some path this is undefined, which plotly ignores.
    const changes = Object.fromEntries([...paths].map((path) => [path, parts.map((part) => part[path])]));
    return Plotly.restyle(drawing, changes, traces); // faster than plotly's own animation of frames
  };

  // Choices whose combinations are the frames, those of the last choice in a row.
  const choose = (switches, drawing, frames) => {
    const selects = [...switches.querySelectorAll("select")];
    const labels = JSON.parse(switches.dataset.steps);
    const show = () => {
      const place = selects.reduce((at, {selectedIndex, length}) => at * length + selectedIndex, 0);
      switches.querySelector("p").textContent = labels[place];
      return take(drawing, frames[place]);
    };
    selects.forEach((select) => select.addEventListener("change", show));
    if (selects.some(({selectedIndex}) => selectedIndex > 0)) show(); // browsers may restore what was chosen last
  };

  const connect = (slider, drawing, frames) => {
    const input = slider.querySelector("input");
    const button = slider.querySelector("button");
    const output = slider.querySelector("output");
    const labels = JSON.parse(slider.dataset.steps);
    let timer = null;

    const show = () => {
      output.textContent = labels[input.value];
      input.setAttribute("aria-valuetext", labels[input.value]);
      return take(drawing, frames[input.value]);
    };
    const name = (sign, word) => {
      button.textContent = sign;
      button.setAttribute("aria-label", `${word}: ${input.getAttribute("aria-label")}`);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      name("▶", "Play");
    };
    const advance = () => {
      if (+input.value === +input.max) return stop();
      input.value = +input.value + 1;
      show();
    };
    const play = () => {
      if (+input.value === +input.max) input.value = 0;
      show();
      timer = setInterval(advance, Math.max(60, 4000 / labels.length));
      name("⏸", "Pause");
    };
    input.addEventListener("input", () => (stop(), show()));
    button.addEventListener("click", () => (timer ? stop() : play()));
    if (input.value !== input.defaultValue) show(); // browsers may restore its last position
  };

  // Adapts a drawn figure to the current width and colours of the page.
  const refit = (box) => {
    const one = drawn.get(box);
    one.width = box.clientWidth;
    return Plotly.relayout(one.drawing, patchFor(box, one.figure));
  };

  const boxes = document.querySelectorAll(".plotly-figure");
  // One after the other, nearest first, so that a visible figure never waits for one out of sight.
  let queue = Promise.resolve();
  const distance = ({boundingClientRect: {top}}) => (top < 0 ? -top + innerHeight : top);
  const near = new IntersectionObserver((entries) => {
    const coming = entries.filter((entry) => entry.isIntersecting).sort((one, other) => distance(one) - distance(other));
    for (const {target} of coming) {
      near.unobserve(target);
      queue = queue.then(() => draw(target)).then(() => new Promise((resolve) => setTimeout(resolve)));
    }
  }, {rootMargin: "600px 0px"});
  boxes.forEach((box) => near.observe(box));

  // For printing, draw all figures, in light colours and as wide as the printed text.
  const page = document.documentElement;
  let theme;
  addEventListener("beforeprint", () => {
    theme = page.dataset.theme;
    page.dataset.theme = "light";
    page.classList.add("on-paper");
    boxes.forEach((box) => (drawn.has(box) ? refit(box) : draw(box)));
  });
  addEventListener("afterprint", () => {
    page.classList.remove("on-paper");
    page.dataset.theme = theme;
  });

  const widths = new ResizeObserver((entries) => {
    for (const {target} of entries) {
      const one = drawn.get(target);
      if (one && one.width !== target.clientWidth) requestAnimationFrame(() => refit(target));
    }
  });
  boxes.forEach((box) => widths.observe(box));
  new MutationObserver(() => drawn.forEach((_, box) => refit(box))).observe(page, {attributeFilter: ["data-theme"]});
})();
