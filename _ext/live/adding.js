// A network taken apart: its hidden neurons alone, and their weighted sum as one after another is added, at any epoch of its training.
(function () {
  "use strict";
  const {element, button, slider, teller} = Live;
  const KEPT = [0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 450, 500, 550, 600, 650, 700, 750, 800, 900, 1000]; // epochs
  const BEAT = 1300; // ms between one neuron and the next, before anybody has touched it
  const REACH = 34; // px about a neuron within which it counts as pointed at

  const copied = (model) => model.map((layer) => layer.parameters.map((values) => values.slice()));

  // A network with some parameters, as a snapshot has them.
  const restored = (sizes, activations, snapshot) => {
    const model = Networks.build(sizes, activations);
    model.forEach((layer, l) => layer.parameters.forEach((values, p) => values.set(snapshot[l][p])));
    return model;
  };

  // The network of which only the first few hidden neurons have been added to the sum.
  const partial = (sizes, activations, snapshot, count) => {
    const model = restored(sizes, activations, snapshot);
    model[1].parameters[0].fill(0, count);
    return model;
  };

  // The network that passes on one of its hidden neurons as it is.
  const only = (sizes, activations, snapshot, j) => {
    const model = restored(sizes, [activations[0], "identity"], snapshot);
    model[1].parameters.forEach((values) => values.fill(0));
    model[1].parameters[0][j] = 1;
    return model;
  };

  const text = (value) => value.toFixed(1).replace("-", "−");

  class Adding {
    constructor(box, {figure}, train) {
      const hidden = figure.sizes[1];
      Object.assign(this, {box, figure, train, hidden, count: 1, alone: null, pointed: null, step: KEPT.length - 1, snapshots: [],
        losses: []});
    }

    // Trains once, in slices, and keeps some epochs of it.
    trainAll(done) {
      const run = new Live.Run(this.figure, this.train);
      const keep = () => {
        if (!KEPT.includes(run.epochs)) return;
        this.snapshots.push(copied(run.model));
        this.losses.push(run.history[run.epochs]);
      };
      keep();
      Live.loop(() => {
        run.epoch();
        keep();
        return run.epochs < KEPT[KEPT.length - 1];
      }, () => {}, done);
    }

    // The one neuron that is shown alone: what is pointed at, or else what was pressed.
    get one() {
      return this.pointed ?? this.alone;
    }

    get model() {
      const {sizes, activations} = this.figure;
      const snapshot = this.snapshots[this.step];
      return this.one === null ? partial(sizes, activations, snapshot, this.count) : only(sizes, activations, snapshot, this.one);
    }

    // ---- The page ----

    lay() {
      const {Picture, marks} = Live.inChapters;
      this.range = Live.rangeOf(this.train);
      this.picture = new Picture(this.box, "The network with its hidden neurons as maps.", {range: this.range, heights: [360, 500], most: 2, named: true});
      this.layers = [marks(this.train, 3)];
      this.added = slider("Neurons in the sum", {low: 0, high: this.hidden, step: 1, value: this.count},
        (count) => this.change({count, alone: null}));
      const last = KEPT.length - 1;
      const epoch = (k) => String(KEPT[k]);
      this.epochs = slider("Epoch", {low: 0, high: last, step: 1, value: last, show: epoch}, (step) => this.change({step}));
      this.buttons = Array.from({length: this.hidden}, (_, j) => button(`h${Live.inChapters.DIGITS[j]} alone`,
        () => this.change({alone: this.alone === j ? null : j}), {"aria-pressed": "false"}));
      this.box.append(element("div", {class: "live-row"}, this.added, this.epochs), element("div", {class: "live-row"}, ...this.buttons));
      this.say = teller(this.box);
      this.picture.canvas.draw(); // so that it has its height before there is anything to see
      this.listen();
    }

    // Pointing at a neuron of the picture shows it alone; so does a tap, until the next one.
    listen() {
      const {node} = this.picture.canvas;
      node.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(this.under(event)));
      node.addEventListener("pointerleave", () => this.point(null));
      node.addEventListener("click", (event) => {
        const j = this.under(event);
        if (j !== null) this.change({alone: this.alone === j ? null : j, pointed: null});
      });
    }

    under({clientX, clientY}) {
      const {node} = this.picture.canvas;
      const {left, top, width, height} = node.getBoundingClientRect();
      const {spots} = this.picture.layout(width, height);
      const [, layer] = spots;
      const far = layer.map(([x, y]) => Math.hypot(x - clientX + left, y - clientY + top));
      const nearest = far.indexOf(Math.min(...far));
      return far[nearest] < REACH ? nearest : null;
    }

    point(j) {
      if (j !== this.pointed && this.snapshots.length === KEPT.length) this.change({pointed: j});
    }

    change(what) {
      clearTimeout(this.beat);
      Object.assign(this, what);
      this.draw();
    }

    // One after another, until the reader takes over; all at once where motion is unwelcome.
    begin() {
      if (Live.reduced()) {
        this.set(this.hidden);
        return;
      }
      const next = () => {
        this.set(this.count + 1);
        if (this.count < this.hidden) this.beat = setTimeout(next, BEAT);
      };
      new IntersectionObserver(([{isIntersecting}], watch) => {
        if (!isIntersecting) return;
        watch.disconnect();
        this.beat = setTimeout(next, BEAT);
      }, {threshold: 0.6}).observe(this.box);
      this.draw();
    }

    set(count) {
      this.count = count;
      this.draw();
    }

    draw() {
      if (this.snapshots.length < KEPT.length) return;
      const {model, count} = this;
      this.added.input.value = count;
      this.added.output.textContent = String(count);
      this.added.input.setAttribute("aria-valuetext", String(count));
      this.buttons.forEach((one, j) => one.setAttribute("aria-pressed", String(j === this.one)));
      this.picture.look(model, this.layers, Live.hiddenLines(model, this.range, this.drawn()));
      const words = this.words(model);
      this.picture.canvas.node.setAttribute("aria-label", `The network with its hidden neurons as maps, and the map of ${words}`);
      this.say(words);
    }

    // Which neurons have their lines on the map.
    drawn() {
      return this.one === null ? Array.from({length: this.count}, (_, j) => j) : [this.one];
    }

    words(model) {
      const {right, DIGITS} = Live.inChapters;
      const when = `Epoch ${KEPT[this.step]}, cross-entropy of the whole ${this.losses[this.step].toFixed(3)}.`;
      const [weights, [bias]] = this.snapshots[this.step][1];
      if (this.one !== null) return `h${DIGITS[this.one]} alone, which goes into the sum with weight ${text(weights[this.one])}. ${when}`;
      const sign = (weight) => (weight < 0 ? "−" : "+");
      const terms = Array.from(weights.subarray(0, this.count), (weight, j) => `${sign(weight)} ${text(Math.abs(weight))} h${DIGITS[j]}`);
      return `log odds = ${[text(bias), ...terms].join(" ")}: ${right(model, this.train)} of ${this.train.rows} on the right side. ${when}`;
    }
  }

  Live.parts.adding = async (box, settings) => {
    for (const name of ["map", "small", "bend", "data-moons"]) await Live.script(name);
    const adding = new Adding(box, settings, Live.pair(settings.figure.data, settings.figure.part));
    adding.lay();
    await new Promise((done) => { adding.trainAll(done); });
    adding.begin();
    Live.theAdding = adding;
  };
})();
