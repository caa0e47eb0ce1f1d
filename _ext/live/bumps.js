// A sum of neurons in one dimension: the reader places each by hand to fit a curve, and then descent moves the very same parameters.
(function () {
  "use strict";
  const {element, button, choice, teller, Canvas, axis, frame, line, ink, MARGIN} = Live;
  const [YOUNG, OLD, CENTRE, SPREAD] = [18, 90, 54, 12]; // ages with data; the network sees x = (age - CENTRE) / SPREAD
  const AGES = [6, 102]; // those that are drawn
  const MOST = 6;
  const [RATE, EPOCHS, PACE] = [0.02, 1500, 5]; // of Adam on all rows at once, so many epochs in a frame
  const DIGITS = "₁₂₃₄₅₆";
  const DASHES = [[], [7, 4], [2, 3], [7, 3, 2, 3]];
  const PLACES = {age: {low: AGES[0], high: AGES[1], step: 1}, weight: {low: -12, high: 12, step: 0.25},
    height: {low: -1.5, high: 1.5, step: 0.05}, level: {low: -0.5, high: 1.5, step: 0.05}};
  // Where neurons stand before anybody has moved them: age, weight and height of each. Knots lie between observations, where the slope of
  // a ReLU is no matter of rounding.
  const START = {sigmoid: [[30, 3, 0.4], [74, 3, -0.4], [44, 3, 0.1], [58, 3, 0.1], [24, 3, 0.1], [84, 3, -0.1]],
    relu: [[30.5, 1, 0.15], [62.5, 1, -0.3], [44.5, 1, 0.05], [52.5, 1, 0.05], [24.5, 1, 0.05], [80.5, 1, -0.05]]};
  const LEVEL = 0.35;

  // ---- The curves, and the network ----

  const TARGETS = {
    hump: (x) => 0.35 + 0.45 * Math.exp(-(((x - 0.9) / 1.6) ** 2)),
    step: (x) => (x < (65 - CENTRE) / SPREAD ? 0.1 : 0.85),
    wave: (x) => 0.5 + 0.35 * Math.sin(2 * x),
  };
  const NAMES = [["hump", "turnout by age"], ["step", "a threshold at 65"], ["wave", "a wave"]];

  // One row for each year of age, in single precision as torch holds them.
  const rowsOf = (target) => {
    const rows = OLD - YOUNG + 1;
    const inputs = Float64Array.from({length: rows}, (_, i) => Math.fround((YOUNG + i - CENTRE) / SPREAD));
    return {inputs, labels: inputs.map((x) => Math.fround(TARGETS[target](x))), rows};
  };

  // A network 1-n-1 from places: [age, weight, height] of each neuron, and the level, which is the last bias.
  const networkOf = ({activation, neurons, level}) => {
    const model = Networks.build([1, neurons.length, 1], [activation, "identity"]);
    neurons.forEach((one, j) => place(model, j, one));
    model[1].parameters[1][0] = level;
    return model;
  };

  const place = (model, j, [age, weight, height]) => {
    const [weights, bias] = model[0].parameters;
    weights[j] = weight || 0.01; // a neuron without weight would be nowhere
    bias[j] = -weights[j] * ((age - CENTRE) / SPREAD);
    model[1].parameters[0][j] = height;
  };

  const placeOf = (model, j) => {
    const [weights, bias] = model[0].parameters;
    return [CENTRE - (SPREAD * bias[j]) / weights[j], weights[j], model[1].parameters[0][j]];
  };

  // Trains on all rows at once; one call is one epoch. The optimiser remembers, as torch's does.
  const descent = (model, {inputs, labels, rows}) => {
    const optim = new Networks.Adam(model, {lr: RATE});
    return () => {
      Networks.gradients(model, inputs, labels, rows, "mse");
      optim.step();
    };
  };

  const errorOf = (model, data) => Networks.evaluate(model, data, "mse");

  // What a neuron adds to the sum at an age.
  const share = (model, j, age) => {
    const [weights, bias] = model[0].parameters;
    const z = (weights[j] * (age - CENTRE)) / SPREAD + bias[j];
    return model[1].parameters[0][j] * Networks.ACTIVATIONS[model[0].activation].of(z);
  };

  const sum = (model, age) => {
    let total = model[1].parameters[1][0];
    for (let j = 0; j < model[0].featuresOut; j++) total += share(model, j, age);
    return total;
  };

  // ---- Words ----

  const text = (number, digits = 2) => {
    const plain = number.toFixed(digits);
    return (Number(plain) === 0 ? plain.replace("-", "") : plain).replace("-", "−");
  };
  const error = (value) => (value < 1e-4 ? "below 0.0001" : value.toFixed(4));
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

  class Bumps {
    constructor(box) {
      Object.assign(this, {box, target: "hump", activation: "sigmoid", chosen: 0, going: null, epochs: 0, hand: null, trained: false});
      this.model = this.fresh(2);
      this.data = rowsOf(this.target);
    }

    fresh(count) {
      return networkOf({activation: this.activation, neurons: START[this.activation].slice(0, count), level: LEVEL});
    }

    get count() {
      return this.model[0].featuresOut;
    }

    // ---- What readers change ----

    // Another number of neurons: those that stay keep their places.
    resize(count) {
      const before = this.model;
      this.model = this.fresh(count);
      for (let j = 0; j < Math.min(count, before[0].featuresOut); j++) place(this.model, j, placeOf(before, j));
      this.model[1].parameters[1][0] = before[1].parameters[1][0];
      this.chosen = Math.min(this.chosen, count - 1);
      this.byHand();
    }

    move(change) {
      const at = placeOf(this.model, this.chosen);
      place(this.model, this.chosen, at.map((value, i) => change[i] ?? value));
      this.byHand();
    }

    byHand() {
      this.stop();
      Object.assign(this, {hand: null, trained: false});
      this.draw();
    }

    choose(j) {
      this.chosen = j;
      this.draw();
    }

    throwAtRandom() {
      this.seed = (this.seed ?? -1) + 1;
      Networks.initialise(this.model, new Networks.Generator(this.seed));
      this.byHand();
    }

    // ---- Descent ----

    train() {
      if (this.going) {
        this.stop();
        this.draw();
        return;
      }
      const plain = (model) => model.map((layer) => layer.parameters.map((values) => values.slice()));
      this.hand ??= {values: plain(this.model), loss: errorOf(this.model, this.data)};
      Object.assign(this, {epochs: 0, trained: true});
      const step = descent(this.model, this.data);
      const epoch = () => {
        step();
        this.epochs += 1;
        return this.epochs < EPOCHS;
      };
      this.going = Live.loop(epoch, () => this.draw(), () => {
        this.going = null;
        this.draw();
      }, Live.reduced() ? Infinity : PACE);
      this.draw();
    }

    stop() {
      this.going?.stop();
      this.going = null;
    }

    back() {
      this.stop();
      this.hand.values.forEach((layer, l) => layer.forEach((values, p) => this.model[l].parameters[p].set(values)));
      this.byHand();
    }

    // ---- The page ----

    lay() {
      const stages = [0, 1].map(() => element("div", {class: "live-stage"}));
      const paints = [(...all) => this.paintSum(...all), (...all) => this.paintNeurons(...all)];
      this.panels = stages.map((stage, i) => new Canvas(stage, "", 0.82, paints[i]));
      this.handles = Array.from({length: MOST}, (_, j) => this.handle(j));
      stages[1].append(...this.handles);
      this.box.append(element("div", {class: "live-row"}, ...this.choices()), element("div", {class: "live-panels"}, ...stages),
        element("div", {class: "live-row"}, ...this.sliders()), element("div", {class: "live-row"}, ...this.buttons()));
      this.say = teller(this.box);
    }

    choices() {
      const of = (key, more) => (value) => {
        this[key] = value;
        more();
      };
      this.size = Live.pen.settable("Neurons", {low: 1, high: MOST, step: 1, value: 2, show: String}, (count) => this.resize(count));
      return [choice("Curve to fit", NAMES, this.target, of("target", () => {
        this.data = rowsOf(this.target);
        this.byHand();
      })), choice("Activation", [["sigmoid", "sigmoid"], ["relu", "ReLU"]], this.activation, of("activation", () => {
        this.model = this.fresh(this.count);
        this.byHand();
      })), this.size];
    }

    sliders() {
      const one = (name, key, index, show) => Live.pen.settable(name, {...PLACES[key], value: PLACES[key].low, show}, (value) => {
        if (index === null) {
          this.model[1].parameters[1][0] = value;
          this.byHand();
        } else this.move({[index]: value});
      });
      this.controls = [one("Place", "age", 0, (age) => `at ${text(age, 0)}`), one("Weight", "weight", 1, text),
        one("Height", "height", 2, text), one("Level of all", "level", null, text)];
      this.named = this.controls.slice(0, 3).map((control) => control.querySelector("span"));
      return this.controls;
    }

    buttons() {
      this.toggle = button("", () => this.train());
      this.undo = button("Back to mine", () => this.back());
      return [this.toggle, this.undo, button("Random start", () => this.throwAtRandom())];
    }

    // A handle on a neuron's own curve: both ways by mouse, finger or arrow keys.
    handle(j) {
      const digit = element("span", {"aria-hidden": "true"}, String(j + 1));
      const node = element("div", {class: "live-handle live-both", role: "button", tabindex: "0"}, digit);
      const {age, height} = PLACES;
      const keys = {ArrowLeft: [-age.step, 0], ArrowRight: [age.step, 0], ArrowUp: [0, height.step], ArrowDown: [0, -height.step]};
      const by = (years, up) => {
        const at = placeOf(this.model, j);
        this.move({0: clamp(at[0] + years, ...AGES), 2: clamp(at[2] + up, height.low, height.high)});
      };
      node.addEventListener("focus", () => this.choose(j));
      node.addEventListener("keydown", (event) => {
        if (!(event.key in keys)) return;
        event.preventDefault();
        by(...keys[event.key]);
      });
      node.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        node.focus({preventScroll: true});
        node.setPointerCapture(event.pointerId);
        this.held = {from: placeOf(this.model, j), x: event.clientX, y: event.clientY};
      });
      node.addEventListener("pointermove", (event) => {
        if (!node.hasPointerCapture(event.pointerId)) return;
        const [x, y] = this.axes;
        const {from, x: fromX, y: fromY} = this.held;
        const half = this.activation === "sigmoid" ? 2 : 1; // the handle is at half of the height
        const years = x.back(event.clientX - fromX) - x.back(0);
        const up = half * (y.back(event.clientY - fromY) - y.back(0));
        this.move({0: clamp(Math.round(from[0] + years), ...AGES), 2: clamp(Number((from[2] + up).toFixed(2)), height.low, height.high)});
      });
      return node;
    }

    // ---- Drawing ----

    draw() {
      this.loss = errorOf(this.model, this.data);
      this.panels.forEach((panel) => panel.draw());
      const [age, weight, height] = placeOf(this.model, this.chosen);
      [age, weight, height, this.model[1].parameters[1][0]].forEach((value, i) => this.controls[i].set(value));
      this.named.forEach((node, i) => { node.firstChild.textContent = `${["Place", "Weight", "Height"][i]} of h${DIGITS[this.chosen]}`; });
      this.size.set(this.count);
      this.handles.forEach((node, j) => this.name(node, j));
      this.toggle.textContent = this.going ? "Pause" : this.trained ? "Some more descent" : "Let descent do it";
      this.undo.disabled = !this.hand;
      this.panels[0].node.setAttribute("aria-label", `The target and the sum of ${plural(this.count, "neuron")}: ${error(this.loss)}`
        + " is the mean squared error.");
      this.panels[1].node.setAttribute("aria-label", `What each neuron adds: ${this.listed()}.`);
      this.say(this.words());
    }

    name(node, j) {
      node.hidden = j >= this.count;
      if (node.hidden) return;
      const [age, , height] = placeOf(this.model, j);
      node.setAttribute("aria-label", `Neuron ${j + 1}, at ${text(age, 0)}, height ${text(height)}. Arrow keys move it.`);
      node.setAttribute("aria-pressed", String(j === this.chosen));
    }

    listed() {
      return Array.from({length: this.count}, (_, j) => placeOf(this.model, j))
        .map(([age, weight, height], j) => `h${DIGITS[j]} at ${text(age, 0)}, weight ${text(weight)}, height ${text(height)}`).join("; ");
    }

    words() {
      const where = `Mean squared error ${error(this.loss)}.`;
      const pieces = this.activation === "relu" ? ` ${this.pieces()}` : "";
      if (!this.hand) return `${where}${pieces}`;
      return `${where} By hand it was ${error(this.hand.loss)}; epochs of descent: ${this.epochs}.${pieces}`;
    }

    // How many knots lie where the data are, and how many straight pieces they make.
    pieces() {
      const bent = Array.from({length: this.count}, (_, j) => placeOf(this.model, j)).filter(([, , height]) => height !== 0);
      const ages = bent.map(([age]) => age);
      const knots = new Set(ages.filter((age) => age > YOUNG && age < OLD).map((age) => age.toFixed(3))).size;
      return `${plural(knots, "knot")} among the data, so ${plural(knots + 1, "straight piece")}.`;
    }

    scales(width, height, low, high) {
      const ages = Object.assign(axis(...AGES, MARGIN.left, width - MARGIN.right), {ticks: [20, 40, 60, 80]});
      return [ages, axis(low, high, height - MARGIN.bottom, MARGIN.top)];
    }

    paintSum(pen, width, height) {
      const [x, y] = this.scales(width, height, -0.1, 1.1);
      this.outside(pen, x, y);
      frame(pen, x, y, ["age", "share"], width, height);
      const {inputs, labels, rows} = this.data;
      Live.pen.clipped(pen, x, y, () => {
        pen.fillStyle = Live.look.grey;
        pen.strokeStyle = Live.look.colours[1];
        pen.lineWidth = 1;
        for (let r = 0; r < rows; r += 2) {
          const [age, label] = [CENTRE + SPREAD * inputs[r], labels[r]];
          line(pen, [[x(age), y(label)], [x(age), y(sum(this.model, age))]]);
          Live.pen.dot(pen, x(age), y(label), 2.5);
        }
        pen.strokeStyle = ink();
        pen.lineWidth = 2.5;
        line(pen, this.along(x, (age) => y(sum(this.model, age))));
        if (this.activation === "relu") this.knots(pen, x, y);
      });
      tag(pen, "sum", x(AGES[1]) - 4, clamp(y(sum(this.model, AGES[1])) - 8, y(1.1) + 12, y(-0.1) - 4), ink(), "right");
    }

    knots(pen, x, y) {
      for (let j = 0; j < this.count; j++) {
        const [age] = placeOf(this.model, j);
        pen.fillStyle = ink();
        Live.pen.dot(pen, x(age), y(sum(this.model, age)), 5);
      }
    }

    paintNeurons(pen, width, height) {
      const reach = this.reach();
      const [x, y] = this.scales(width, height, -reach, reach);
      this.axes = [x, y];
      this.outside(pen, x, y);
      frame(pen, x, y, ["age", "added"], width, height);
      Live.pen.clipped(pen, x, y, () => {
        for (let j = 0; j < this.count; j++) {
          pen.strokeStyle = Live.look.colours[j % 4];
          pen.lineWidth = j === this.chosen ? 3.5 : 1.8;
          pen.setLineDash(DASHES[j % 4]);
          line(pen, this.along(x, (age) => y(share(this.model, j, age))));
        }
        pen.setLineDash([]);
      });
      this.handles.forEach((node, j) => this.put(node, j, x, y, reach));
    }

    put(node, j, x, y, reach) {
      if (j >= this.count) return;
      const [age, , height] = placeOf(this.model, j);
      const up = this.activation === "sigmoid" ? height / 2 : 0;
      const seen = age >= AGES[0] && age <= AGES[1];
      Object.assign(node.style, {left: `${x(clamp(age, ...AGES))}px`, top: `${y(clamp(up, -reach, reach))}px`, opacity: seen ? 1 : 0.35});
      node.firstChild.style.background = Live.look.colours[j % 4];
    }

    // The range of what neurons add: the same while one moves them, wider where descent has made them large.
    reach() {
      let most = 0;
      for (let j = 0; j < this.count; j++) {
        for (let age = YOUNG; age <= OLD; age += 4) most = Math.max(most, Math.abs(share(this.model, j, age)));
      }
      return most <= 1 ? 1 : Math.min(2 ** Math.ceil(Math.log2(most)), 64);
    }

    along(x, of) {
      const points = [];
      for (let pixel = x(AGES[0]); pixel <= x(AGES[1]); pixel += 2) points.push([pixel, of(x.back(pixel))]);
      return points;
    }

    // Ages of which there are no data.
    outside(pen, x, y) {
      pen.fillStyle = "rgba(127,127,127,0.16)";
      for (const [from, to] of [[AGES[0], YOUNG], [OLD, AGES[1]]]) pen.fillRect(x(from), y(y.high), x(to) - x(from), y(y.low) - y(y.high));
      pen.fillStyle = ink();
      pen.save();
      pen.translate(x((OLD + AGES[1]) / 2) + 4, y(y.low) - 6);
      pen.rotate(-Math.PI / 2);
      pen.fillText("no data", 0, 0);
      pen.restore();
    }
  }

  // ---- Helpers ----

  const tag = (pen, words, x, y, colour, side) => {
    pen.fillStyle = colour;
    pen.textAlign = side;
    pen.fillText(words, x, y);
    pen.textAlign = "left";
  };

  Live.bumps = {rowsOf, networkOf, placeOf, descent, errorOf, sum, START, LEVEL};

  Live.parts.bumps = async (box) => {
    await Live.script("pen");
    const bumps = new Bumps(box);
    bumps.lay();
    bumps.draw();
    Live.theBumps = bumps;
  };
})();
