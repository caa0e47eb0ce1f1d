// One neuron, its two parts apart: the weighted sum over the plane, the activation as a curve, and what comes out of both.
(function () {
  "use strict";
  const {element, slider, choice, button, axis, frame, line} = Live;
  const LIMIT = 6; // of weighted sums: the scale of colours and the axis of the curve go this far
  const STEP = 0.1;
  const NAMES = [["identity", "none (identity)"], ["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]];
  const CURVES = { // what an activation may say, as [low, high] of its axis; how that becomes a colour; in words
    identity: {range: [-LIMIT, LIMIT], share: (value) => 0.5 + value / (2 * LIMIT)},
    sigmoid: {range: [0, 1], share: (value) => value},
    tanh: {range: [-1, 1], share: (value) => (1 + value) / 2},
    relu: {range: [0, LIMIT], share: (value) => 0.5 + value / (2 * LIMIT)},
  };
  const ofSum = CURVES.identity.share;

  const signed = (value, digits = 2) => value.toFixed(digits).replace("-", "−");
  const term = (value, name) => `${value < 0 ? "−" : "+"} ${Math.abs(value).toFixed(1)}${name}`;

  // A map of one of the two: shares from 0 to 1, the line where the weighted sum is zero, the data, and the observation in question.
  const plane = (box, label, {range, layers, chosen, parameters}) => {
    const map = new Live.LiveMap(box, {range, n: 40, ratio: equalScales(range)});
    map.canvas.node.setAttribute("aria-label", label);
    map.extra = (pen, x, y) => {
      const [a, b] = chosen();
      ring(pen, x(a), y(b));
      nameLine(pen, x, y, range, parameters());
    };
    return {points: map.points, draw: (values) => map.show(values, {layers})};
  };

  // Says what the line is, where it leaves the map at the top or, if it does not, at the left.
  const nameLine = (pen, x, y, [x0, x1, y0, y1], [[w1, w2], [bias]]) => {
    const above = -(w2 * y1 + bias) / w1;
    const aside = -(w1 * x0 + bias) / w2;
    const at = above > x0 && above < x1 ? [x(above), y(y1) + 14] : [x(x0), y(aside) - 5];
    if (aside > y0 && aside < y1 || above > x0 && above < x1) Live.inChapters.haloed(pen, "z = 0", Math.min(at[0], x(x1) - 42) + 4, at[1]);
  };

  // The height of a map on which both inputs have the same scale, by its width.
  const equalScales = ([x0, x1, y0, y1]) => (width) => {
    const {left, right, top, bottom} = Live.MARGIN;
    return (width - left - right) * ((y1 - y0) / (x1 - x0)) + top + bottom;
  };

  const ring = (pen, x, y) => {
    for (const [width, colour] of [[5, "#ffffff"], [2.5, "#222222"]]) {
      pen.beginPath();
      pen.arc(x, y, 8, 0, 7);
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.stroke();
    }
  };

  // The activation as a curve, with the observation's weighted sum below and what becomes of it at the side.
  const paintCurve = ({pen, width, height}, {activation, of, sum}) => {
    const [low, high] = CURVES[activation].range;
    const room = 0.08 * (high - low);
    const x = axis(-LIMIT, LIMIT, Live.MARGIN.left, width - Live.MARGIN.right);
    const y = axis(low - room, high + room, height - Live.MARGIN.bottom, Live.MARGIN.top);
    frame(pen, x, y, ["weighted sum z", "ŷ = φ(z)"], width, height);
    Live.pen.clipped(pen, x, y, () => {
      pen.strokeStyle = Live.look.colours[0];
      pen.lineWidth = 2.5;
      line(pen, Array.from({length: 121}, (_, i) => (i - 60) / 10).map((z) => [x(z), y(of(z))]));
    });
    const at = [x(Math.min(LIMIT, Math.max(-LIMIT, sum))), y(Math.min(y.high, Math.max(y.low, of(sum))))];
    pen.strokeStyle = Live.ink();
    pen.lineWidth = 1.2;
    pen.setLineDash([3, 3]);
    line(pen, [[at[0], y(y.low)], at, [x(x.low), at[1]]]);
    pen.setLineDash([]);
    ring(pen, ...at);
  };

  Live.parts.neuron = async (box, {figure}) => {
    for (const name of ["map", "small", "pen", "data-moons"]) await Live.script(name);
    const {marks, right} = Live.inChapters;
    const train = Live.pair(figure.data, figure.part);
    const range = Live.rangeOf(train);
    const state = {activation: "sigmoid", row: 0, run: null, work: null};
    const row = () => [train.inputs[2 * state.row], train.inputs[2 * state.row + 1]];
    const parameters = () => state.run.model[0].parameters;
    const sumAt = ([a, b]) => {
      const [[w1, w2], [bias]] = parameters();
      return a * w1 + b * w2 + bias;
    };

    const panels = ["Sum: z", "Squash: φ", "Together: φ(z)"].map((title) => element("div", {}, element("p", {class: "live-title"}, title)));
    const controls = element("div", {class: "live-row"});
    box.append(element("div", {class: "live-neuron"}, ...panels, controls));
    const maps = {range, layers: [marks(train, 2.5)], chosen: row, parameters};
    const sums = plane(panels[0], "The weighted sum over the plane: a ramp, and the line on which it is zero.", maps);
    const curve = new Live.Canvas(panels[1], "The activation as a curve over the weighted sum.", 0.62, (pen, width, height) => state.run
      && paintCurve({pen, width, height}, {activation: state.activation, of: Networks.ACTIVATIONS[state.activation].of, sum: sumAt(row())}));
    const outputs = plane(panels[2], "What the neuron says over the plane: the ramp, bent by the activation.", maps);
    const heights = new Float64Array(sums.points.length / 2);

    const draw = () => {
      const {of} = Networks.ACTIVATIONS[state.activation];
      for (let p = 0; p < heights.length; p++) heights[p] = sumAt([sums.points[2 * p], sums.points[2 * p + 1]]);
      sums.draw(heights.map(ofSum));
      outputs.draw(heights.map((sum) => CURVES[state.activation].share(of(sum))));
      curve.draw();
      tell(said());
    };

    const said = () => {
      const [[w1, w2], [bias]] = parameters();
      const [a, b] = row();
      const sum = sumAt([a, b]);
      const out = Networks.ACTIVATIONS[state.activation].of(sum);
      const one = `Observation ${state.row + 1}, x₁ = ${signed(a)}, x₂ = ${signed(b)}, y = ${train.labels[state.row]}: `
        + `z = ${signed(w1, 1)}x₁ ${term(w2, "x₂")} ${term(bias, "")} = ${signed(sum)}, ŷ = φ(z) = ${signed(out)}.`;
      if (state.activation !== "sigmoid") return one;
      return `${one} Cross-entropy of all ${train.rows}: ${Networks.evaluate(state.run.model, train, "bce").toFixed(3)}; `
        + `${right(state.run.model, train)} on the right side of one half.`;
    };

    // The sliders hold the parameters; descent moves both.
    const limits = {low: -8, high: 8, step: STEP, show: (value) => signed(value, 1)};
    const places = [["Weight w₁", 0, 0], ["Weight w₂", 0, 1], ["Bias b", 1, 0]];
    const handles = places.map(([name, p, i]) => Live.pen.settable(name, {...limits, value: 0}, (value) => {
      rest();
      parameters()[p][i] = value;
      draw();
    }));
    const show = () => places.forEach(([, p, i], k) => handles[k].set(parameters()[p][i]));

    const begin = () => {
      rest();
      state.run = new Live.Run(figure, train);
      show();
      draw();
    };
    const rest = () => {
      state.work?.stop();
      state.work = null;
      descend.textContent = DESCEND;
    };
    const work = () => {
      if (state.work) return rest();
      activation.input.value = state.activation = "sigmoid";
      const end = state.run.epochs + figure.epochs;
      state.work = Live.loop(() => {
        state.run.epoch();
        return state.run.epochs < end;
      }, () => { show(); draw(); }, rest, 1);
      descend.textContent = "Pause";
      return null;
    };
    const DESCEND = `Let descent take ${figure.epochs} epochs`;
    const descend = button(DESCEND, work, {class: "live-show"});
    const activation = choice("Activation φ", NAMES, state.activation, (name) => {
      rest();
      state.activation = name;
      draw();
    });
    const observation = slider("Observation", {low: 1, high: train.rows, step: 1, value: 1}, (value) => {
      state.row = value - 1;
      draw();
    });
    controls.append(...handles, observation, activation, descend, button("Back to the start", begin));
    const tell = Live.teller(box);
    begin();
    Live.theNeuron = {state};
  };
})();
