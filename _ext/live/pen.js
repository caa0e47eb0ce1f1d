// What the parts that readers work by hand share: sliders that the page can move, handles on a picture, and a few strokes.
(function () {
  "use strict";
  const {element, slider, line} = Live;

  // A slider that can also be moved by the page.
  const settable = (name, options, change) => {
    const control = slider(name, options, change);
    const {input, output} = control;
    return Object.assign(control, {set: (value) => {
      input.value = value;
      output.textContent = options.show(value);
      input.setAttribute("aria-valuetext", options.show(value));
    }});
  };

  // A handle on a picture, for mouse, finger or arrow keys. ends: its lowest and highest value; value(): where it is; move(value);
  // pulled(event): the value at the pointer; across: whether it goes from left to right.
  const handle = ({name, letter, ends, step, across = false, value, move, pulled}) => {
    const way = across ? "horizontal" : "vertical";
    const node = element("div", {class: `live-handle live-handle-${way}`, role: "slider", tabindex: "0", "aria-label": name,
      "aria-orientation": way, "aria-valuemin": ends[0], "aria-valuemax": ends[1]}, element("span", {"aria-hidden": "true"}, letter));
    const keys = {ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, Home: -Infinity, End: Infinity};
    const to = (wanted) => move(Number(clamp(wanted, ends).toFixed(4)));
    node.addEventListener("keydown", (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      to(value() + keys[event.key]);
    });
    node.addEventListener("pointerdown", (event) => node.setPointerCapture(event.pointerId));
    node.addEventListener("pointermove", (event) => {
      if (node.hasPointerCapture(event.pointerId)) to(pulled(event));
    });
    return Object.assign(node, {stands: (text) => {
      node.setAttribute("aria-valuenow", String(clamp(value(), ends)));
      node.setAttribute("aria-valuetext", text);
    }});
  };

  const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

  const clipped = (pen, x, y, paint) => {
    pen.save();
    pen.beginPath();
    pen.rect(x(x.low), y(y.high), x(x.high) - x(x.low), y(y.low) - y(y.high));
    pen.clip();
    paint();
    pen.restore();
  };

  const dot = (pen, x, y, size) => {
    pen.beginPath();
    pen.arc(x, y, size, 0, 7);
    pen.fill();
  };

  // Words on a halo of the page's colour, so that lines do not cross them out.
  const named = (pen, words, x, y, colour) => {
    pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--pst-color-background").trim() || "#fff";
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeText(words, x, y);
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  };

  const arrow = (pen, x, y, toX, toY) => {
    const angle = Math.atan2(toY - y, toX - x);
    const wing = (side) => [toX - 10 * Math.cos(angle + side), toY - 10 * Math.sin(angle + side)];
    pen.strokeStyle = Live.ink();
    pen.lineWidth = 2.5;
    line(pen, [[x, y], [toX, toY]]);
    line(pen, [wing(0.5), [toX, toY], wing(-0.5)]);
  };

  Live.pen = {settable, handle, clamp, clipped, dot, named, arrow};
})();
