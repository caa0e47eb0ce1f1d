// "You are a voter": three placements on sliders, and what four models say of the vote; the network's twenty starts are trained here first.
(function () {
  "use strict";
  const {element, teller, Canvas, axis, MARGIN} = Live;
  const {Generator, Batches, OPTIMISERS, build, initialiseReplicas, childSeeds, epoch, evaluate, predict} = Networks;
  const COLUMNS = ["selfLR", "ClinLR", "DoleLR"];
  const NAMES = ["You", "Clinton", "Dole"];
  const [LOW, HIGH] = [1, 7];

  // ---- The models ----

  const nearer = ([own, clinton, dole]) => Math.abs(own - clinton) - Math.abs(own - dole);
  const reversed = ([, clinton, dole]) => (clinton > dole ? 1 : 0);
  // What each logit takes from three placements.
  const TERMS = {
    placements: (three) => [...three],
    proximity: (three) => [nearer(three)],
    "by order": (three) => [nearer(three), reversed(three), nearer(three) * reversed(three)],
  };

  const rowsOf = ({inputs, rows}) => Array.from({length: rows}, (_, r) => [...inputs.subarray(3 * r, 3 * r + 3)]);

  const together = (one, other) => ({
    inputs: Float64Array.from([...one.inputs, ...other.inputs]), labels: Float64Array.from([...one.labels, ...other.labels]),
    rows: one.rows + other.rows,
  });

  const fitted = (known, terms) => {
    const inputs = Float64Array.from(rowsOf(known).flatMap(terms));
    const {coefficients} = Live.logit({inputs, labels: known.labels, rows: known.rows});
    return (three) => Live.logit.predict(coefficients, {inputs: Float64Array.from(terms(three)), rows: 1})[1];
  };

  // One network of the chapter, an epoch at a time, until its patience is over; then it has the parameters of its best epoch.
  class Start {
    constructor(model, seed, {optimiser, settings, batch_size, epochs, patience}, {train, evaluation}) {
      Object.assign(this, {model, train, evaluation, epochs, patience, epoch: 0, best: 0, over: false});
      this.batches = new Batches(train, batch_size, new Generator(seed));
      this.optim = new OPTIMISERS[optimiser](model, settings);
      this.note(evaluate(model, evaluation, "bce"));
    }

    note(loss) {
      if (this.lowest === undefined || loss < this.lowest) {
        Object.assign(this, {lowest: loss, best: this.epoch, kept: this.model.map((layer) => layer.parameters.map((values) => values.slice()))});
      }
      this.over = this.epoch === this.epochs || this.epoch - this.best >= this.patience;
      if (this.over) this.model.forEach((layer, l) => layer.parameters.forEach((values, p) => values.set(this.kept[l][p])));
    }

    step() {
      epoch(this.model, this.batches, "bce", this.optim);
      this.epoch += 1;
      this.note(evaluate(this.model, this.evaluation, "bce"));
    }
  }

  const starts = (recipe, data) => {
    const models = Array.from({length: recipe.replicas}, () => build(recipe.sizes, recipe.activations));
    initialiseReplicas(models, new Generator(recipe.seed), recipe.std);
    const seeds = childSeeds(recipe.replicas, new Generator(recipe.shuffle));
    return models.map((model, r) => new Start(model, seeds[r], recipe, data));
  };

  // ---- The part of the page ----

  const percent = (share) => `${Math.round(100 * share)} %`;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  class Voter {
    constructor(box, recipe) {
      this.data = Live.datasets.make({data: "anes96", features: COLUMNS, standardise: true});
      const all = together(this.data.raw.train, this.data.raw.evaluation);
      this.known = {...all, inputs: this.placements(all)};
      this.respondents = rowsOf(this.known);
      this.logits = Object.fromEntries(Object.entries(TERMS).map(([name, terms]) => [name, fitted(this.known, terms)]));
      this.three = [2, 5, 3]; // one of those about whom theory and network disagree
      this.starts = starts(recipe, this.data);
      this.lay(box);
      this.draw();
      this.train();
    }

    // The three placements of a pair with all columns of the survey.
    placements({inputs, rows}) {
      const width = inputs.length / rows;
      const chosen = COLUMNS.map((name) => this.data.columns.indexOf(name));
      return Float64Array.from(Array.from({length: rows}, (_, r) => chosen.map((from) => inputs[r * width + from])).flat());
    }

    lay(box) {
      const place = (i) => Live.pen.settable(`${NAMES[i]} at`, {low: LOW, high: HIGH, step: 1, value: this.three[i], show: String},
        (value) => {
          this.three[i] = value;
          this.row = null;
          this.draw();
        });
      this.places = NAMES.map((_, i) => place(i));
      const load = Live.slider("A respondent of the survey", {low: 1, high: this.respondents.length, step: 1, value: 1}, (value) => {
        this.row = value - 1;
        this.three = [...this.respondents[this.row]];
        this.places.forEach((control, i) => control.set(this.three[i]));
        this.draw();
      });
      const drawing = element("div");
      box.append(element("div", {class: "live-row"}, ...this.places, load), drawing);
      this.canvas = new Canvas(drawing, "", (width) => (width < 480 ? 300 : 260), (pen, width, height) => this.paint(pen, width, height));
      this.say = teller(box);
    }

    train() {
      let next = 0;
      Live.loop(() => {
        const going = this.starts.filter((one) => !one.over);
        if (!going.length) return false;
        going[next++ % going.length].step();
        return true;
      }, () => this.draw());
    }

    // What each network says of three placements.
    byNetworks(three) {
      const {mean: means, std} = this.data.scale;
      const inputs = Float64Array.from(three, (value, i) => Math.fround((value - means[i]) / std[i]));
      return this.starts.map(({model}) => predict(model, inputs, 1)[0]);
    }

    // By the name of a model: what it says, what it would say of a reader one point further to the right, and of the networks each.
    answers() {
      const [own, clinton, dole] = this.three;
      const right = [Math.min(HIGH, own + 1), clinton, dole];
      const logits = Object.entries(this.logits).map(([name, of]) => [name, {now: of(this.three), then: of(right)}]);
      const each = this.byNetworks(this.three);
      return Object.fromEntries([...logits, ["network", {now: mean(each), then: mean(this.byNetworks(right)), each}]]);
    }

    draw() {
      const answers = this.said = this.answers();
      const done = this.starts.filter(({over}) => over).length;
      const words = Object.entries(answers).map(([name, {now}]) => `${name} ${percent(now)}`).join(", ");
      this.canvas.node.setAttribute("aria-label", `The probability that you vote for Dole, by model: ${words}.`);
      this.canvas.draw();
      const {each} = answers.network;
      const voted = this.row === null || this.row === undefined ? ""
        : ` This respondent ${this.known.labels[this.row] ? "votes for Dole" : "votes for Clinton"}.`;
      this.say(`You vote for Dole: ${words} (its ${each.length} starts: ${percent(Math.min(...each))} to ${percent(Math.max(...each))}`
        + `${done < each.length ? `, ${done} of them trained so far` : ""}).${voted}`);
    }

    paint(pen, width, height) {
      const x = axis(0, 1, 100, width - MARGIN.right);
      const answers = Object.entries(this.said);
      const y = (i) => 26 + i * (height - 70) / (answers.length - 1);
      pen.strokeStyle = "rgba(127,127,127,0.35)";
      pen.lineWidth = 1;
      [0, 0.25, 0.5, 0.75, 1].forEach((share) => {
        Live.line(pen, [[x(share), 8], [x(share), height - 36]]);
        pen.textAlign = "center";
        pen.fillText(`${100 * share}`, x(share), height - 20);
      });
      pen.fillText("vote for Dole (%)", (x(0) + x(1)) / 2, height - 4);
      answers.forEach(([name, {now, then, each}], i) => {
        pen.textAlign = "right";
        pen.fillStyle = Live.ink();
        pen.fillText(name, x(0) - 10, y(i) + 4);
        pen.textAlign = "left";
        pen.strokeStyle = Live.look.colours[i];
        pen.lineWidth = 1;
        (each ?? []).forEach((one) => Live.line(pen, [[x(one), y(i) - 14], [x(one), y(i) + 14]]));
        if (Math.abs(then - now) > 0.005) Live.pen.arrow(pen, x(now), y(i), x(then), y(i));
        Live.mark(pen, x(now), y(i), i, 7);
      });
    }
  }

  Live.parts.voter = async (box, {recipe}) => {
    for (const name of ["pen", "datasets", "logit", "data-anes96"]) await Live.script(name);
    Live.theVoter = new Voter(box, recipe);
  };
})();
