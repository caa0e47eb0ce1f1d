// Tasks that the page checks, each with a code to hand in, which `python -m tools.check_task CODE` computes again in torch.
//
// What they are, and what counts as solved, is in tasks.json for both; here are the measures, by the names that the tool has, too.
// To check a network, it is trained once more from its seed: what was changed by hand does not count.
(function () {
  "use strict";
  const {element, button, choice, number} = Live;
  const {evaluate, predict} = Networks;
  const KEYS = ["features", "standardise", "hidden", "activations", "loss", "optimiser", "rate", "momentum", "decay", "batch", "seed",
    "std", "shuffle", "epochs"]; // of the state, in a code
  const NAMES = {
    data: "Data set", features: "Features", standardise: "Standardised", hidden: "Hidden layers", activations: "Activations", loss: "Loss",
    optimiser: "Optimiser", rate: "Learning rate", momentum: "Momentum", decay: "Weight decay", batch: "Batch size", seed: "Seed",
    std: "Standard deviation of the start", shuffle: "Seed of the shuffles", epochs: "Epochs", layers: "Number of hidden layers",
    units: "Hidden neurons", updates: "Updates",
  };

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const last = (values) => values[values.length - 1];

  // ---- What a task asks of the settings ----

  // Settings as text, in codes and in sentences.
  const written = (value) => {
    if (value === null) return "none";
    if (typeof value === "boolean") return value ? "1" : "0";
    if (!Array.isArray(value)) return String(value);
    return value.length ? value.join(typeof value[0] === "number" ? "-" : ",") : "none";
  };

  const valueOf = (key, state) => ({layers: state.hidden.length, units: sum(state.hidden)}[key] ?? state[key]);

  // Numbers: from the first to the last; activations: each one of these; everything else: one of these.
  const fits = (value, allowed, key) => {
    if (typeof allowed[0] === "number") return value >= allowed[0] && value <= last(allowed);
    if (key === "activations") return value.every((one) => allowed.includes(one));
    return allowed.some((one) => written(one) === written(value));
  };

  const expected = (allowed) => {
    if (typeof allowed[0] !== "number") return allowed.map((one) => (one === null ? "the usual ones" : written(one))).join(" or ");
    return allowed[0] === last(allowed) ? String(allowed[0]) : `${allowed[0]} to ${last(allowed)}`;
  };

  // Sentences about everything that keeps these settings from being checked.
  const problems = (task, state, rows) => {
    const found = Object.entries(task.requires).filter(([key, allowed]) => !fits(valueOf(key, state), allowed, key))
      .map(([key, allowed]) => `${NAMES[key]}: expected ${expected(allowed)}, got ${written(valueOf(key, state))}.`);
    const most = Live.data.tasks.limits.updates[1];
    const updates = runsOf(task) * state.epochs * Math.ceil(rows / state.batch);
    if (updates > most) found.push(`Updates: expected at most ${most}, since the lecturer’s computer has to do them again, got ${updates}.`);
    return found;
  };

  const runsOf = ({id, further = 1}) => (id === "limit" || id === "batch" ? 2 : further);

  // ---- Measures, each of what check() has made ----

  // For each hidden neuron, whether it answers to some of the data.
  const alive = (model, {inputs, rows}) => {
    predict(model, inputs, rows);
    return model.slice(0, -1).flatMap(({outputs, featuresOut}) => Array.from({length: featuresOut}, (_, j) => {
      for (let row = 0; row < rows; row++) if (outputs[row * featuresOut + j] > 0) return true;
      return false;
    }));
  };

  const risen = ({history, failed}) => failed !== null || last(history) > history[0];

  // Two divided by the largest eigenvalue of the second derivatives of the mean squared error, by power iteration.
  const steepest = ({inputs, rows}) => {
    const width = inputs.length / rows;
    const column = (row, i) => (i < width ? inputs[row * width + i] : 1);
    let vector = new Float64Array(width + 1).fill(1);
    let size = 0;
    for (let turn = 0; turn < 1000; turn++) {
      const next = new Float64Array(width + 1);
      for (let row = 0; row < rows; row++) {
        const product = vector.reduce((total, value, i) => total + value * column(row, i), 0);
        next.forEach((_, i) => { next[i] += (2 / rows) * column(row, i) * product; });
      }
      size = Math.hypot(...next);
      vector = next.map((value) => value / size);
    }
    return 2 / size;
  };

  // By how much the network's log-likelihood of each row is above the logit's.
  const gains = ({run, logit}, pair) => {
    const outputs = predict(run.model, pair.inputs, pair.rows);
    const chances = Live.logit.predict(logit.coefficients, pair);
    return Array.from({length: pair.rows}, (_, r) =>
      Math.max(Math.log(pair.labels[r] ? outputs[r] : 1 - outputs[r]), -100) - Math.log(chances[2 * r + pair.labels[r]]));
  };

  const mean = (values) => sum(values) / values.length;
  const standardError = (values) => {
    const middle = mean(values);
    return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1) / values.length);
  };

  // One layer that does what a stack of layers without activation does: [weights (features), bias].
  const collapsed = (model) => model.reduce(([rows, bias], {parameters: [weights, own], featuresIn, featuresOut}) => {
    const through = (values, j) => sum(Array.from({length: featuresIn}, (_, i) => values[i] * weights[i * featuresOut + j]));
    const out = Array.from({length: featuresOut}, (_, j) => j);
    return [rows.map((row) => out.map((j) => through(row, j))), out.map((j) => through(bias, j) + own[j])];
  }, [Array.from({length: model[0].featuresIn}, (_, i) => Array.from({length: model[0].featuresIn}, (_, k) => Number(i === k))),
    new Array(model[0].featuresIn).fill(0)]);

  const bent = (model, {inputs, rows}) => {
    const [weights, [bias]] = collapsed(model);
    const outputs = predict(model, inputs, rows);
    const gaps = Array.from({length: rows}, (_, r) =>
      Math.abs(Math.log(outputs[r] / (1 - outputs[r])) - bias - sum(weights.map(([weight], i) => weight * inputs[r * weights.length + i]))));
    return Math.max(...gaps);
  };

  const wandering = ({run, logit}) => Math.max(...run.history.slice(-20)) - logit.loss;
  const counted = (model) => sum(model.map(({parameters: [weights, bias]}) => weights.length + bias.length));
  const lowest = ({evaluations}) => Math.min(...evaluations);

  const MEASURES = {
    accuracy: ({run, data: {train}}) => {
      const outputs = predict(run.model, train.inputs, train.rows);
      return mean(Array.from(train.labels, (label, r) => Number(outputs[r] > 0.5 === label > 0.5)));
    },
    parameters: ({run}) => counted(run.model),
    died: ({run, before, data}) => {
      const after = alive(run.model, data.train);
      return mean(before.map((was, i) => Number(was && !after[i])));
    },
    falls: ({run}) => Number(!risen(run)),
    diverges: ({other}) => Number(risen(other)),
    apart: ({state, ask}) => ask / state.rate,
    limit: ({data}) => steepest(data.train),
    gain: (made) => mean(gains(made, made.data.evaluation)),
    test_gain: (made) => mean(gains(made, made.data.test)),
    test_error: (made) => standardError(gains(made, made.data.test)),
    right: (made) => Number(made.ask === truth(made)),
    shortfall: ({run, logit}) => last(run.history) - logit.loss,
    advantage: ({run, logit}) => logit.loss - last(run.history),
    bend: ({run, data}) => bent(run.model, data.train),
    rise: ({run}) => last(run.evaluations) / lowest(run),
    near: ({run, state}) => run.evaluations[state.epochs] / lowest(run),
    later: ({run}) => last(run.evaluations) / lowest(run),
    wobble: (made) => wandering(made),
    half: ({other, logit}) => wandering({run: other, logit}),
    shrunk: ({run, logit}) => Math.hypot(...run.model[0].parameters[0]) / Math.hypot(...logit.coefficients[0].slice(1)),
    cost: ({run, data, logit}) => evaluate(run.model, data.evaluation, "bce") - logit.held.loss,
  };

  // The right answer to what a task asks.
  const truth = (made) => {
    if (made.task.id === "straight") return made.data.features.length + 1;
    return MEASURES.test_gain(made) > 2 * MEASURES.test_error(made) ? 0 : 1;
  };

  // ---- Checking ----

  function* trained(configuration, {train, evaluation}, epochs) {
    const run = new Live.Run(configuration, train, evaluation);
    while (run.epochs < epochs && run.failed === null) {
      if (run.step()) yield run.epochs / epochs;
    }
    return run;
  }

  // Generator: does a little at each next(), yields how far it is (0 to 1), and returns {numbers, passed} or {problem: a sentence}.
  function* check(task, state, ask = null) {
    const data = Live.datasets.make(state);
    const wrong = data.problem ? [data.problem] : problems(task, state, data.train.rows);
    const strange = data.problem ? undefined : data.features.find((name) => !data.columns.includes(name));
    if (strange) wrong.push(`Features: expected columns of the data, got ${strange}.`);
    if (task.asks && !(typeof ask === "number" && Number.isFinite(ask))) wrong.push(`${task.asks.words}: expected an answer first.`);
    if (wrong.length) return {problem: wrong.join(" ")};
    return yield* measured(task, state, data, ask);
  }

  function* measured(task, state, data, ask) {
    const configuration = Live.link.configuration(state, data);
    const {id, further = 1} = task;
    const made = {task, state, data, ask, before: alive(new Live.Run(configuration, data.train).model, data.train)};
    made.run = yield* trained(configuration, data, further * state.epochs);
    if (id === "limit") made.other = yield* trained({...configuration, settings: {...configuration.settings, lr: ask}}, data, state.epochs);
    if (id === "batch") made.other = yield* trained({...configuration, batch_size: Math.floor(state.batch / 2)}, data, state.epochs);
    if (made.run.failed && id !== "limit") return {problem: made.run.failed};
    made.logit = yield* Live.logit.steps(data.train, 2, data.evaluation, data.features);
    const named = [...task.goals, ...(task.tells ?? [])].map(({measure}) => measure);
    const numbers = Object.fromEntries(named.map((measure) => [measure, MEASURES[measure](made)]));
    return {numbers, passed: task.goals.every((goal) => reached(goal, numbers))};
  }

  const reached = ({measure, least = -Infinity, most = Infinity}, numbers) => numbers[measure] >= least && numbers[measure] <= most;

  // ---- The code: task, settings that are not the usual ones, answer and numbers, and a sum that notices slips ----

  const checksum = (text) => {
    let crc = -1; // CRC-32, as zlib has it
    for (const letter of text) {
      crc ^= letter.charCodeAt(0);
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ((crc ^ -1) >>> 0).toString(36).padStart(7, "0");
  };

  const code = (task, state, ask, numbers) => {
    const {usual} = Live.data.tasks;
    const settings = KEYS.filter((key) => written(state[key]) !== written(usual[key])).map((key) => [key, written(state[key])]);
    const claims = Object.entries(numbers).map(([name, value]) => [name, String(Number(value.toPrecision(6)))]);
    const pairs = [...settings, ...(ask === null ? [] : [["answer", String(ask)]]), ...claims];
    const text = [task.id, ...pairs.map((pair) => pair.join("="))].join("/");
    return `${text}/${checksum(text)}`;
  };

  // ---- In the page ----

  const percent = (value) => `${Number((100 * value).toFixed(1))}\u00a0%`;
  const plain = (value) => (Math.abs(value) > 0 && Math.abs(value) < 1e-4 ? value.toExponential(0) : String(Number(value.toFixed(4)))).replace("-", "−");
  const SHOWN = {percent, count: String, number: plain, truth: (value) => (value ? "yes" : "no")};

  const asked = ({as, least, most}) => {
    if (as === "truth") return "";
    const words = [...(least === undefined ? [] : [`at least ${SHOWN[as](least)}`]), ...(most === undefined ? [] : [`at most ${SHOWN[as](most)}`])];
    return ` (${words.join(", ")})`;
  };

  // What is remembered while the playground makes its panels anew for every run.
  const memory = {chosen: null, answers: {}, solved: {}, focus: false};

  class Tasks {
    constructor(box, {state, run = null, onState}) {
      Object.assign(this, {state, run, onState, going: null});
      this.box = element("div", {class: "live-tasks"});
      this.menu = element("div", {class: "live-task-menu", role: "group", "aria-label": "Tasks"});
      this.panel = element("div", {class: "live-task"});
      this.box.append(this.menu, this.panel);
      box.append(this.box);
      const {tasks} = Live.data.tasks;
      this.task = tasks.find(({id}) => id === (memory.chosen ?? state.task)) ?? tasks[0];
      this.list();
      this.lay();
    }

    list() {
      this.menu.replaceChildren(...Live.data.tasks.tasks.map((task) => {
        const solved = memory.solved[task.id] !== undefined;
        const chosen = task === this.task;
        return button("", () => this.choose(task), {"aria-pressed": String(chosen), class: solved ? "live-solved" : ""});
      }));
      [...this.menu.children].forEach((node, i) => {
        const {id, title} = Live.data.tasks.tasks[i];
        node.append(element("span", {class: "live-tick", "aria-hidden": "true"}, memory.solved[id] ? "✓" : String(i + 1)), title,
          ...(memory.solved[id] ? [element("span", {class: "visually-hidden"}, " (solved)")] : []));
      });
    }

    choose(task) {
      this.going?.stop();
      this.task = task;
      memory.chosen = task.id;
      [...this.menu.children].forEach((node, i) => node.setAttribute("aria-pressed", String(Live.data.tasks.tasks[i] === task)));
      this.lay();
      const {top} = this.panel.getBoundingClientRect();
      if (top > 0.7 * innerHeight) this.panel.scrollIntoView({block: "start", behavior: Live.reduced() ? "auto" : "smooth"});
    }

    lay() {
      const {task} = this;
      this.setButton = button("Set it up", () => this.setUp());
      this.checkButton = button("Check this network", () => this.check(), {class: "live-play"});
      this.results = element("div", {class: "live-results"});
      this.panel.replaceChildren(
        element("p", {class: "live-task-title"}, task.title), element("p", {}, task.goal),
        element("details", {}, element("summary", {}, "A hint"), element("p", {}, task.hint)),
        element("div", {class: "live-row"}, this.setButton, ...this.question(), this.checkButton));
      this.say = Live.teller(this.panel);
      this.panel.append(this.results);
      this.say(`Checked is what the settings give in ${this.epochs} epochs, from the seed.`);
      if (memory.focus) this.setButton.focus();
      memory.focus = false;
    }

    // The answer that a task asks for, if any.
    question() {
      const {asks, id} = this.task;
      if (!asks) return [];
      const answer = memory.answers[id];
      const keep = (value) => { memory.answers[id] = value; };
      if (asks.number) return [number(asks.words, {low: asks.number[0], high: asks.number[1], value: answer ?? ""}, keep)];
      const options = [["", "choose"], ...asks.choice.map((text, i) => [String(i), text])];
      return [choice(asks.words, options, answer ?? "", (value) => keep(value === "" ? undefined : Number(value)))];
    }

    // As many epochs as the reader's run has, or would have.
    get epochs() {
      return this.run?.epochs || this.state.epochs;
    }

    setUp() {
      const {id, start} = this.task;
      memory.chosen = id;
      memory.focus = true;
      this.onState({...Live.data.tasks.usual, ...start, task: id});
    }

    async check() {
      const {task} = this;
      const state = {...this.state, epochs: this.epochs};
      const ask = memory.answers[task.id] ?? null;
      this.focused = document.activeElement === this.checkButton;
      this.checkButton.disabled = true;
      this.results.replaceChildren();
      if (task.requires.data.includes(state.data)) await Live.script(`data-${state.data}`);
      const steps = task.requires.data.includes(state.data) ? check(task, state, ask) : refuse(task, state);
      let step = steps.next();
      const work = () => {
        if (!step.done) step = steps.next();
        return !step.done && this.box.isConnected;
      };
      this.going = Live.loop(work, () => !step.done && this.say(`Trains it once more from its seed: ${percent(step.value ?? 1)}.`),
        () => this.tell(task, state, ask, step.done ? step.value : {}));
    }

    tell(task, state, ask, {problem, numbers, passed} = {}) {
      this.checkButton.disabled = false;
      if (this.focused) this.checkButton.focus();
      if (!this.box.isConnected || task !== this.task) return;
      if (problem) return this.say(problem);
      const lines = [...task.goals.map((goal) => line(goal, numbers, reached(goal, numbers))), ...(task.tells ?? []).map((one) => line(one, numbers, null))];
      this.results.replaceChildren(element("ul", {class: "live-goals"}, ...lines));
      this.say(passed ? "Solved." : "Not yet.");
      if (passed) this.solved(task, code(task, state, ask, numbers));
    }

    solved(task, text) {
      memory.solved[task.id] = text;
      const field = element("input", {type: "text", readonly: true, value: text, class: "live-code", "aria-label": "Code to hand in"});
      const said = element("span", {role: "status"});
      const copy = button("Copy", async () => {
        field.select();
        try {
          await navigator.clipboard.writeText(text);
          said.textContent = "Copied.";
        } catch {
          said.textContent = "Selected: copy it with Ctrl and C.";
        }
      });
      this.results.append(element("p", {class: "live-shows"}, element("strong", {}, "What this shows. "), task.shows),
        element("div", {class: "live-row"}, field, copy, said),
        element("p", {class: "live-note"}, "The code to hand in holds the task, your settings and these numbers. It is checked by training your network again in PyTorch."));
      this.list();
    }
  }

  // For data that are not the task's: what is wrong, and nothing else.
  function* refuse(task, state) {
    return {problem: `${problems(task, state, 1)[0]} Press “Set it up”.`};
  }

  const line = (goal, numbers, done) => element("li", {class: done === null ? "" : done ? "live-done" : "live-open-goal"},
    element("span", {class: "live-tick", "aria-hidden": "true"}, done === null ? "·" : done ? "✓" : "✗"),
    element("span", {}, ...(done === null ? [] : [element("span", {class: "visually-hidden"}, done ? "Reached: " : "Not reached: ")]),
      `${goal.words}: `, element("strong", {}, SHOWN[goal.as](numbers[goal.measure])), done === null ? "" : asked(goal)));

  const mount = async (box, settings) => {
    await Live.style("tasks");
    await Live.script("data-tasks");
    return new Tasks(box, settings);
  };

  Live.tasks = {mount, check, code, get list() { return Live.data.tasks.tasks; }};

  // Alone in a page, with some of the state that the playground has; made anew when a task sets it up.
  Live.parts.tasks = async (box, settings) => {
    await Live.script("data-tasks");
    const show = (part) => {
      Object.assign(box.state ??= {...Live.data.tasks.usual, ...settings.state}, part);
      box.querySelector(".live-tasks")?.remove();
      return mount(box, {state: box.state, onState: show});
    };
    await show({});
  };
})();
