// The playground: a network that trains in the page, on data, with features and settings that the reader chooses.
(function () {
  "use strict";
  const {element, button, small} = Live;
  const N = 40; // points of the map along each side, as in the book's figures
  const SLICE = 8; // ms of training in each frame
  const DRAWN = 1000; // observations on the map at most
  const SPEEDS = [["1", "one update a frame"], ["2", "one epoch a frame"], ["3", "ten epochs a frame"], ["4", "as fast as it goes"]];
  const ELSEWHERE = "The link is about somebody’s own data, which stay on the machine where they were read.";
  const BOOK = ["moons", "noisy_moons", "anes96"];

  class Playground {
    constructor(box) {
      this.box = element("div", {class: "live-playground"});
      box.append(this.box);
      Object.assign(this, {own: null, ownChoice: null, pending: null, playing: false, pinned: null, hovered: null, edited: false});
    }

    // ---- From a link, and back into it ----

    async open({state, problems}) {
      this.pause();
      this.state = state;
      this.box.style.visibility = "hidden"; // until everything has its size, so that nothing jumps
      this.lay();
      await this.restart({all: true});
      this.box.style.visibility = "";
      if (problems.length) this.tell([...problems, this.problem.textContent].join(" "));
      if (!location.hash && !Live.reduced()) this.play();
    }

    async change(part) {
      const going = this.playing;
      const again = Object.keys(part).some((key) => !["noise", "share", "speed", "test"].includes(key));
      this.pause();
      Object.assign(this.state, part);
      Live.link.fit(this.state);
      this.remember();
      if (["speed", "test"].includes(Object.keys(part)[0])) this.draw();
      else await this.restart({all: again});
      if (going) this.play();
    }

    remember() {
      this.written = Live.link.write(this.state);
      try {
        history.replaceState(null, "", this.written || location.pathname + location.search);
      } catch { /* some browsers refuse this for a file; the button for the link still works */ }
    }

    address() {
      return location.href.replace(/#.*/, "") + Live.link.write(this.state);
    }

    // ---- The page ----

    lay() {
      const part = (name, ...nodes) => Live.controls.named(name, element("div", {class: `live-${name}`}, ...nodes));
      this.problem = element("p", {class: "live-problem", role: "status"});
      this.warning = element("p", {class: "live-problem", role: "status"});
      this.warned = "";
      this.readings = element("dl", {class: "live-readings"});
      this.map = element("div", {class: "live-map"});
      this.mapTitle = element("p", {class: "live-title"});
      this.net = element("div", {class: "live-net-box"});
      this.editor = element("div", {class: "live-editor"});
      this.formula = element("p", {class: "live-formula"});
      this.curves = part("chart");
      this.table = part("table");
      this.settings = element("div", {class: "live-settings"});
      this.more = element("div", {class: "live-more"});
      this.box.replaceChildren(this.problem, this.toolbar(), this.warning,
        element("div", {class: "live-stage"},
          element("div", {class: "live-side"}, element("div", {class: "live-first"}, this.mapTitle, this.map, this.mapOptions()),
            element("div", {class: "live-third"}, this.curves, this.table)),
          element("div", {class: "live-side"}, element("div", {class: "live-second"}, this.netTitle(), this.net, this.formula, this.editor),
            element("div", {class: "live-fourth"}, this.settings))),
        this.more);
      this.diagram = new Live.Diagram(this.net, {
        hover: (item) => this.hover(item), pick: (item) => this.pin(item), edit: (item) => this.edit(item)});
      this.plane = new Live.LiveMap(this.map, {range: [0, 1, 0, 1], n: N, ratio: 0.86});
      this.plane.extra = (pen, x, y) => this.points.draw(pen, x, y);
      this.curveTitle = element("p", {class: "live-title"});
      this.curves.append(this.curveTitle);
      this.chart = new Live.Chart(this.curves, "Loss by epoch, on training and on test data", {
        titles: ["epoch", "loss"], x: [0, 1], y: [0, 1], ratio: 0.5});
      this.chart.extra = (pen, x, y) => {
        this.logitLine(pen, x, y);
        this.curveNames(pen, x, y);
      };
      this.renewals = []; // what the panels below do for a new run
      Live.panels(this, this.more);
    }

    netTitle() {
      return element("p", {class: "live-title"}, "The network: each neuron’s own map");
    }

    toolbar() {
      const bar = element("div", {class: "live-bar"});
      this.playButton = button("Train", () => (this.playing ? this.pause() : this.play()), {class: "live-play"});
      this.stepButton = button("One update", () => this.advance((run) => run.step()));
      this.epochButton = button("One epoch", () => this.advance((run) => run.epoch()));
      const reset = button("Reset", () => this.reset());
      const speed = Live.controls.named("speed", Live.choice("Speed", SPEEDS, this.state.speed, (value) => this.change({speed: value})));
      bar.append(this.playButton, this.stepButton, this.epochButton, reset, speed, this.readings);
      const said = element("div", {class: "live-status"});
      this.say = Live.teller(said);
      return element("div", {class: "live-top"}, bar, said);
    }

    mapOptions() {
      return element("div", {class: "live-row"},
        Live.controls.check("test", "show test data", this.state.test, (value) => this.change({test: value})));
    }

    tell(text) {
      this.problem.textContent = text;
    }

    hideWhatIsHidden() {
      for (const node of this.box.querySelectorAll("[data-control]")) node.hidden = this.state.hide.includes(node.dataset.control);
      for (const group of this.box.querySelectorAll("fieldset")) {
        group.hidden = ![...group.querySelectorAll("[data-control]")].some((node) => !node.hidden);
      }
    }

    // ---- A fresh run ----

    async restart({all}) {
      const token = (this.token = {});
      const lacking = this.state.data === "own" && !this.ownChoice; // then the moons take their place
      for (const name of BOOK) if (this.state.data === name || (lacking && name === "moons")) await Live.script(`data-${name}`);
      if (token !== this.token) return; // the reader has chosen something else meanwhile
      this.tell("");
      this.data = this.usable();
      this.held = this.data.evaluation ?? this.data.test;
      this.names = {inputs: this.data.features.map(Live.datasets.title), outputs: this.outputs()};
      this.newMap();
      this.reset();
      if (all) this.controls();
      this.fitLogit();
    }

    // The data of the state; what cannot be made is said, and gives way to what is usual.
    usable() {
      this.own = this.ownChoice ? this.ownOf(this.ownChoice) : null;
      const made = this.own?.problem && this.state.data === "own" ? this.own : Live.datasets.make(this.state, this.own);
      if (!made.problem) return made;
      const was = this.state.data === "own" && !this.own ? ELSEWHERE : made.problem;
      if (this.state.features) this.state.features = null;
      else Object.assign(this.state, {...Live.link.fresh(), hide: this.state.hide});
      const other = this.usable();
      this.tell(`${was} Showing ${other.title} with its usual features instead.`);
      return other;
    }

    // The reader's own data, as chosen and split by the state.
    ownOf({table, columns, outcome, range}) {
      const own = Live.own.choose(table, columns, outcome, this.state.share, this.state.dataseed);
      return own.problem ? own : {...own, range};
    }

    outputs() {
      const {names, label} = this.data;
      return this.configuration().loss === "cross_entropy" ? names : [label];
    }

    configuration() {
      return Live.link.configuration(this.state, this.data);
    }

    reset() {
      this.pause();
      this.run = new Live.Run(this.configuration(), this.data.train, this.held);
      Object.assign(this, {edited: false, pinned: null, hovered: null});
      this.diagram.picked = null;
      this.diagram.set(this.run.model, this.names);
      this.editor.replaceChildren();
      this.spaces = this.run.model.map((layer) => Array.from({length: layer.featuresOut}, () => new Float64Array(N * N)));
      this.chances = Array.from({length: this.data.classes}, () => new Float64Array(N * N));
      this.output = new Float64Array(N * N);
      this.turn = 0;
      this.newChart();
      this.draw();
      this.rest();
      this.renewals.forEach((renew) => renew());
    }

    controls() {
      const at = focusOf(this.settings);
      const nodes = Live.controls.build(this.state, this.data, (part) => this.change(part), this.own);
      this.settings.replaceChildren(...nodes);
      this.hideWhatIsHidden();
      at?.();
    }

    // ---- The map ----

    // Which two columns the map shows; the others are held at their means.
    newMap() {
      const {columns, raw, transform} = this.data;
      const shown = (this.state.map ?? []).every((name) => columns.includes(name)) && this.state.map ? this.state.map : columns.slice(0, 2);
      const at = (this.shown = shown.map((name) => columns.indexOf(name)));
      const width = columns.length;
      const range = this.data.range ?? Live.rangeOf(raw.train, width, at);
      const means = columns.map((_, i) => meanOf(raw.train, width, i));
      const points = Live.grid(range, N);
      const inputs = new Float64Array(N * N * width);
      for (let p = 0; p < N * N; p++) {
        means.forEach((mean, i) => { inputs[p * width + i] = mean; });
        at.forEach((i, k) => { inputs[p * width + i] = points[2 * p + k]; });
      }
      this.grid = transform({inputs, labels: new Float64Array(N * N), rows: N * N}).inputs;
      this.inputMaps = this.data.features.map((_, i, all) =>
        Live.shares(this.grid, all.length, i, N * N, "identity", new Float64Array(N * N)));
      this.plane.renew(range, shown.map(Live.datasets.title));
      const [marks, others] = [planar(raw.train, width, at), planar(raw.evaluation ?? raw.test, width, at)];
      this.marks = Live.layer(marks, Live.mark);
      this.testMarks = Live.layer(others, Live.hollow);
    }

    layers() {
      if (this.pending) return [];
      return this.state.test ? [this.marks, this.testMarks] : [this.marks];
    }

    // Fills the map of every neuron from one pass over the grid.
    spread() {
      const {model} = this.run;
      Live.predict(model, this.grid, N * N);
      model.forEach((layer, l) => this.spaces[l].forEach((into, j) =>
        Live.shares(layer.outputs, layer.featuresOut, j, N * N, layer.activation, into)));
      this.foretell(model[model.length - 1]);
    }

    // What the network says: the probability of label 1, or the number of the likeliest class plus its probability.
    foretell({outputs, featuresOut}) {
      const {output: into} = this;
      const {loss} = this.run.config;
      if (loss === "cross_entropy") softmaxInto(outputs, featuresOut, into, this.chances);
      else for (let p = 0; p < N * N; p++) into[p] = loss === "bce_with_logits" ? 1 / (1 + Math.exp(-outputs[p])) : outputs[p];
      // The output's own small map shows what the large one does.
      if (loss !== "cross_entropy") this.spaces[this.spaces.length - 1][0].set(into);
    }

    draw() {
      this.spread();
      this.drawMap();
      this.drawNet();
      this.drawChart();
      this.read();
    }

    // While it trains, the panels take turns, so that no frame is long.
    drawInTurn() {
      this.turn = (this.turn + 1) % 3;
      if (this.turn === 0) this.spread();
      [() => this.drawMap(), () => this.drawNet(), () => this.drawChart()][this.turn]();
      this.read();
    }

    drawMap() {
      const item = this.hovered ?? this.pinned;
      const several = this.run.config.loss === "cross_entropy";
      if (!item || (item.layer === this.run.model.length && !several)) this.drawOutput(several);
      else this.drawNeuron(item);
    }

    drawNet() {
      this.diagram.picked = this.pinned;
      this.diagram.draw([this.inputMaps, ...this.spaces], N);
    }

    drawOutput(several) {
      this.plane.show(this.output, {chances: several ? this.chances : null, layers: this.layers()});
      const {label, names} = this.data;
      const meaning = names[1] === "1" ? "" : ` (${names[1]})`;
      this.name(several ? `The prediction: ${names.join(", ")}` : `The prediction: probability of ${label} = 1${meaning}`);
      this.write("");
    }

    drawNeuron(item) {
      const {diagram} = this;
      this.plane.show(item.layer ? this.spaces[item.layer - 1][item.neuron] : this.inputMaps[item.neuron], {layers: this.layers()});
      const called = diagram.called(item);
      this.name(`${called[0].toUpperCase()}${called.slice(1)}`);
      this.write(`${called} = ${diagram.formula(item, item.layer ? this.run.model[item.layer - 1].activation : "")}`);
    }

    write(formula) {
      if (this.formula.textContent !== formula) this.formula.textContent = formula;
    }

    name(title) {
      if (this.mapTitle.textContent === title) return;
      this.mapTitle.textContent = title;
      const over = this.plane.titles.join(" and ");
      this.plane.canvas.node.setAttribute("aria-label", `Map over ${over}. ${title}. The line is where it turns.`);
    }

    // ---- The curves, and numbers beside the logit's ----

    newChart() {
      this.curveTitle.textContent = this.run.config.loss === "mse" ? "Squared error by epoch" : "Cross-entropy by epoch";
      const first = Math.max(this.run.history[0], this.run.evaluations[0]);
      const top = Number((1.1 * Math.max(0.75, Math.min(first, 5))).toPrecision(2));
      Object.assign(this.chart, {x: [0, this.state.epochs], y: [0, top]});
    }

    drawChart() {
      const {history, evaluations} = this.run;
      this.chart.draw([{values: history, style: 0}, {values: evaluations, style: 1}]);
    }

    // The names of the curves at their ends, one above the other and above the axis.
    curveNames(pen, x, y) {
      if (!this.run) return;
      const {history, evaluations} = this.run;
      const ends = [["training", history, 0], ["test", evaluations, 1]].map(([name, values, style]) =>
        ({name, style, at: y(Math.min(values[values.length - 1], y.high)) - 6})).sort((a, b) => b.at - a.at);
      ends[0].at = Math.max(Math.min(ends[0].at, y(y.low) - 6), y(y.high) + 30);
      ends[1].at = Math.min(Math.max(ends[1].at, y(y.high) + 12), ends[0].at - 16);
      const end = x(history.length - 1);
      const left = end > x(x.high) - 70;
      pen.textAlign = left ? "right" : "left";
      for (const {name, style, at} of ends) {
        pen.fillStyle = Live.look.colours[style];
        pen.fillText(name, end + (left ? 0 : 7), at);
      }
      pen.textAlign = "left";
    }

    logitLine(pen, x, y) {
      const loss = this.logit?.loss;
      if (!this.run || !(loss > 0) || this.run.config.loss === "mse" || loss > y.high) return;
      pen.strokeStyle = Live.look.grey;
      pen.lineWidth = 1.5;
      pen.setLineDash([2, 4]);
      Live.line(pen, [[x(x.low), y(loss)], [x(x.high), y(loss)]]);
      pen.setLineDash([]);
      pen.fillStyle = Live.ink();
      pen.textAlign = "right";
      pen.fillText("the logit", x(x.high) - 4, y(loss) - 6);
      pen.textAlign = "left";
    }

    // Newton's steps, a few ms of them in each frame.
    fitLogit() {
      this.logit = null;
      const {train, classes, features} = this.data;
      const token = this.token;
      const going = Live.logit.steps(train, classes, this.held, features.map(Live.datasets.title));
      const slice = () => {
        if (token !== this.token) return;
        const until = performance.now() + SLICE;
        let step = going.next();
        while (!step.done && performance.now() < until) step = going.next();
        if (!step.done) return requestAnimationFrame(slice);
        this.logit = step.value;
        this.chart.canvas.draw();
        this.tabulate();
      };
      slice();
    }

    tabulate() {
      const net = Live.measures(this.run, this.data.train, this.held);
      const {logit} = this;
      const rows = [
        ["log-likelihood, training", count(-net.train.loss * this.data.train.rows), logit && count(-logit.loss * this.data.train.rows)],
        ["cross-entropy, training", decimals(net.train.loss), logit && decimals(logit.loss)],
        ["cross-entropy, test", decimals(net.held.loss), logit && decimals(logit.held?.loss)],
        ["accuracy, training", percent(net.train.accuracy), logit && percent(logit.accuracy)],
        ["accuracy, test", percent(net.held.accuracy), logit && percent(logit.held?.accuracy)],
        ["parameters", String(this.parameters()), String((1 + this.data.features.length) * (this.data.classes - 1))],
      ];
      if (!this.table.children.length) this.table.append(...emptyTable(rows.map(([name]) => name)));
      const cells = this.table.querySelectorAll("td.live-value");
      rows.forEach(([, ...texts], i) => texts.forEach((text, j) => put(cells[2 * i + j], text ?? "…")));
      put(this.table.querySelector(".live-note"), logit?.problem ?? "");
    }

    parameters() {
      return this.run.model.reduce((sum, layer) => sum + layer.parameters.reduce((n, values) => n + values.length, 0), 0);
    }

    read() {
      const {run} = this;
      const last = (values) => (values.length ? decimals(values[values.length - 1]) : "–");
      const pairs = [["epoch", String(run.epochs)], ["updates", String(run.updates)],
        ["loss", last(run.history)], ["test", last(run.evaluations)]];
      if (!this.readings.children.length) {
        this.readings.append(...pairs.map(([name]) => element("div", {}, element("dt", {}, name), element("dd", {}))));
      }
      pairs.forEach(([, text], i) => { this.readings.children[i].lastChild.textContent = text; });
    }

    // ---- Time ----

    play() {
      if (this.playing || this.run.failed) return;
      if (this.run.epochs >= this.state.epochs) this.longer();
      this.playing = true;
      this.playButton.textContent = "Pause";
      this.run.evaluation = this.held;
      this.tabled = 0;
      const frame = () => {
        if (!this.playing) return;
        this.some();
        if (this.finished()) return this.pause();
        this.show();
        this.frame = requestAnimationFrame(frame);
      };
      this.frame = requestAnimationFrame(frame);
    }

    // What one frame trains: by the speed that was chosen, and never longer than a slice.
    some() {
      const {run, state} = this;
      const until = performance.now() + SLICE;
      const fast = Live.reduced() || state.speed === "4";
      let left = fast ? Infinity : {1: 1, 2: 1, 3: 10}[state.speed];
      while (left > 0 && !this.finished() && performance.now() < until) {
        const ended = run.step();
        if (ended || state.speed === "1") left -= 1;
      }
    }

    finished() {
      return this.run.failed !== null || this.run.epochs >= this.state.epochs;
    }

    show() {
      if (Live.reduced()) return;
      this.drawInTurn();
      const now = performance.now();
      if (now - this.tabled < 300) return;
      this.tabled = now;
      this.tabulate();
      this.warn();
      this.say(this.words());
    }

    // A run that fails, or goes nowhere, is explained.
    warn() {
      const {history, failed, config: {settings: {lr}}} = this.run;
      const [first, last] = [history[0], history[history.length - 1]];
      const lost = history.length > 3 && last > 2 * first;
      const why = `The loss, ${small(last)}, is above where it started, ${small(first)}: with a learning rate of ${lr} steps overshoot, `
        + `and neurons get stuck where they pass no gradient on. Try ${Networks.smaller(lr)}.`;
      const said = failed ?? (lost ? why : "");
      if (said !== this.warned) this.warning.textContent = this.warned = said;
    }

    words() {
      const {run} = this;
      const loss = run.history[run.history.length - 1];
      return run.failed ?? `Epoch ${run.epochs} of ${this.state.epochs}, ${run.updates} updates: loss ${small(loss)}`
        + `${run.evaluations.length ? `, on test data ${small(run.evaluations[run.evaluations.length - 1])}` : ""}.`;
    }

    // Twice as many epochs, where a run at its end is to go on.
    longer() {
      this.state.epochs = Math.min(100000, 2 * this.state.epochs);
      this.remember();
      this.chart.x = [0, this.state.epochs];
      this.controls();
    }

    pause() {
      const was = this.playing;
      this.playing = false;
      cancelAnimationFrame(this.frame);
      if (!was) return;
      this.draw();
      this.rest();
    }

    // What is said and shown while nothing moves.
    rest() {
      const over = this.run.epochs >= this.state.epochs;
      this.playButton.textContent = over ? "Train on" : "Train";
      for (const one of [this.playButton, this.stepButton, this.epochButton]) one.disabled = this.run.failed !== null;
      this.diagram.label();
      this.tabulate();
      this.warn();
      this.say(this.words());
      this.points.buttons();
    }

    advance(work) {
      this.pause();
      if (this.run.failed) return;
      work(this.run);
      this.draw();
      this.rest();
    }

    // ---- A neuron's own map; a weight or bias by hand ----

    hover(item) {
      this.hovered = item;
      if (!this.playing) this.draw();
    }

    pin(item) {
      const same = this.pinned?.layer === item.layer && this.pinned.neuron === item.neuron;
      this.pinned = same ? null : item;
      this.hovered = null;
      this.draw();
      this.diagram.label();
    }

    edit(item) {
      if (this.state.hide.includes("weights")) return;
      this.pause();
      const title = this.diagram.title(item);
      const name = `${title[0].toUpperCase()}${title.slice(1)}`;
      const value = Number(this.diagram.value(item).toPrecision(6));
      const field = Live.number(name, {low: -1000, high: 1000, value}, (given) => this.put(item, given));
      const close = button("Done", () => {
        this.editor.replaceChildren();
        item.node.focus();
      });
      field.input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") close.click();
      });
      this.editor.replaceChildren(field, close);
      field.input.focus();
      field.input.select();
    }

    put(item, given) {
      const [values, at] = this.diagram.home(item);
      values[at] = given;
      this.edited = true;
      this.amend();
    }

    // After a change by hand the losses of this moment are other ones.
    amend() {
      const {run} = this;
      run.history[run.history.length - 1] = Live.lossOf(run, this.data.train);
      run.evaluations[run.evaluations.length - 1] = Live.lossOf(run, this.held);
      this.draw();
      this.rest();
    }
  }

  // ---- Helpers ----

  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  const emptyTable = (names) => {
    const head = element("tr", {}, element("td"), ...["network", "logit"].map((name) => element("th", {scope: "col"}, name)));
    const rows = names.map((name) => element("tr", {}, element("th", {scope: "row"}, name),
      element("td", {class: "live-value"}), element("td", {class: "live-value"})));
    return [element("p", {class: "live-title"}, "Beside the logit on the same data and features"),
      element("table", {class: "live-numbers"}, element("thead", {}, head), element("tbody", {}, ...rows)),
      element("p", {class: "live-note"})];
  };

  const decimals = (value) => (!Number.isFinite(value) ? "–" : value > 0 && value < 0.0001 ? "< 0.0001" : value.toFixed(4));
  const percent = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–");
  const count = (value) => (Number.isFinite(value) ? (value > -0.05 ? 0 : value).toFixed(1).replace("-", "−") : "–");

  // Where the keyboard was, to go back to it after a panel was built anew.
  const focusOf = (panel) => {
    const node = document.activeElement;
    if (!panel.contains(node)) return null;
    const all = "button, input, select";
    const place = (inside) => [...panel.querySelectorAll(all)].filter((one) => key(one) === inside);
    const name = (one) => one.getAttribute("aria-label") ?? one.parentElement.textContent.slice(0, 8);
    const key = (one) => `${one.closest("[data-control]")?.dataset.control} ${name(one)}`;
    const [mine, at] = [key(node), place(key(node)).indexOf(node)];
    return () => {
      const found = place(mine)[at];
      if (found?.disabled) found.parentElement.querySelector("button:not(:disabled)")?.focus();
      else found?.focus();
    };
  };

  const meanOf = ({inputs, rows}, width, column) => {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += inputs[r * width + column];
    return sum / rows;
  };

  // Two columns of a pair, of at most DRAWN rows evenly chosen.
  const planar = (pair, width, [a, b]) => {
    if (!pair) return null;
    const rows = Math.min(DRAWN, pair.rows);
    const from = Array.from({length: rows}, (_, i) => Math.floor((i * pair.rows) / rows));
    return {inputs: Float64Array.from(from.flatMap((r) => [pair.inputs[r * width + a], pair.inputs[r * width + b]])),
      labels: Float64Array.from(from, (r) => pair.labels[r]), rows};
  };

  const softmaxInto = (outputs, k, into, chances) => {
    for (let p = 0; p < into.length; p++) {
      let [best, total] = [0, 0];
      for (let j = 1; j < k; j++) if (outputs[p * k + j] > outputs[p * k + best]) best = j;
      for (let j = 0; j < k; j++) total += Math.exp(outputs[p * k + j] - outputs[p * k + best]);
      for (let j = 0; j < k; j++) chances[j][p] = Math.exp(outputs[p * k + j] - outputs[p * k + best]) / total;
      into[p] = best + Math.min(0.999, 1 / total);
    }
  };

  // The styles, before anything is laid out.
  const styles = () => new Promise((resolve, reject) => {
    const onerror = () => reject(new Error("playground.css did not load"));
    document.head.append(element("link", {rel: "stylesheet", href: `${Live.base}playground.css`, onload: resolve, onerror}));
  });

  Live.parts.playground = async (box) => {
    await styles();
    const page = new Playground(box);
    Live.thePlayground = page; // for tests, and for the curious
    addEventListener("hashchange", () => location.hash !== page.written && page.open(Live.link.read(location.hash)));
    await page.open(Live.link.read(location.hash));
  };
})();
