// Draws the plotly figures of a page: when they come near, in the colours of the page, at its width.
(() => {
  "use strict";
  const NARROW = 560; // px; below it the panels of a figure stand one above the other
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

  // What this script sets in a figure's layout: its colours, its size and, where it is narrow, its panels.
  const patchFor = (box, figure) => {
    const {text, family} = colours();
    const narrow = box.clientWidth < NARROW;
    const margin = {l: narrow ? 44 : 56, r: narrow ? 8 : 16, ...figure.layout.margin};
    const size = {"font.size": narrow ? 12 : 14, "margin.l": margin.l, "margin.r": margin.r};
    const panels = Object.fromEntries(AXES.map((axis) => [`${axis}.domain`, figure.layout[axis]?.domain])
      .filter(([, domain]) => domain));
    const stacked = narrow ? figure.layout.meta?.narrow : {};
    const page = {"font.color": text, "font.family": family, width: box.clientWidth, height: heightOf(box)};
    return {...size, ...panels, ...stacked, ...page};
  };

  const layoutFor = (box, figure) => {
    const layout = structuredClone(figure.layout);
    if (COARSE) layout.dragmode = false; // a swipe over a figure scrolls the page
    for (const [path, value] of Object.entries(patchFor(box, figure))) put(layout, path, value);
    return layout;
  };

  const heightOf = (box) => {
    const style = getComputedStyle(box);
    return parseInt(style.getPropertyValue(box.clientWidth < NARROW ? "--narrow-height" : "--height"), 10);
  };

  const begun = new Set();
  const drawn = new Map(); // box -> {figure, drawing, width}

  const draw = async (box) => {
    if (begun.has(box)) return;
    begun.add(box);
    const figure = JSON.parse(box.querySelector("script").textContent);
    const drawing = box.querySelector(".plotly-drawing");
    drawing.replaceChildren();
    await Plotly.newPlot(drawing, figure.data, layoutFor(box, figure), CONFIG);
    drawn.set(box, {figure, drawing, width: box.clientWidth});
    box.querySelectorAll(".plotly-slider").forEach((slider) => connect(slider, drawing, figure.frames));
    box.dataset.drawn = "true";
    performance.mark("figure drawn");
  };

  const holdsMore = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !("bdata" in value);

  // What a frame holds for a trace, as pairs of a dotted path and a value: a new "marker.size" leaves "marker.color" as it is.
  const leaves = (part, path = []) => Object.entries(part).flatMap(([key, value]) => {
    const here = [...path, key];
    return holdsMore(value) ? leaves(value, here) : [[here.join("."), value]];
  });

  const connect = (slider, drawing, frames) => {
    const input = slider.querySelector("input");
    const button = slider.querySelector("button");
    const output = slider.querySelector("output");
    const labels = JSON.parse(slider.dataset.steps);
    let timer = null;

    const show = () => {
      output.textContent = labels[input.value];
      input.setAttribute("aria-valuetext", labels[input.value]);
      const {data, traces} = frames[input.value];
      const parts = data.map(({type, ...part}) => Object.fromEntries(leaves(part)));
      const paths = new Set(parts.flatMap(Object.keys));
      // Of a trace whose part lacks a path the value is undefined, which plotly passes over.
      const changes = Object.fromEntries([...paths].map((path) => [path, parts.map((part) => part[path])]));
      return Plotly.restyle(drawing, changes, traces); // quicker than plotly's own animation of frames
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
    if (input.value !== input.defaultValue) show(); // the browser may restore where it stood
  };

  // Fits a drawn figure to the width and the colours that the page has now.
  const refit = (box) => {
    const one = drawn.get(box);
    one.width = box.clientWidth;
    return Plotly.relayout(one.drawing, patchFor(box, one.figure));
  };

  const boxes = document.querySelectorAll(".plotly-figure");
  // One after the other, the nearest first: none that can be seen waits for one that cannot.
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

  // On paper every figure is there, in the colours of white paper and as wide as the text on it.
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
