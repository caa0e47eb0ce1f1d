// Gradient descent on the line, worked by hand: left the line, right the map of its error, with the step that descent would take.
(function () {
  "use strict";
  const {element, button, choice, teller, Canvas, axis, frame, line, mark, MARGIN} = Live;
  const WEIGHTS = [0, 5];
  const BIASES = [-1, 2.5];
  const STEP = 0.05; // of the sliders and the handles
  const RATE = 1e-3; // the smallest; ten steps of the slider make it ten times as large
  const RATES = 22;
  const MOST = 10000; // updates before it pauses by itself
  const FAR = 100; // as many times the largest error on the map are a run that ran away
  const NEAR = 1e-3; // a gradient smaller than this counts as none

  const rateAt = (place) => Number((RATE * 10 ** (place / 10)).toPrecision(2));
  const text = (number, digits = 2) => {
    const plain = Math.abs(number) < 1e6 ? number.toFixed(digits) : number.toExponential(1);
    return (Number(plain) === 0 ? plain.replace("-", "") : plain).replace("-", "−");
  };

  // ---- What is known of the data: the bowl of the mean squared error, and its lowest point ----

  const bowlOf = ({inputs, labels, rows}) => {
    const mean = (of) => Array.from({length: rows}, (_, r) => of(inputs[r], labels[r])).reduce((sum, one) => sum + one, 0) / rows;
    const [x, y, xx] = [mean((a) => a), mean((a, b) => b), mean((a) => a * a)];
    const weight = (mean((a, b) => a * b) - x * y) / (xx - x * x);
    const bias = y - weight * x;
    const error = (w, b) => mean((one, label) => (label - w * one - b) ** 2);
    return {x, xx, weight, bias, error, least: error(weight, bias)};
  };

  // The points of equal error: an ellipse about the lowest point.
  const ellipse = ({x, xx, weight, bias, least}, level) => {
    const [radius, steep] = [Math.sqrt(level - least), Math.sqrt(xx)];
    return Array.from({length: 91}, (_, i) => {
      const angle = (i / 45) * Math.PI;
      const up = (radius * Math.sin(angle)) / Math.sqrt(1 - (x * x) / xx);
      return [weight + (radius * Math.cos(angle) - (x / steep) * up) / steep, bias + up];
    });
  };

  // The path that torch went, as the figure of the chapter holds it: pairs of weight and bias, or null.
  const storedPath = () => {
    const node = document.querySelector("#fig-epoch script[type='application/json']");
    if (!node) return null;
    const {data, frames} = JSON.parse(node.textContent);
    const last = frames[frames.length - 1];
    const trace = last.data[last.traces.findIndex((one) => data[one].name === "path of weight and bias")];
    if (!trace) return null;
    const [weights, biases] = [trace.x, trace.y].map(numbersOf);
    return Array.from(weights, (weight, i) => [weight, biases[i]]);
  };

  const numbersOf = ({bdata, dtype}) => {
    const {buffer} = Uint8Array.from(atob(bdata), (letter) => letter.charCodeAt(0));
    return dtype === "f4" ? new Float32Array(buffer) : new Float64Array(buffer);
  };

  class Descent {
    constructor(box, recipe) {
      Object.assign(this, {box, recipe, rate: 0.01, data: Live.pair("line", "train")});
      this.batch = this.data.rows;
      this.bowl = bowlOf(this.data);
      this.limit = 1 / this.bowl.xx;
      this.top = Math.max(...WEIGHTS.flatMap((w) => BIASES.map((b) => this.bowl.error(w, b))));
    }

    // ---- The run ----

    config(shuffle) {
      const {seed, std, optimiser, settings} = this.recipe;
      return {sizes: [1, 1], activations: ["identity"], loss: "mse", optimiser, settings: {...settings, lr: this.rate},
        batch_size: this.batch, seed, std, shuffle};
    }

    // A run with these settings, from the chapter's start, or from a weight and a bias.
    begin(point = null, shuffle = this.recipe.shuffle) {
      this.pause();
      this.run = new Live.Run(this.config(shuffle), this.data);
      if (point) this.run.model[0].parameters.forEach((values, i) => { values[0] = point[i]; });
      Object.assign(this, {path: [this.point], used: [], ended: "", stored: null, epoch: false});
      this.draw();
    }

    get point() {
      return this.run.model[0].parameters.map((values) => values[0]);
    }

    // Loss and gradient over all the data, at the present weight and bias.
    measure() {
      const {inputs, labels, rows} = this.data;
      Networks.gradients(this.run.model, inputs, labels, rows, "mse");
      return {loss: this.bowl.error(...this.point), gradient: this.run.model[0].gradients.map((values) => values[0])};
    }

    // One update; return whether to go on.
    update() {
      const {run} = this;
      run.step();
      const {order, at, batchSize} = run.batches;
      const first = Math.floor((at - 1) / batchSize) * batchSize;
      this.used = Array.from({length: at - first}, (_, i) => (order ? order[first + i] : first + i));
      this.path.push(this.point);
      this.ended = this.ending();
      return !this.ended;
    }

    ending() {
      const steps = this.path.length - 1;
      if (this.epoch && steps === this.data.rows) return this.agreement(steps);
      const {loss, gradient} = this.measure();
      if (!(loss < FAR * this.top)) return this.ranAway(steps);
      if (this.batch === this.data.rows && Math.hypot(...gradient) < NEAR) return "The gradient is gone: this is OLS.";
      return steps < MOST ? "" : `Paused. ${this.batch < this.data.rows ? "Every batch pulls another way, so it does not rest." : "It creeps."}`;
    }

    ranAway(steps) {
      const {rate, limit} = this;
      const why = rate > limit ? `is beyond the limit of ${limit.toFixed(4)}: every step lands farther from the lowest point than it began.`
        : "is below the limit for all rows together, but a batch with x far from zero has a lower one.";
      return `It ran away in ${steps} steps. A learning rate of ${rate} ${why} Try ${Number(Math.min(rate / 4, limit / 2).toPrecision(1))}.`;
    }

    agreement(steps) {
      if (!this.stored) return "The stored path of the figure is not on this page, so there is nothing to compare with.";
      const apart = Math.max(...this.path.flatMap((point, i) => point.map((value, k) => Math.abs(value - this.stored[i][k]))));
      return `Largest difference from the stored path in ${steps} updates: ${apart.toFixed(7)}.`;
    }

    // ---- Time ----

    // One update in each frame at first, then ever more, so that thousands take seconds; all at once where motion is unwelcome.
    play() {
      this.toggle.textContent = "Pause";
      const going = () => {
        const pace = Live.reduced() ? 300 : Math.ceil(this.path.length / 100);
        let more = true;
        for (let i = 0; i < pace && more; i++) more = this.update();
        if (!more) this.pause();
        if (!more || !Live.reduced()) this.draw();
        if (more) this.frame = requestAnimationFrame(going);
      };
      this.frame = requestAnimationFrame(going);
    }

    pause() {
      cancelAnimationFrame(this.frame);
      this.frame = null;
      this.toggle.textContent = "Let descent take over";
    }

    press() {
      if (this.frame) {
        this.pause();
        return;
      }
      this.goOn();
      this.play();
    }

    one() {
      this.pause();
      this.goOn();
      this.update();
      this.draw();
    }

    // What has ended begins anew where it is, or at the start if that is too far.
    goOn() {
      if (this.ended || this.epoch) this.change();
    }

    change() {
      this.begin(this.loss < FAR * this.top ? this.point : null);
    }

    // The chapter's own rate, one row at a time, in their order.
    chapter() {
      Object.assign(this, {rate: this.recipe.settings.lr, batch: 1});
      this.rates.set(Math.round(10 * Math.log10(this.rate / RATE)));
      this.sizes.input.value = "1";
      this.begin(null, null);
      Object.assign(this, {epoch: true, stored: storedPath()});
      this.play();
    }

    // ---- What is on the page ----

    lay() {
      const [left, right] = [element("div", {class: "live-stage"}), element("div", {class: "live-stage"})];
      this.handles = [this.handle("Weight", "w", WEIGHTS, 0), this.handle("Bias", "b", BIASES, 1)];
      this.scatter = new Canvas(left, "", 0.95, (pen, width, height) => this.paintLine(pen, width, height));
      this.map = new Canvas(right, "", 0.95, (pen, width, height) => this.paintMap(pen, width, height));
      this.map.node.addEventListener("click", (event) => this.begin(this.mapped(event)));
      left.append(...this.handles, this.byHand());
      right.append(this.settings());
      this.box.append(element("div", {class: "live-panels"}, left, right), this.buttons());
      this.say = teller(this.box);
    }

    buttons() {
      this.toggle = button("", () => this.press());
      return element("div", {class: "live-row"}, this.toggle, button("One step", () => this.one()),
        button("Start again", () => this.begin()), button("The chapter’s epoch", () => this.chapter()));
    }

    byHand() {
      this.sliders = [["Weight", WEIGHTS], ["Bias", BIASES]].map(([name, [low, high]], i) => Live.pen.settable(name,
        {low, high, step: STEP, value: low, show: (value) => text(value)}, (value) => this.move(i, value)));
      return element("div", {class: "live-row"}, ...this.sliders);
    }

    settings() {
      const {rows} = this.data;
      const of = (key) => (value) => {
        this[key] = value;
        this.change();
      };
      this.rates = Live.pen.settable("Learning rate", {low: 0, high: RATES, step: 1, value: Math.round(10 * Math.log10(this.rate / RATE)),
        show: (place) => String(rateAt(place))}, (place) => of("rate")(rateAt(place)));
      this.sizes = choice("Batch", [[1, "1, stochastic"], [10, "10, mini-batch"], [rows, `all ${rows}`]], rows,
        (size) => of("batch")(Number(size)));
      return element("div", {class: "live-row"}, this.rates, this.sizes);
    }

    // Weight (0) or bias (1) by hand.
    move(which, value) {
      const point = this.point;
      point[which] = value;
      this.begin(point);
    }

    // A handle on the line: up and down.
    handle(name, letter, ends, which) {
      return Live.pen.handle({name: `${name}, on the line`, letter, ends, step: STEP, value: () => this.point[which],
        move: (value) => this.move(which, value), pulled: (event) => this.pulled(event, which)});
    }

    // The weight or bias with which the line goes through the pointer.
    pulled({clientY}, which) {
      const at = this.lineAxes[1].back(clientY - this.scatter.node.getBoundingClientRect().top);
      return which === 1 ? at : (at - this.point[1]) / this.arm;
    }

    mapped({clientX, clientY}) {
      const {left, top} = this.map.node.getBoundingClientRect();
      const [x, y] = this.mapAxes;
      const {clamp} = Live.pen;
      return [clamp(x.back(clientX - left), WEIGHTS), clamp(y.back(clientY - top), BIASES)].map((value) => Number(value.toFixed(4)));
    }

    // ---- Drawing ----

    draw() {
      const {loss, gradient} = this.measure();
      Object.assign(this, {loss, gradient});
      this.scatter.draw();
      this.map.draw();
      this.sliders.forEach((one, i) => one.set(this.point[i]));
      const [w, b] = this.point.map((value) => text(value));
      this.handles.forEach((node, i) => node.stands([w, b][i]));
      this.scatter.node.setAttribute("aria-label", `The data, and the line with weight ${w} and bias ${b}.`);
      this.map.node.setAttribute("aria-label", `Contours of the mean squared error over weight and bias: now ${text(loss)}, at OLS `
        + `${text(this.bowl.least)}; steps on the path: ${this.path.length - 1}.`);
      this.say(this.words(w, b));
    }

    words(w, b) {
      const steps = this.path.length - 1;
      const [dw, db] = this.gradient.map((slope) => text(slope));
      return `Steps: ${steps.toLocaleString("en")}. Weight ${w}, bias ${b}, loss ${text(this.loss)} (OLS: ${text(this.bowl.least)}). `
        + `Gradient: weight ${dw}, bias ${db}. ${this.ended}`;
    }

    paintLine(pen, width, height) {
      const {inputs, labels, rows} = this.data;
      const high = 1.1 * Math.max(...labels.map(Math.abs));
      const wide = 1.1 * Math.max(...inputs.map(Math.abs));
      const x = axis(-wide, wide, MARGIN.left, width - MARGIN.right);
      const y = axis(-high, high, height - MARGIN.bottom, MARGIN.top);
      this.lineAxes = [x, y];
      this.arm = (high - BIASES[1]) / WEIGHTS[1]; // as far out as the handle stays in the picture for every weight
      frame(pen, x, y, ["x", "y"], width, height);
      pen.fillStyle = Live.look.grey;
      for (let r = 0; r < rows; r++) Live.pen.dot(pen, x(inputs[r]), y(labels[r]), 2.5);
      const [w, b] = this.point;
      Live.pen.clipped(pen, x, y, () => {
        pen.strokeStyle = Live.look.colours[0];
        pen.lineWidth = 2.5;
        line(pen, [-wide, wide].map((one) => [x(one), y(w * one + b)]));
      });
      if (this.used.length < rows) for (const row of this.used) mark(pen, x(inputs[row]), y(labels[row]), 1, 5);
      [this.arm, 0].forEach((at, i) => {
        const up = Live.pen.clamp(w * at + b, [-high, high]);
        Object.assign(this.handles[i].style, {left: `${x(at)}px`, top: `${y(up)}px`, opacity: up === w * at + b ? 1 : 0.3});
      });
    }

    paintMap(pen, width, height) {
      const x = axis(...WEIGHTS, MARGIN.left, width - MARGIN.right);
      const y = axis(...BIASES, height - MARGIN.bottom, MARGIN.top);
      this.mapAxes = [x, y];
      frame(pen, x, y, ["weight", "bias"], width, height);
      const place = ([w, b]) => [x(w), y(b)];
      Live.pen.clipped(pen, x, y, () => {
        this.contours(pen, place, x, y);
        this.paths(pen, place);
      });
      const [atX, atY] = place([this.bowl.weight, this.bowl.bias]);
      mark(pen, atX, atY, 3, 6);
      Live.pen.named(pen, "OLS", atX + 9, atY - 9, Live.look.colours[3]);
      Live.pen.clipped(pen, x, y, () => this.now(pen, place));
    }

    contours(pen, place, x, y) {
      pen.strokeStyle = Live.look.grey;
      pen.lineWidth = 1;
      pen.globalAlpha = 0.75;
      const levels = axis(this.bowl.least, this.top, 0, 1, true).ticks;
      const rings = levels.map((level) => ellipse(this.bowl, level).map(place));
      rings.forEach((ring) => line(pen, ring));
      pen.globalAlpha = 1;
      rings.forEach((ring, i) => {
        const low = ring.filter(([a, b]) => b < y(y.low) - 8 && b > y(y.high) && a > x(x.low) + 12 && a < x(x.high) - 12);
        const [a, b] = low.reduce((one, other) => (other[1] > one[1] ? other : one), [NaN, -1]);
        if (low.length) Live.pen.named(pen, String(levels[i]), a - 7, b, Live.look.grey);
      });
    }

    paths(pen, place) {
      pen.strokeStyle = "rgba(127,127,127,0.45)";
      pen.lineWidth = 7;
      if (this.stored) line(pen, this.stored.map(place));
      pen.strokeStyle = Live.look.colours[2];
      pen.lineWidth = this.batch < this.data.rows && this.path.length > 300 ? 0.5 : 2; // long wandering would hide the map
      line(pen, this.path.map(place));
    }

    // The present point, and an arrow against the gradient.
    now(pen, place) {
      const [a, b] = place(this.point);
      const [[c, d], [e, f]] = [[0, 0], this.gradient.map((one) => -one)].map(place);
      const [dx, dy] = [e - c, f - d];
      const size = Math.hypot(dx, dy);
      const long = Math.min(80, 14 + 4 * Math.hypot(...this.gradient));
      if (Math.hypot(...this.gradient) > 10 * NEAR) Live.pen.arrow(pen, a, b, a + (dx / size) * long, b + (dy / size) * long);
      mark(pen, a, b, 0, 6);
    }
  }

  Live.parts.descend = async (box, {recipe}) => {
    for (const name of ["pen", "data-line"]) await Live.script(name);
    const descent = new Descent(box, recipe);
    descent.lay();
    descent.begin();
  };
})();
