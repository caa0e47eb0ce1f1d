// A network of ReLU neurons that the reader bends by hand: each is a hinge with a knot and a coefficient, their sum is the network.
(function () {
  "use strict";
  const {element, button, teller, Canvas, axis, frame, line, MARGIN} = Live;
  const ENDS = [-5, 5]; // of x
  const POINTS = 101; // observations, as in the chapter's cells
  const KNOTS = [-3, 3];
  const COEFFICIENTS = [-5, 5];
  const STEP = 0.1; // of sliders and handles
  const HEIGHTS = [-9, 12]; // of the picture
  const TRACK = 31; // px from one knot's handle to the next: they stand below one another, so that two knots can be at one place
  const FITS = 0.5; // a sum of squared residuals below this counts as a fit
  const [RATE, MOST, STILL] = [0.02, 4000, 1e-3]; // of descent: learning rate, steps, and the gradient that counts as none
  const SHAPES = {V: (x) => 2 * Math.abs(x), W: (x) => 2 * Math.abs(Math.abs(x) - 2)};
  const BENDS = {V: "The V has one bend.", W: "The W has three bends, and each further neuron adds one."};
  // The first counts the distance to the left of its knot, all others that to the right.
  const START = [{side: -1, knot: -1, coefficient: 2}, {side: 1, knot: 1, coefficient: 2}];
  const MORE = [{side: 1, knot: 0, coefficient: 0.5}, {side: 1, knot: 3, coefficient: 0.5}];
  const ARMS = [-4.7, 4.7, 4.1, 3.5]; // where the handle of each coefficient stands

  const text = (number, digits = 1) => {
    const plain = number.toFixed(digits);
    return (Number(plain) === 0 ? plain.replace("-", "") : plain).replace("-", "−");
  };

  // ---- The network, its loss and its gradient ----

  const places = Array.from({length: POINTS}, (_, i) => ENDS[0] + ((ENDS[1] - ENDS[0]) * i) / (POINTS - 1));
  const inside = ({side, knot}, x) => Math.max(0, side * (x - knot));
  const network = (hinges, x) => hinges.reduce((sum, one) => sum + one.coefficient * inside(one, x), 0);
  const squares = (predict, shape) => places.reduce((sum, x) => sum + (shape(x) - predict(x)) ** 2, 0);

  // The OLS line of a shape.
  const ols = (shape) => {
    const mean = (of) => places.reduce((sum, x) => sum + of(x), 0) / POINTS;
    const slope = mean((x) => x * shape(x)) / mean((x) => x * x); // x has the mean 0
    const intercept = mean(shape);
    return (x) => slope * x + intercept;
  };

  // Derivatives of the mean squared error with respect to each knot and each coefficient.
  const gradients = (hinges, shape) => {
    const found = hinges.map(() => ({knot: 0, coefficient: 0}));
    for (const x of places) {
      const push = (2 * (network(hinges, x) - shape(x))) / POINTS;
      hinges.forEach((one, i) => {
        const value = inside(one, x);
        found[i].coefficient += push * value;
        if (value > 0) found[i].knot -= push * one.coefficient * one.side;
      });
    }
    return found;
  };

  // One step of gradient descent; return how steep it was.
  const descend = (hinges, shape) => {
    let size = 0;
    gradients(hinges, shape).forEach((slopes, i) => {
      for (const [key, slope] of Object.entries(slopes)) {
        hinges[i][key] -= RATE * slope;
        size += slope ** 2;
      }
    });
    return Math.sqrt(size);
  };

  // ---- What the reader sees ----

  class Hinges {
    constructor(box) {
      Object.assign(this, {box, shape: "V", hinges: START.map((one) => ({...one})), ended: "", frame: null});
    }

    get squares() {
      return squares((x) => network(this.hinges, x), SHAPES[this.shape]);
    }

    lay() {
      const stage = element("div", {class: "live-stage"});
      this.controls = element("div", {class: "live-hinges"});
      this.formula = element("p", {class: "live-formula"});
      this.canvas = new Canvas(stage, "", () => 420, (pen, width, height) => this.paint(pen, width, height));
      this.box.append(this.buttons(), stage, this.formula);
      this.say = teller(this.box);
      this.box.append(this.controls);
      this.stage = stage;
      this.layHinges();
    }

    buttons() {
      this.shapes = Object.keys(SHAPES).map((name) => button(`Fit the ${name}`, () => this.choose(name)));
      this.more = button("Add a neuron", () => this.add());
      this.less = button("Take one away", () => this.take());
      this.descent = button("", () => this.press());
      const again = button("Start again", () => this.again());
      return element("div", {class: "live-row"}, ...this.shapes, this.more, this.less, this.descent, again);
    }

    // Handles and sliders for the neurons there are.
    layHinges() {
      this.handles?.flat().forEach((node) => node.remove());
      this.handles = this.hinges.map((_, i) => this.handlesOf(i));
      this.sliders = this.hinges.map((_, i) => this.slidersOf(i));
      this.stage.append(...this.handles.flat());
      this.controls.replaceChildren(...this.sliders.map(({knot, coefficient}, i) => {
        const side = this.hinges[i].side < 0 ? "to the left" : "to the right";
        const name = element("legend", {}, `Neuron ${i + 1}, ${side}`);
        return element("fieldset", {}, name, element("div", {}, knot, coefficient));
      }));
      this.draw();
    }

    handlesOf(i) {
      const one = this.hinges[i];
      const make = (key, name, more) => {
        const node = Live.pen.handle({name: `${name} of neuron ${i + 1}, on the picture`, letter: String(i + 1), step: STEP,
          value: () => one[key], move: (value) => this.move(i, key, value), ...more});
        node.firstChild.style.background = Live.look.colours[i];
        return node;
      };
      const [left, top] = [() => this.canvas.node.getBoundingClientRect().left, () => this.canvas.node.getBoundingClientRect().top];
      return [
        make("knot", "Knot", {ends: KNOTS, across: true, pulled: ({clientX}) => this.axes[0].back(clientX - left())}),
        make("coefficient", "Coefficient", {ends: COEFFICIENTS,
          pulled: ({clientY}) => this.axes[1].back(clientY - top()) / Math.max(STEP, inside(one, ARMS[i]))}),
      ];
    }

    slidersOf(i) {
      const make = (key, name, [low, high]) => Live.pen.settable(name,
        {low, high, step: STEP, value: this.hinges[i][key], show: (value) => text(value)}, (value) => this.move(i, key, value));
      return {knot: make("knot", "Knot", KNOTS), coefficient: make("coefficient", "Coefficient", COEFFICIENTS)};
    }

    // ---- What the reader does ----

    move(i, key, value) {
      this.pause();
      this.hinges[i][key] = value;
      this.draw();
    }

    choose(shape) {
      this.pause();
      this.shape = shape;
      this.draw();
    }

    add() {
      this.pause();
      this.hinges.push({...MORE[this.hinges.length - START.length]});
      this.layHinges();
    }

    take() {
      this.pause();
      this.hinges.pop();
      this.layHinges();
    }

    again() {
      this.pause();
      this.hinges = START.map((one) => ({...one}));
      this.layHinges();
    }

    press() {
      if (this.frame) {
        this.pause();
        this.draw();
        return;
      }
      this.steps = 0;
      this.frame = requestAnimationFrame(() => this.slice());
    }

    // Some steps in each frame; all of them at once where motion is unwelcome.
    slice() {
      const pace = Live.reduced() ? 100 : 1 + Math.floor(this.steps / 40);
      for (let i = 0; i < pace && !this.ended; i++) {
        const steep = descend(this.hinges, SHAPES[this.shape]);
        this.steps += 1;
        if (steep < STILL || this.steps === MOST) this.ended = this.ending(steep);
      }
      if (!this.ended) {
        this.frame = requestAnimationFrame(() => this.slice());
        if (Live.reduced()) return;
      } else this.frame = null;
      this.draw();
    }

    ending(steep) {
      const taken = `Steps of descent: ${this.steps.toLocaleString("en-GB")}.`;
      if (this.squares < FITS) return `${taken} It found knots and coefficients by itself.`;
      const rests = steep < STILL ? "The gradient is gone, so it rests here" : "It paused here";
      return `${taken} ${rests}: bend it yourself, or add a neuron, and try again.`;
    }

    pause() {
      cancelAnimationFrame(this.frame);
      Object.assign(this, {frame: null, ended: ""});
    }

    // ---- Drawing ----

    draw() {
      const {hinges, shape} = this;
      this.shapes.forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === `Fit the ${shape}`)));
      this.more.disabled = hinges.length === ARMS.length;
      this.less.disabled = hinges.length === START.length;
      this.descent.textContent = this.frame ? "Pause" : "Let descent try";
      hinges.forEach((one, i) => {
        for (const [k, key] of ["knot", "coefficient"].entries()) {
          this.handles[i][k].stands(text(one[key]));
          this.sliders[i][key].set(one[key]);
        }
      });
      this.formula.textContent = `network(x) = ${hinges.map(term).join(" + ")}`;
      this.canvas.node.setAttribute("aria-label",
        `The data, a ${shape}; the OLS line; ${hinges.length} hinges, and the network, which is their sum.`);
      this.canvas.draw();
      this.say(this.words());
    }

    words() {
      const [own, straight] = [this.squares, squares(ols(SHAPES[this.shape]), SHAPES[this.shape])];
      const verdict = this.ended || (own < FITS ? "A perfect fit: nothing is left of the residuals." : BENDS[this.shape]);
      return `Sum of squared residuals: ${text(own)}. OLS: ${text(straight)}. ${verdict}`;
    }

    paint(pen, width, height) {
      const x = axis(...ENDS.map((end) => 1.06 * end), MARGIN.left, width - MARGIN.right);
      const y = axis(...HEIGHTS, height - MARGIN.bottom, MARGIN.top);
      Object.assign(x, {ticks: [-4, -2, 0, 2, 4]});
      Object.assign(y, {ticks: [0, 4, 8, 12]});
      this.axes = [x, y];
      frame(pen, x, y, ["position x", "engagement y"], width, height);
      Live.pen.clipped(pen, x, y, () => this.curves(pen, x, y));
      this.names(pen, x, y);
      this.hinges.forEach((one, i) => this.place(i, one, pen, x, y));
    }

    curves(pen, x, y) {
      const shape = SHAPES[this.shape];
      pen.fillStyle = Live.look.grey;
      places.forEach((one, i) => { if (i % 2 === 0) Live.pen.dot(pen, x(one), y(shape(one)), 3); });
      pen.strokeStyle = Live.look.grey;
      pen.lineWidth = 1.5;
      line(pen, ENDS.map((end) => [x(end), y(ols(shape)(end))]));
      this.hinges.forEach((one, i) => {
        pen.strokeStyle = Live.look.colours[i];
        pen.lineWidth = 2;
        pen.setLineDash([[7, 4], [2, 3], [7, 3, 2, 3], [12, 4]][i]);
        line(pen, [ENDS[0], one.knot, ENDS[1]].map((at) => [x(at), y(one.coefficient * inside(one, at))]));
      });
      pen.setLineDash([]);
      pen.strokeStyle = Live.ink();
      pen.lineWidth = 3;
      const bends = [...ENDS, ...this.hinges.map(({knot}) => knot)].sort((a, b) => a - b);
      line(pen, bends.map((at) => [x(at), y(network(this.hinges, at))]));
    }

    // Names at what they name: the network where it is farthest from the OLS line, of some places.
    names(pen, x, y) {
      const straight = ols(SHAPES[this.shape]);
      const seen = [-3.4, -2.4, 1, 2.2, 3].map((at) => [at, network(this.hinges, at)]).filter(([, up]) => up > 0.5 && up < 11);
      const [at, up] = seen.sort((a, b) => Math.abs(b[1] - straight(b[0])) - Math.abs(a[1] - straight(a[0])))[0] ?? [];
      const rises = network(this.hinges, at + STEP) > up;
      if (up !== undefined) Live.pen.named(pen, "network", x(at) + 10, y(up) + (rises ? 16 : -6), Live.ink());
      Live.pen.named(pen, "OLS", x(-0.6), y(straight(-0.6)) - 7, Live.look.grey);
    }

    // The handles of a neuron: its knot below the zero line, tied to it by a thin line, its coefficient on its arm.
    place(i, one, pen, x, y) {
      const [knot, arm] = this.handles[i];
      const below = y(0) + 24 + i * TRACK;
      pen.strokeStyle = Live.look.colours[i];
      pen.lineWidth = 1;
      line(pen, [[x(one.knot), y(0)], [x(one.knot), below]]);
      Object.assign(knot.style, {left: `${x(Live.pen.clamp(one.knot, ENDS))}px`, top: `${below}px`});
      const up = one.coefficient * inside(one, ARMS[i]);
      const shown = Live.pen.clamp(up, [HEIGHTS[0] + 1, HEIGHTS[1] - 1]);
      Object.assign(arm.style, {left: `${x(ARMS[i])}px`, top: `${y(shown)}px`, opacity: shown === up ? 1 : 0.4});
    }
  }

  const term = ({side, knot, coefficient}) => {
    const shift = Math.abs(knot) < 0.05 ? "" : ` ${-side * knot < 0 ? "−" : "+"} ${text(Math.abs(knot))}`;
    const weight = coefficient < -0.04 ? `(${text(coefficient)})` : text(coefficient);
    return `${weight} relu(${side < 0 ? "−" : ""}x${shift})`;
  };

  Live.parts.hinge = async (box) => {
    await Live.script("pen");
    const hinges = new Hinges(box);
    hinges.lay();
    Live.theHinges = hinges;
  };
  Live.hinges = {network, squares, ols, gradients, descend, SHAPES, places};
})();
