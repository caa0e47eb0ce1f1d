// "Train it here" for the learning rates of the line: the page takes the steps of the figure itself, over the path that is stored in it.
(function () {
  "use strict";
  const {element, button, number, choice, Canvas, Chart, axis, frame, line, mark, small, MARGIN} = Live;
  const {Generator, Batches, SGD, build, initialise, gradients} = Networks;
  const FRAMES = 3; // for a step, so that it can be followed
  const HIGHEST = 1000; // of the errors drawn; a run that goes beyond has run away

  // The paths of the weight that the figure holds, in the order of its slider.
  const storedPaths = () => {
    const node = document.querySelector("#fig-rates script[type='application/json']");
    return node ? JSON.parse(node.textContent).frames.map(({data}) => numbersOf(data[0].x)) : [];
  };

  const numbersOf = ({bdata, dtype}) => {
    const {buffer} = Uint8Array.from(atob(bdata), (letter) => letter.charCodeAt(0));
    return Array.from(dtype === "f4" ? new Float32Array(buffer) : new Float64Array(buffer));
  };

  // Mean squared error by weight, with the bias at OLS: a parabola.
  const parabola = ({inputs, labels, rows}) => {
    const mean = (of) => Array.from({length: rows}, (_, r) => of(inputs[r], labels[r])).reduce((sum, one) => sum + one, 0) / rows;
    const [x, y, xx] = [mean((a) => a), mean((a, b) => b), mean((a) => a * a)];
    const best = (mean((a, b) => a * b) - x * y) / (xx - x * x);
    const bias = y - best * x;
    const least = mean((a, b) => (b - best * a - bias) ** 2);
    return {best, bias, least, limit: 1 / xx, loss: (weight) => least + xx * (weight - best) ** 2};
  };

  const text = (value) => (Math.abs(value) < 1e5 ? value.toFixed(3) : value.toExponential(1)).replace("-", "−");

  class Rates {
    constructor(box, recipe) {
      Object.assign(this, {box, recipe, data: Live.pair("line", "train"), stored: storedPaths()});
      this.curve = parabola(this.data);
      this.own = {rate: recipe.rates[0], seed: recipe.seed, batch: this.data.rows};
    }

    lay() {
      const [left, right] = [element("div"), element("div")];
      this.box.append(element("div", {class: "live-panels"}, left, right));
      this.say = Live.teller(this.box);
      this.box.append(this.controls());
      this.bowl = new Canvas(left, "Mean squared error by weight, and the steps of gradient descent on it.", 0.95,
        (pen, width, height) => this.paint(pen, width, height));
      this.chart = new Chart(right, "Mean squared error after each step, on a logarithmic axis.", {titles: ["step", "mean squared error"],
        x: [0, this.recipe.steps], y: [this.curve.least / 1.5, HIGHEST], log: true});
    }

    controls() {
      this.again = button("As in the chapter", () => this.chapter());
      const set = (key) => (value) => { this.own[key] = Number(value); };
      return element("div", {class: "live-row"},
        number("Learning rate", {low: 1e-6, high: 10, value: this.own.rate}, set("rate")),
        number("Seed of the start", {low: 0, high: 2 ** 32 - 1, whole: true, value: this.own.seed}, set("seed")),
        choice("Batch", [[1, "1, stochastic"], [10, "10, mini-batch"], [this.data.rows, `all ${this.data.rows}`]], this.own.batch, set("batch")),
        button("Train this one", () => this.begin([this.own])), this.again);
    }

    // All rates of the figure, one after the other.
    chapter() {
      const {rates, seed} = this.recipe;
      this.begin(rates.map((rate) => ({rate, seed, batch: this.data.rows})));
    }

    begin(queue) {
      cancelAnimationFrame(this.frame);
      Object.assign(this, {queue, place: 0, apart: 0, updates: 0, compared: queue.length > 1});
      this.start();
      this.tick(0);
    }

    start() {
      const {rate, seed, batch} = this.queue[this.place];
      const {rows} = this.data;
      this.model = initialise(build([1, 1], ["identity"]), new Generator(seed), this.recipe.std);
      this.model[0].parameters[1][0] = this.curve.bias;
      this.batches = new Batches(this.data, batch, batch < rows ? new Generator(seed) : null);
      this.optim = new SGD(this.model, {lr: rate});
      this.path = [this.model[0].parameters[0][0]];
      this.shadow = this.stored[this.recipe.rates.indexOf(rate)] ?? null;
    }

    // One update of the weight; the bias is held where OLS has it.
    step() {
      const {model, batches} = this;
      if (!(batches.at < batches.rows)) batches.begin(); // at first, and after each epoch
      const batch = batches.next();
      gradients(model, batch.inputs, batch.labels, batch.rows, "mse");
      this.optim.step();
      model[0].parameters[1][0] = this.curve.bias;
      this.path.push(model[0].parameters[0][0]);
      this.updates += 1;
      if (this.compared && this.shadow) this.apart = Math.max(this.apart, this.far());
    }

    // How far the last weight is from the stored one, as a share of how far that has gone if it is a long way.
    far() {
      const last = this.path.length - 1;
      return Math.abs(this.path[last] - this.shadow[last]) / Math.max(1, Math.abs(this.shadow[last]));
    }

    // Return whether there is something left to do.
    advance() {
      if (this.path.length <= this.recipe.steps) this.step();
      else if (this.place + 1 < this.queue.length) {
        this.place += 1;
        this.start();
      } else return false;
      return true;
    }

    tick(frames) {
      let more = true;
      if (Live.reduced()) while (more) more = this.advance();
      else if (frames % FRAMES === 0) more = this.advance();
      if (frames % FRAMES === 0 || !more) this.draw(!more);
      if (more) this.frame = requestAnimationFrame(() => this.tick(frames + 1));
    }

    // ---- What the reader sees ----

    draw(over) {
      this.bowl.draw();
      const shadow = this.shadow ? [{values: this.shadow.map(this.curve.loss), faint: true}] : [];
      this.chart.draw([...shadow, {values: this.path.map(this.curve.loss), style: 1, name: `rate ${this.queue[this.place].rate}`, below: true}]);
      this.say(over ? this.end() : this.now());
    }

    now() {
      const weight = this.path[this.path.length - 1];
      return `Learning rate ${this.queue[this.place].rate}, step ${this.path.length - 1} of ${this.recipe.steps}: weight `
        + `${text(weight)}, mean squared error ${text(this.curve.loss(weight))}.`;
    }

    end() {
      if (this.compared) {
        return this.stored.length ? `Learning rates: ${this.queue.length}, updates: ${this.updates}. Largest relative difference from the `
          + `weights in the figure: ${small(this.apart)}.` : "The figure is not on this page, so there is nothing to compare with.";
      }
      const {rate, batch} = this.queue[0];
      const {limit} = this.curve;
      if (rate <= limit || batch < this.data.rows) return this.now();
      return `${this.now()} The rate is beyond the limit of ${limit.toFixed(4)}: every step lands farther from the lowest point than it began.`;
    }

    paint(pen, width, height) {
      const {best, loss} = this.curve;
      const reach = 1.5 * Math.abs(best - (this.stored[0]?.[0] ?? best - 3));
      const x = axis(best - reach, best + reach, MARGIN.left, width - MARGIN.right);
      const y = axis(0, loss(best + reach), height - MARGIN.bottom, MARGIN.top);
      frame(pen, x, y, ["weight", "mean squared error"], width, height);
      pen.save();
      pen.beginPath();
      pen.rect(MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom);
      pen.clip();
      this.strokes(pen, x, y, reach);
      pen.restore();
    }

    strokes(pen, x, y, reach) {
      const {best, loss} = this.curve;
      const at = (weight) => [x(weight), y(loss(weight))];
      pen.lineWidth = 2;
      pen.strokeStyle = Live.look.colours[3];
      line(pen, Array.from({length: 61}, (_, i) => at(best + reach * (i / 30 - 1))));
      pen.lineWidth = 7;
      pen.strokeStyle = "rgba(127,127,127,0.45)";
      if (this.shadow) line(pen, this.shadow.map(at));
      pen.lineWidth = 2;
      pen.strokeStyle = Live.look.colours[1];
      pen.setLineDash([7, 4]);
      line(pen, this.path.map(at));
      pen.setLineDash([]);
      this.path.forEach((weight) => mark(pen, ...at(weight), 1, 4));
    }
  }

  Live.parts.rates = async (box, {recipe}) => {
    await Live.script("data-line");
    box.querySelector(".live-open").hidden = true;
    const rates = new Rates(box, recipe);
    rates.lay();
    rates.chapter();
    rates.again.focus();
    Live.theRates = rates;
  };
})();
