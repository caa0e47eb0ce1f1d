// Draws the plotly figures of a page: when they come near, in the colours of the page, at its width.
(() => {
  "use strict";
  const NARROW = 560; // px; below it the panels of a figure stand one above the other
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

  const layoutFor = (box, figure) => {
    const layout = structuredClone(figure.layout);
    const {text, family} = colours();
    const width = box.clientWidth;
    const patch = {"font.color": text, "font.family": family, width, height: heightOf(box)};
    if (width < NARROW) Object.assign(patch, {"font.size": 12, "margin.l": 44, "margin.r": 8}, layout.meta?.narrow);
    for (const [path, value] of Object.entries(patch)) put(layout, path, value);
    return layout;
  };

  const heightOf = (box) => {
    const style = getComputedStyle(box);
    return parseInt(style.getPropertyValue(box.clientWidth < NARROW ? "--narrow-height" : "--height"), 10);
  };

  const drawn = new Map(); // box -> {figure, drawing, width}

  const draw = async (box) => {
    const figure = JSON.parse(box.querySelector("script").textContent);
    const drawing = box.querySelector(".plotly-drawing");
    drawing.replaceChildren();
    await Plotly.newPlot(drawing, figure.data, layoutFor(box, figure), CONFIG);
    if (figure.frames) await Plotly.addFrames(drawing, figure.frames);
    drawn.set(box, {figure, drawing, width: box.clientWidth});
    box.querySelectorAll(".plotly-slider").forEach((slider) => connect(slider, drawing));
    box.dataset.drawn = "true";
  };

  const connect = (slider, drawing) => {
    const input = slider.querySelector("input");
    const button = slider.querySelector("button");
    const output = slider.querySelector("output");
    const labels = JSON.parse(slider.dataset.steps);
    let timer = null;

    const show = () => {
      output.textContent = labels[input.value];
      input.setAttribute("aria-valuetext", labels[input.value]);
      const now = {mode: "immediate", frame: {duration: 0, redraw: false}, transition: {duration: 0}};
      return Plotly.animate(drawing, [input.value], now);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = "▶";
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
      button.textContent = "⏸";
    };
    input.addEventListener("input", () => (stop(), show()));
    button.addEventListener("click", () => (timer ? stop() : play()));
    if (input.value !== input.defaultValue) show(); // the browser may restore where it stood
  };

  // Fits a drawn figure to the width and the colours that the page has now.
  const refit = (box) => {
    const one = drawn.get(box);
    const layout = layoutFor(box, one.figure);
    const changes = {"font.color": layout.font.color, width: layout.width, height: layout.height};
    for (const axis of ["xaxis", "yaxis", "xaxis2", "yaxis2"]) {
      if (layout[axis]?.domain) changes[`${axis}.domain`] = layout[axis].domain;
    }
    one.width = box.clientWidth;
    return Plotly.relayout(one.drawing, changes);
  };

  const boxes = document.querySelectorAll(".plotly-figure");
  const near = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      draw(target);
    }
  }, {rootMargin: "600px 0px"});
  boxes.forEach((box) => near.observe(box));

  const widths = new ResizeObserver((entries) => {
    for (const {target} of entries) {
      const one = drawn.get(target);
      if (one && one.width !== target.clientWidth) requestAnimationFrame(() => refit(target));
    }
  });
  boxes.forEach((box) => widths.observe(box));
  new MutationObserver(() => drawn.forEach((_, box) => refit(box))).observe(document.documentElement, {attributeFilter: ["data-theme"]});
})();
