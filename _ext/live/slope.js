// An activation to drag along: its slope at a point, and what a gradient keeps of itself on the way back through five such neurons.
(function () {
  "use strict";
  const {element, choice, teller, Canvas, axis, frame, line, MARGIN} = Live;
  const [REACH, STEP, DEEP] = [4, 0.1, 5];

  // The error function, by its series, which converges fast enough for what is drawn here.
  const erf = (x) => {
    let term = x;
    let sum = x;
    for (let n = 1; n < 60; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  };
  const normal = (z) => 0.5 * (1 + erf(z / Math.SQRT2)); // distribution and density of a standard normal variable
  const density = (z) => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  const {of: logistic} = Networks.ACTIVATIONS.sigmoid;

  // By its name: what readers call it, the function, its slope as torch has it, and the range of its values.
  const FAMILY = {
    sigmoid: ["sigmoid", logistic, (z) => logistic(z) * (1 - logistic(z)), [0, 1]],
    tanh: ["tanh", Math.tanh, (z) => 1 - Math.tanh(z) ** 2, [-1, 1]],
    relu: ["ReLU", (z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0), [0, REACH]],
    leaky_relu: ["leaky ReLU (0.1)", (z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1), [-1, REACH]],
    elu: ["ELU", (z) => (z > 0 ? z : Math.expm1(z)), (z) => (z > 0 ? 1 : Math.exp(z)), [-1, REACH]],
    gelu: ["GELU", (z) => z * normal(z), (z) => normal(z) + z * density(z), [-1, REACH]],
    softplus: ["softplus", (z) => Math.log1p(Math.exp(z)), logistic, [0, REACH]],
    identity: ["identity", (z) => z, () => 1, [-REACH, REACH]],
    step: ["step", (z) => (z > 0 ? 1 : 0), () => 0, [0, 1]],
  };

  const text = (number, digits = 2) => number.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
  const short = (number) => (number !== 0 && Math.abs(number) < 0.001 ? number.toExponential(0).replace("e-", " × 10⁻")
    .replace(/⁻(\d+)$/, (_, power) => "⁻" + [...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")) : text(number, 3));

  class Slope {
    constructor(box) {
      Object.assign(this, {name: "sigmoid", z: 0});
      const stage = element("div", {class: "live-stage"});
      const bars = element("div");
      this.curve = new Canvas(stage, "", 0.85, (pen, width, height) => this.paintCurve(pen, width, height));
      this.back = new Canvas(bars, "", 0.85, (pen, width, height) => this.paintBars(pen, width, height));
      this.handle = Live.pen.handle({name: "Weighted sum z, on the curve", letter: "z", ends: [-REACH, REACH], step: STEP, across: true,
        value: () => this.z, move: (z) => this.move(z),
        pulled: ({clientX}) => Math.round(this.x.back(clientX - this.curve.node.getBoundingClientRect().left) / STEP) * STEP});
      stage.append(this.handle);
      const titled = (title, panel) => element("div", {}, element("p", {class: "live-title"}, title), panel);
      box.append(element("div", {class: "live-row"}, choice("Activation φ", Object.entries(FAMILY).map(([key, [name]]) => [key, name]),
        this.name, (name) => this.change(name))),
      element("div", {class: "live-panels"}, titled("Drag z along the curve", stage), titled("A gradient of 1, on its way back", bars)));
      this.say = teller(box);
      this.draw();
    }

    get parts() {
      const [name, of, slope, range] = FAMILY[this.name];
      return {name, of, slope, range};
    }

    move(z) {
      this.z = z;
      this.draw();
    }

    change(name) {
      this.name = name;
      this.draw();
    }

    // What is left of a gradient of 1 in front of each neuron, the last one first.
    get left() {
      return Array.from({length: DEEP + 1}, (_, i) => this.parts.slope(this.z) ** i);
    }

    draw() {
      const {name, of, slope} = this.parts;
      const [value, rise, end] = [of(this.z), slope(this.z), this.left[DEEP]];
      const at = `At z = ${text(this.z, 1)} ${name} gives ${text(value)}, and its slope is ${text(rise)}.`;
      this.curve.node.setAttribute("aria-label", `The activation over the weighted sum, with its tangent. ${at}`);
      this.back.node.setAttribute("aria-label", `Bars of what is left of a gradient of 1 behind each of ${DEEP} neurons: `
        + `${this.left.map(short).join(", ")}.`);
      this.handle.stands(`${text(this.z, 1)}, slope ${text(rise)}`);
      this.curve.draw();
      this.back.draw();
      this.say(`${at} Through five such neurons in a row, a gradient of 1 becomes ${short(end)} (weights left aside).`);
    }

    paintCurve(pen, width, height) {
      const {of, slope, range: [low, high]} = this.parts;
      const room = 0.12 * (high - low);
      const x = axis(-REACH, REACH, MARGIN.left, width - MARGIN.right);
      const y = axis(low - room, high + room, height - MARGIN.bottom, MARGIN.top);
      this.x = x;
      frame(pen, x, y, ["weighted sum z", "φ(z)"], width, height);
      const places = Array.from({length: 161}, (_, i) => -REACH + i * REACH / 80);
      const rise = slope(this.z);
      Live.pen.clipped(pen, x, y, () => {
        pen.lineWidth = 2;
        pen.setLineDash([7, 4]);
        pen.strokeStyle = Live.look.colours[1];
        line(pen, [-REACH, REACH].map((z) => [x(z), y(of(this.z) + rise * (z - this.z))]));
        pen.setLineDash([]);
        pen.lineWidth = 2.5;
        pen.strokeStyle = Live.look.colours[0];
        if (this.name === "step") for (const side of [[-REACH, 0, 0], [0, REACH, 1]]) line(pen, [[x(side[0]), y(side[2])], [x(side[1]), y(side[2])]]);
        else line(pen, places.map((z) => [x(z), y(of(z))]));
      });
      Live.pen.named(pen, `slope ${text(rise)}`, x(this.z) + (this.z > 1 ? -104 : 18), y(of(this.z)) + (of(this.z) > (low + high) / 2 ? 26 : -18),
        Live.look.colours[1]);
      Object.assign(this.handle.style, {left: `${x(this.z)}px`, top: `${y(of(this.z))}px`});
    }

    paintBars(pen, width, height) {
      const {left} = this;
      const x = axis(-0.5, DEEP + 0.5, MARGIN.left, width - MARGIN.right);
      const y = axis(0, 1.15 * Math.max(1, ...left), height - MARGIN.bottom, MARGIN.top);
      x.ticks = [];
      frame(pen, x, y, ["neurons passed, backwards", "what is left"], width, height);
      pen.textAlign = "center";
      left.forEach((share, i) => {
        pen.fillStyle = Live.look.colours[0];
        pen.fillRect(x(i - 0.3), y(share), x(i + 0.3) - x(i - 0.3), y(0) - y(share));
        pen.fillStyle = Live.ink();
        pen.fillText(width < 420 ? text(share, 2) : short(share), x(i), y(share) - 6);
        pen.fillText(String(i), x(i), y(0) + 16);
      });
      pen.textAlign = "left";
    }
  }

  Live.parts.slope = async (box) => {
    await Live.script("pen");
    Live.theSlope = Object.assign(new Slope(box), {FAMILY});
  };
})();
