// "Train it here": the very network of a figure trains in the page, over the curve that torch left in the notebook.
(function () {
  "use strict";
  const {element, button, small} = Live;
  const ACTIVATIONS = [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"], ["leaky_relu", "leaky ReLU"], ["identity", "none"]];
  const SIZES = ["none", "2", "4", "8", "4-4", "8-8", "16-16", "4-4-4"];
  const MOST = 8; // neurons in a layer of the playground
  const FRAMES = 60; // at least, so that there is something to see

  class Trainer {
    constructor(box, {figure, recipe}) {
      Object.assign(this, {box, recipe, config: {...recipe, settings: {...recipe.settings}}, stored: Live.curves[figure]});
      this.train = Live.pair(recipe.data, recipe.part, recipe.columns);
      this.evaluation = recipe.evaluation ? Live.pair(recipe.data, "evaluation", recipe.columns) : null;
      this.changed = false;
    }

    // ---- What is on the page ----

    lay() {
      const [left, right] = [element("div"), element("div")];
      const panel = element("div", {class: "live-trainer"});
      this.toggle = button("Pause", () => (this.going ? this.pause() : this.resume()));
      panel.append(element("div", {class: "live-panels"}, left, right));
      this.say = Live.teller(panel);
      panel.append(element("div", {class: "live-row"}, this.toggle, button("Train again", () => this.begin()),
        button("As in the chapter", () => this.restore()), ...this.playground()), this.settings());
      this.box.append(panel);
      this.plane = new Live.LiveMap(left, {range: Live.rangeOf(this.train)});
      const all = Object.values(this.stored).flat();
      const low = Math.min(...all);
      this.chart = new Live.Chart(right, "", {titles: ["epoch", this.recipe.loss === "mse" ? "mean squared error" : "cross-entropy"],
        x: [0, this.recipe.epochs], y: [Math.max(low / 1.5, 1e-4), Math.max(...all) * 1.2], log: true});
      this.grid = Live.grid(this.plane.range, this.plane.n);
    }

    settings() {
      const {config} = this;
      const of = (change) => (value) => {
        change(value);
        this.changed = true;
        this.link();
        this.say("Changed. Press “Train again”; the curve of the chapter stays in grey.");
      };
      const hidden = config.sizes.slice(1, -1).join("-") || "none";
      const sizes = SIZES.includes(hidden) ? SIZES : [...SIZES, hidden];
      this.controls = element("div", {class: "live-row"},
        Live.number("Seed of the start", {low: 0, high: 2 ** 32 - 1, whole: true, value: config.seed}, of((value) => { config.seed = value; })),
        Live.number("Seed of the shuffles", {low: 0, high: 2 ** 32 - 1, whole: true, value: config.shuffle}, of((value) => { config.shuffle = value; })),
        Live.number("Learning rate", {low: 1e-6, high: 1e9, value: config.settings.lr}, of((value) => { config.settings.lr = value; })),
        Live.number("Batch size", {low: 1, high: this.train.rows, whole: true, value: config.batch_size}, of((value) => { config.batch_size = value; })),
        Live.choice("Hidden layers", sizes, hidden, of((value) => this.resize(value))),
        Live.choice("Activation", ACTIVATIONS, config.activations[0], of((value) => this.activate(value))));
      return element("details", {}, element("summary", {}, "Change something"), this.controls);
    }

    resize(text) {
      const {config} = this;
      const [first, last] = [config.sizes[0], config.sizes[config.sizes.length - 1]];
      const hidden = text === "none" ? [] : text.split("-").map(Number);
      config.sizes = [first, ...hidden, last];
      this.activate(this.activation ?? (this.recipe.sizes.length > 2 ? this.recipe.activations[0] : "sigmoid"));
    }

    activate(name) {
      this.activation = name;
      const {config} = this;
      config.activations = [...config.sizes.slice(2).map(() => name), this.recipe.activations[this.recipe.activations.length - 1]];
    }

    restore() {
      this.config = {...this.recipe, settings: {...this.recipe.settings}};
      Object.assign(this, {changed: false, activation: null});
      this.controls.parentElement.replaceWith(this.settings());
      this.link();
      this.begin();
    }

    // The same settings in the playground, where its layers are large enough.
    playground() {
      this.way = element("a", {class: "live-way"}, "Open in the playground");
      this.link();
      return [this.way];
    }

    link() {
      const {config} = this;
      const hidden = config.sizes.slice(1, -1);
      this.way.hidden = hidden.some((size) => size > MOST);
      const {lr, momentum = 0, weight_decay: decay = 0} = config.settings;
      this.way.href = `playground.html${Live.link.write({...Live.link.fresh(), data: config.data, hidden, activations: config.activations.slice(0, -1),
        loss: config.loss, optimiser: config.optimiser, rate: lr, momentum, decay, batch: config.batch_size, seed: config.seed,
        std: config.std, shuffle: config.shuffle, epochs: config.epochs})}`;
    }

    // ---- Training ----

    begin() {
      this.pause();
      this.run = new Live.Run(this.config, this.train, this.evaluation);
      Object.assign(this, {apart: 0, best: 0, stopped: null, mine: !this.changed});
      this.resume();
    }

    resume() {
      if (!this.more()) return;
      this.toggle.textContent = "Pause";
      this.toggle.disabled = false;
      this.going = Live.loop(() => this.epoch(), () => this.draw(), () => this.rest(), Math.ceil(this.recipe.epochs / FRAMES));
    }

    pause() {
      this.going?.stop();
      this.rest();
    }

    rest() {
      this.going = null;
      this.toggle.textContent = "Go on";
      this.toggle.disabled = !this.more();
    }

    more() {
      return Boolean(this.run) && !this.run.failed && this.run.epochs < this.recipe.epochs;
    }

    epoch() {
      const {run} = this;
      run.epoch();
      if (this.mine) this.compare(run.epochs);
      if (this.evaluation) this.watch(run.epochs);
      return this.more();
    }

    compare(epoch) {
      this.apart = Math.max(this.apart, Math.abs(this.run.history[epoch] - this.stored.loss[epoch]));
      if (this.evaluation) this.apart = Math.max(this.apart, Math.abs(this.run.evaluations[epoch] - this.stored.evaluation_loss[epoch]));
    }

    // Early stopping, as `lib` has it: the best epoch so far, and the one in which the patience is over.
    watch(epoch) {
      const {evaluations} = this.run;
      if (evaluations[epoch] < evaluations[this.best] && this.stopped === null) this.best = epoch;
      if (this.stopped === null && this.recipe.patience && epoch - this.best >= this.recipe.patience) this.stopped = epoch;
    }

    // ---- Drawing ----

    draw() {
      const {run} = this;
      const outputs = Networks.predict(run.model, this.grid, this.plane.n ** 2);
      this.layers ??= [Live.layer(this.evaluation, Live.hollow), Live.layer(this.train, Live.mark)];
      const shares = this.config.loss === "bce_with_logits" ? outputs.map((z) => 1 / (1 + Math.exp(-z))) : outputs;
      this.plane.show(shares, {layers: this.layers});
      this.chart.extra = (pen, x, y) => this.marks(pen, x, y);
      this.chart.draw(this.lines());
      const state = `after epoch ${run.epochs}: loss ${small(run.history[run.epochs])}`;
      this.plane.canvas.node.setAttribute("aria-label", `Map of the predictions ${state}; on the right side: ${this.right()} percent of the observations`);
      this.chart.canvas.node.setAttribute("aria-label", `Loss by epoch ${state}; grey: the curve of the chapter`);
      this.say(this.words());
    }

    lines() {
      const {run, stored} = this;
      const shadows = Object.values(stored).map((values) => ({values, faint: true}));
      const live = [{values: run.history, name: "training", style: 0}];
      if (this.evaluation) live.push({values: run.evaluations, name: "evaluation", style: 1, below: true});
      return [...shadows, ...live];
    }

    marks(pen, x, y) {
      if (!this.recipe.patience || !this.run.epochs) return;
      pen.strokeStyle = Live.ink();
      pen.lineWidth = 1;
      for (const [epoch, text, up] of [[this.best, "best", 22], [this.stopped, "stop", 40]]) {
        if (epoch === null) continue;
        Live.line(pen, [[x(epoch), y(y.low)], [x(epoch), y(y.high)]]);
        pen.fillStyle = Live.ink();
        pen.fillText(`${text} ${epoch}`, x(epoch) + 4, y(y.high) + up);
      }
    }

    right() {
      const {model} = this.run;
      const outputs = Networks.predict(model, this.train.inputs, this.train.rows);
      const line = this.config.loss === "bce_with_logits" ? 0 : 0.5;
      let right = 0;
      for (let r = 0; r < this.train.rows; r++) right += (outputs[r] > line) === (this.train.labels[r] === 1);
      return Math.round((100 * right) / this.train.rows);
    }

    words() {
      const {run} = this;
      if (run.failed) return run.failed;
      const now = `Epoch ${run.epochs} of ${this.recipe.epochs}: loss ${small(run.history[run.epochs])}, ${this.right()} percent on the right side.`;
      return [now, this.stopping(), this.mine ? this.agreement() : "Grey: the curve of the chapter, with its own settings."].filter(Boolean).join(" ");
    }

    stopping() {
      if (!this.recipe.patience) return "";
      const back = `goes back to epoch ${this.best}`;
      return this.stopped === null ? `Best on the evaluation data so far: epoch ${this.best}.`
        : `Early stopping with a patience of ${this.recipe.patience} ends after epoch ${this.stopped} and ${back}.`;
    }

    agreement() {
      const updates = this.run.updates.toLocaleString("en");
      return `Largest difference from torch’s curve in ${updates} updates: ${small(this.apart)}.`;
    }
  }

  Live.parts.train_here = async (box, settings) => {
    const opener = box.querySelector(".live-open");
    opener.hidden = true;
    const trainer = new Trainer(box, settings);
    trainer.lay();
    trainer.begin();
    trainer.toggle.focus();
  };
})();
