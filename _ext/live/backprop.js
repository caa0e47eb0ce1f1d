// Back-propagation to touch: a small network with numbers everywhere, both passes edge by edge, formulas and code beside them.
(function () {
  "use strict";
  const {element, button, number, teller} = Live;
  const LARGEST = 1000; // of a number that readers may type
  const BOUND = 1e6; // beyond it no parameter may move
  const PAUSE = 1100; // ms between two steps that play by themselves
  const DIGITS = "₀₁₂₃₄₅₆₇₈₉";
  const BOX = 46; // px: the height of a number's box
  const ROW = 146; // px from one row to the next
  const ALONG = [0.5, 0.4]; // where on an edge its derivative stands: one that runs straight down, and one that runs aslant
  // Where numbers stand, each as [share of the width, row], and the places on edges that differ.
  const PLACES = {
    chain: {w1: [0.13, 0], x: [0.5, 0], b1: [0.87, 0], w2: [0.13, 1], h: [0.5, 1], b2: [0.87, 1],
      yhat: [0.5, 2], L: [0.5, 3], y: [0.87, 3]},
    paths: {x: [0.5, 0], w1: [0.12, 0.75], b1: [0.36, 0.75], w2: [0.64, 0.75], b2: [0.88, 0.75],
      h1: [0.11, 1.75], v1: [0.32, 1.75], v2: [0.68, 1.75], h2: [0.89, 1.75],
      c: [0.12, 2.75], yhat: [0.5, 2.75], L: [0.5, 3.75], y: [0.88, 3.75]},
    sigmoid: {w1: [0.13, 0], x: [0.5, 0], b1: [0.87, 0], z: [0.5, 1], w2: [0.13, 2], p: [0.5, 2], b2: [0.87, 2],
      yhat: [0.5, 3], L: [0.5, 4], y: [0.87, 4]},
  };
  const AT = {"h1.b1": 0.72, "h2.w2": 0.72, "yhat.h1": 0.72, "yhat.h2": 0.72, "yhat.c": 0.5};
  const DETOURS = {"h1.x": [0.47, 0.75], "h2.x": [0.53, 0.75]}; // edges that pass between two boxes

  // ---- Words ----

  const nameOf = (key) => (key === "yhat" ? "ŷ" : key.replace(/\d/, (digit) => DIGITS[digit]));
  const gradientOf = (key) => `∂L/∂${nameOf(key)}`;
  const codeOf = (key) => ({yhat: "prediction", L: "loss"}[key] ?? key);
  const minus = (text) => text.replaceAll("-", "−");

  // Three digits, as the still pictures have them, and at most seven characters, so that numbers have room side by side.
  const short = (value) => {
    const size = Math.abs(value);
    if (!Number.isFinite(value)) return "none";
    const digits = size >= 1e10 || size < 1e-9 ? 0 : 1;
    if (size >= 99999.5 || (size > 0 && size < 0.00095)) return minus(value.toExponential(digits).replace("+", ""));
    return minus(size >= 999.5 ? value.toFixed(0) : String(Number(value.toPrecision(size < 0.00995 ? 2 : 3))));
  };

  // Four digits: what a field shows after a step, and a loss before and after.
  const exact = (value) => minus(String(Number(value.toPrecision(4))));
  const factor = (value) => (value < 0 ? `(${short(value)})` : short(value));

  // The parts of a template such as "{w2} * {h}": text, and names in braces.
  const parts = (template) => template.split(/[{}]/).map((text, i) => ({text, key: i % 2 === 1}));
  const filled = (template, of) => parts(template).map(({text, key}) => (key ? of(text) : text)).join("");

  const joined = (edge) => edge.join(".");

  class BackProp {
    constructor(box, recipe) {
      Object.assign(this, {box, recipe, rate: recipe.rate, timer: null, pinned: null, pointed: null});
    }

    // ---- What is where ----

    lay() {
      this.tabs = Object.entries(Live.graphs.networks).map(([key, {title}]) => element("button", {type: "button", role: "tab",
        id: `bp-${key}`, "aria-controls": "bp-panel", onclick: () => this.open(key)}, title));
      const list = element("div", {class: "bp-tabs", role: "tablist", "aria-label": "Network", onkeydown: (event) => this.turn(event)},
        ...this.tabs);
      this.rates = number("Learning rate", {low: 0, high: LARGEST, value: this.rate}, (rate) => { this.rate = rate; });
      const again = button("Start again", () => this.open(this.name));
      this.box.append(element("div", {class: "live-row bp-above"}, list, this.rates, again), this.buttons(), this.lower());
      this.listen();
      this.open("chain");
    }

    // What goes on, and what it says.
    buttons() {
      this.next = button("", () => this.forth(), {class: "bp-next"});
      this.toggle = button("Play", () => this.press(), {class: "bp-play"});
      this.alert = element("p", {class: "live-wrong bp-wrong", role: "alert"});
      const bar = element("div", {class: "bp-bar"},
        element("div", {class: "live-row"}, this.next, this.toggle, button("Take a step", () => this.descend())));
      this.say = teller(bar);
      bar.append(this.alert);
      return bar;
    }

    lower() {
      this.diagram = element("div", {class: "bp-diagram", role: "group", "aria-label": "The network"});
      this.formulas = element("div", {class: "bp-formulas", role: "group", "aria-label": "Formulas"});
      this.code = element("div", {class: "bp-code", role: "group", "aria-label": "PyTorch code"});
      const key = (name, text) => element("span", {class: `bp-${name}`}, text);
      const legend = element("p", {class: "bp-legend"}, "Down: ", key("value", "value"), ". Up: ", key("edge", "×"),
        " local derivative, ", key("gradient", "gradient"), " of L.");
      this.panel = element("div", {id: "bp-panel", role: "tabpanel", class: "bp-panel"}, element("div", {}, this.diagram, legend),
        element("div", {class: "bp-beside"}, this.formulas, this.code));
      return this.panel;
    }

    // A network at its start.
    open(name) {
      this.stop();
      const network = Live.graphs.networks[name];
      Object.assign(this, {name, network, numbers: {...this.recipe[name]}, at: 0, steps: 0, pinned: null, pointed: null});
      for (const tab of this.tabs) {
        const here = tab.id === `bp-${name}`;
        tab.setAttribute("aria-selected", String(here));
        tab.tabIndex = here ? 0 : -1;
      }
      this.panel.setAttribute("aria-labelledby", `bp-${name}`);
      this.complain("");
      this.build();
      this.draw("Nothing is computed yet: go on one number at a time, or play. Each number in a square box can be changed.");
    }

    // Arrow keys, Home and End among the tabs.
    turn(event) {
      const here = this.tabs.indexOf(document.activeElement);
      const to = {ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: this.tabs.length - 1}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const tab = this.tabs[(to + this.tabs.length) % this.tabs.length];
      tab.focus();
      tab.click();
    }

    build() {
      const {network: {nodes, edges, order, parameters, wanted}} = this;
      const places = PLACES[this.name];
      this.height = (Math.max(...Object.values(places).map(([, row]) => row))) * ROW + BOX + 28;
      this.diagram.style.height = `${this.height}px`;
      this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      for (const [key, value] of [["viewBox", `0 0 1000 ${this.height}`], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) {
        this.lines.setAttribute(key, value);
      }
      for (const head of order) for (const tail of nodes[head].tails) this.lines.append(this.line(head, tail));
      const boxes = Object.keys(places).map((key) => (nodes[key] ? this.node(key) : this.leaf(key)));
      this.chips = [...parameters, ...wanted, ...order].map((key) => this.small("bp-gradient", `d.${key}`,
        `gradient of L with respect to ${nameOf(key)}: `, [places[key][0], places[key][1] * ROW + BOX + 14]));
      this.labels = edges.map(([head, tail]) => this.small("bp-edge", `${head}.${tail}`,
        `derivative of ${nameOf(head)} with respect to ${nameOf(tail)}: `, this.middle(head, tail)));
      this.diagram.replaceChildren(this.lines, ...boxes, ...this.labels, ...this.chips);
      this.formulas.replaceChildren(...order.map((key) => this.step(key)), ...this.targets().map((key) => this.product(key)));
      this.code.replaceChildren(...this.program());
      for (const group of [this.diagram, this.formulas, this.code]) rove(group);
    }

    // What gets a gradient, in the order in which the way back reaches it.
    targets() {
      return [...new Set(this.network.edges.map(([, tail]) => tail))];
    }

    // ---- The diagram ----

    ends(head, tail) {
      const places = PLACES[this.name];
      const [[x0, row0], [x1, row1]] = [DETOURS[`${head}.${tail}`] ?? places[tail], places[head]];
      if (row0 === row1) return [[x0, row0 * ROW + BOX / 2], [x1, row1 * ROW + BOX / 2]];
      return [[x0, row0 * ROW + BOX], [x1, row1 * ROW]];
    }

    line(head, tail) {
      const key = `${head}.${tail}`;
      const [from, to] = this.ends(head, tail);
      const [x, row] = PLACES[this.name][tail];
      const points = DETOURS[key] ? [[x, row * ROW + BOX], [from[0], DETOURS[key][1] * ROW], from, to] : [from, to];
      const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
      path.setAttribute("points", points.map(([a, b]) => `${1000 * a},${b}`).join(" "));
      path.dataset.key = key;
      return path;
    }

    middle(head, tail) {
      const [[x0, y0], [x1, y1]] = this.ends(head, tail);
      const way = AT[`${head}.${tail}`] ?? ALONG[Number(x0 !== x1)];
      return [x0 + way * (x1 - x0), y0 + way * (y1 - y0)];
    }

    placed(node, [x, y]) {
      node.style.left = `${100 * x}%`;
      node.style.top = `${y}px`;
      return node;
    }

    boxAt(key) {
      const [x, row] = PLACES[this.name][key];
      return [x, row * ROW];
    }

    // A number that can be changed, with its name.
    leaf(key) {
      const input = element("input", {type: "text", inputmode: "text", autocomplete: "off", value: minus(String(this.numbers[key])),
        onchange: () => this.edit(key, input)});
      const label = element("label", {class: "bp-box bp-leaf", "data-key": key}, element("i", {}, nameOf(key)), input);
      return this.placed(label, this.boxAt(key));
    }

    // A number that the network computes.
    node(key) {
      return this.placed(element("button", {type: "button", class: "bp-box bp-node", "data-key": key, "aria-pressed": "false"},
        element("i", {}, nameOf(key)), " ", element("b", {})), this.boxAt(key));
    }

    small(kind, key, name, place) {
      return this.placed(element("button", {type: "button", class: `bp-small ${kind}`, "data-key": key, "aria-pressed": "false"},
        element("span", {class: "visually-hidden"}, name), element("b", {})), place);
    }

    // ---- Formulas and code, whose terms carry the names of what they stand for ----

    terms(template, of, symbol = nameOf) {
      return parts(template).map(({text, key}) => (key ? element("span", {"data-key": of(text)}, symbol(text)) : text));
    }

    row(key, ...children) {
      return element("button", {type: "button", class: "bp-line", "data-key": key, "aria-pressed": "false"}, ...children);
    }

    step(key) {
      const terms = this.terms(this.network.nodes[key].formula, (name) => name);
      return this.row(`f.${key}`, element("span", {"data-key": key}, nameOf(key)), " = ", ...terms, element("b", {}));
    }

    // The gradient of one number: what comes from the loss times the local derivative, summed over all edges that lead to it.
    product(key) {
      const {edges, nodes, loss} = this.network;
      const sum = edges.filter(([, tail]) => tail === key).flatMap(([head], i) => {
        const local = filled(nodes[head].symbols[key], nameOf);
        const upstream = head === loss ? [] : [element("span", {"data-key": `d.${head}`}, gradientOf(head)), " · "];
        return [i ? " + " : "", ...upstream, element("span", {"data-key": `${head}.${key}`}, local)];
      });
      return this.row(`f.d.${key}`, element("span", {"data-key": `d.${key}`}, gradientOf(key)), " = ", ...sum, element("b", {}));
    }

    program() {
      const {order, nodes, parameters, wanted} = this.network;
      const gradient = (key, i) => [i ? ", " : "", element("span", {"data-key": `d.${key}`}, `${key}.grad`)];
      return [...order.map((key) => this.row(`line.${key}`, ...this.terms(`{${key}} = ${nodes[key].code}`, (name) => name, codeOf))),
        this.row("line.back", "loss.backward()"), this.row("line.gradients", ...[...wanted, ...parameters].flatMap(gradient)),
        this.row("line.step", "optim.step()")];
    }

    // ---- Light: what belongs to what ----

    // The keys that light up with one.
    together(key) {
      const {nodes, edges, order, parameters} = this.network;
      const [kind, name] = key.split(".");
      if (kind === "f") return [key, ...this.together(key.slice(2))];
      if (kind === "d") return [key, `f.${key}`, "line.back", ...Live.graphs.ways(this.network, name).flat().map(joined)];
      if (["line.back", "line.gradients"].includes(key)) return [key, ...this.targets().map((one) => `d.${one}`), ...edges.map(joined)];
      if (key === "line.step") return [key, ...parameters];
      if (kind === "line") return [key, `f.${name}`, name, ...nodes[name].tails];
      if (name) return [key, `line.${kind}`];
      const lines = order.filter((one) => nodes[one].tails.includes(key)).map((one) => `line.${one}`);
      return [key, ...(nodes[key] ? [`f.${key}`, `line.${key}`] : lines)];
    }

    light() {
      const key = this.pointed ?? this.pinned ?? this.current();
      const lit = new Set(key ? this.together(key) : []);
      for (const node of this.panel.querySelectorAll("[data-key]")) {
        node.classList.toggle("bp-lit", lit.has(node.dataset.key));
        if (node.hasAttribute("aria-pressed")) node.setAttribute("aria-pressed", String(node.dataset.key === this.pinned));
      }
    }

    listen() {
      const keyAt = ({target}) => target.closest?.("[data-key]")?.dataset.key ?? null;
      const point = (key) => {
        if (key === this.pointed) return;
        this.pointed = key;
        this.light();
      };
      this.panel.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch") point(keyAt(event)); });
      this.panel.addEventListener("pointerleave", () => point(null));
      this.panel.addEventListener("focusin", (event) => point(keyAt(event)));
      this.panel.addEventListener("focusout", () => point(null));
      this.panel.addEventListener("click", (event) => {
        const key = keyAt(event);
        if (!key || event.target.closest("label")) return;
        this.pinned = key === this.pinned ? null : key;
        this.light();
      });
      this.panel.addEventListener("keydown", ({key}) => {
        if (key !== "Escape") return;
        this.pinned = null;
        point(null);
      });
    }

    // ---- Time ----

    get last() {
      return this.network.order.length + this.network.edges.length;
    }

    // What the present step has computed.
    current() {
      const {order, edges} = this.network;
      if (!this.at) return null;
      return this.at <= order.length ? order[this.at - 1] : `d.${edges[this.at - 1 - order.length][1]}`;
    }

    forth() {
      this.stop();
      this.go(this.at + 1);
    }

    go(at) {
      Object.assign(this, {at, pinned: null});
      this.draw();
    }

    press() {
      if (this.timer) {
        this.stop();
        return;
      }
      if (Live.reduced()) {
        this.go(this.last);
        return;
      }
      this.toggle.textContent = "Pause";
      if (this.at === this.last) this.go(0);
      const on = () => {
        this.go(this.at + 1);
        this.timer = setTimeout(this.at < this.last ? on : () => this.stop(), this.at < this.last ? PAUSE : 0);
      };
      on();
    }

    stop() {
      clearTimeout(this.timer);
      this.timer = null;
      this.toggle.textContent = "Play";
    }

    edit(key, input) {
      const text = input.value.trim();
      const given = text === "" ? NaN : Number(text.replace(",", ".").replace("−", "-"));
      const fits = Math.abs(given) <= LARGEST;
      input.setAttribute("aria-invalid", String(!fits));
      const got = text ? `“${text}”` : "nothing";
      this.complain(fits ? "" : `${nameOf(key)}: expected a number from −${LARGEST} to ${LARGEST}, got ${got}. `
        + `It is still ${exact(this.numbers[key])}.`);
      if (!fits) return;
      this.numbers[key] = given;
      this.draw(this.at ? null : `Now ${nameOf(key)} is ${exact(given)}.`);
    }

    complain(text) {
      this.alert.textContent = text;
    }

    // One step of descent, from wherever the passes stand.
    descend() {
      this.stop();
      const {network, numbers, rate} = this;
      const {passes, step} = Live.graphs;
      const {values: {L: before}, gradients} = passes(network, numbers);
      const moved = step(network, numbers, rate);
      const after = passes(network, moved).values.L;
      const less = `Try a learning rate of ${Number((rate / 10).toPrecision(1))}.`;
      const bounded = network.parameters.every((key) => Math.abs(moved[key]) <= BOUND) && Number.isFinite(after);
      Object.assign(this, {at: this.last, pinned: "line.step"});
      if (!bounded) {
        this.draw(`It runs away: the next step would take a parameter beyond ${BOUND.toLocaleString("en-GB")}. The learning rate of `
          + `${rate} is too large, and this step was not taken. ${less}`);
        return;
      }
      this.numbers = moved;
      this.steps += 1;
      const first = network.parameters[0];
      const sum = `${nameOf(first)} became ${exact(numbers[first])} − ${rate} × ${factor(gradients[first])} = ${exact(moved[first])}.`;
      const way = `from ${exact(before)} to ${exact(after)}`;
      const fell = after < before ? `fell ${way}. ${sum}`
        : after > before ? `rose ${way}: the step was so long that it went past the lowest point and up again. ${less}`
          : `stayed at ${exact(before)}: ${rate ? "the gradient is zero, or too small to move it" : "a learning rate of 0 moves nothing"}.`;
      this.draw(`Step ${this.steps}: the loss ${fell}`);
      this.fields();
    }

    // The parameters after a step, in their fields.
    fields() {
      for (const input of this.diagram.querySelectorAll(".bp-leaf input")) {
        input.value = exact(this.numbers[input.parentElement.dataset.key]);
        input.setAttribute("aria-invalid", "false");
      }
      this.complain("");
    }

    // ---- Drawing ----

    // words: what to say; without them, the present step.
    draw(words = null) {
      const {network: {order, edges}, at} = this;
      this.now = Live.graphs.passes(this.network, this.numbers);
      const {values, slopes} = this.now;
      const known = new Set(order.slice(0, at));
      const back = edges.slice(0, Math.max(0, at - order.length));
      const gone = new Set(back.map(joined));
      const sums = at >= order.length ? {L: 1} : {};
      for (const [head, tail] of back) sums[tail] = (sums[tail] ?? 0) + sums[head] * slopes[head][tail];
      const put = (node, value) => { node.querySelector("b").textContent = value; };
      for (const node of this.diagram.querySelectorAll(".bp-node")) {
        put(node, known.has(node.dataset.key) ? short(values[node.dataset.key]) : "?");
      }
      for (const label of this.labels) {
        const [head, tail] = label.dataset.key.split(".");
        label.hidden = !gone.has(label.dataset.key);
        put(label, `×${short(slopes[head][tail])}`);
      }
      for (const chip of this.chips) {
        const sum = sums[chip.dataset.key.slice(2)];
        chip.hidden = sum === undefined;
        put(chip, sum === undefined ? "" : short(sum));
      }
      for (const path of this.lines.children) {
        path.classList.toggle("bp-known", known.has(path.dataset.key.split(".")[0]));
        path.classList.toggle("bp-gone", gone.has(path.dataset.key));
      }
      for (const row of this.formulas.children) this.result(row, known, sums, gone);
      const next = at < order.length ? nameOf(order[at]) : at < this.last ? gradientOf(edges[at - order.length][1]) : null;
      this.next.textContent = next ? `Next: ${next}` : "All known";
      this.next.disabled = at === this.last;
      reachable(this.diagram);
      this.light();
      this.say(words ?? this.told());
    }

    // What a formula comes to, once it is known.
    result(row, known, sums, gone) {
      const key = row.dataset.key.slice(2);
      const name = key.replace("d.", "");
      const complete = key === name ? known.has(key)
        : this.network.edges.every((edge) => edge[1] !== name || gone.has(joined(edge)));
      row.querySelector("b").textContent = complete ? ` = ${short(key === name ? this.now.values[key] : sums[name])}` : "";
      row.classList.toggle("bp-later", !complete);
    }

    // The present step in words and numbers.
    told() {
      const {network: {order, edges}, at} = this;
      if (!at) return "At the start: nothing has been computed yet.";
      if (at <= order.length) return `Forward: ${this.valueTold(order[at - 1])}`;
      return `Backward: ${this.edgeTold(...edges[at - 1 - order.length])}`;
    }

    valueTold(key) {
      const {values} = this.now;
      const {code, formula} = this.network.nodes[key];
      const sum = code.replace("torch.sigmoid", "σ").replace("**2", "²").replaceAll("*", "×").replace("-", "−");
      return `${nameOf(key)} = ${filled(formula, nameOf)} = ${filled(sum, (name) => factor(values[name]))} = ${short(values[key])}.`;
    }

    edgeTold(head, tail) {
      const {network, now: {slopes, gradients}} = this;
      const heads = network.edges.filter((edge) => edge[1] === tail).map((edge) => edge[0]);
      const local = filled(network.nodes[head].symbols[tail], nameOf);
      const numbers = `${factor(gradients[head])} × ${factor(slopes[head][tail])}`;
      const from = head === network.loss ? local : `${gradientOf(head)} · ${local} = ${numbers}`;
      const sum = `${from} = ${short(gradients[head] * slopes[head][tail])}`;
      if (heads.length === 1) return `${gradientOf(tail)} = ${sum}.${this.wayTold(tail)}`;
      const path = `path from ${nameOf(tail)} to L leads through ${nameOf(head)}: ${sum}`;
      if (head === heads[0]) return `one ${path}. The other one will be added.`;
      const both = heads.map((one) => factor(gradients[one] * slopes[one][tail])).join(" + ");
      return `the other ${path}. `
        + `The sum over both: ${gradientOf(tail)} = ${both} = ${short(gradients[tail])}.`;
    }

    // The product of all derivatives from the loss to a number, where it is longer than the step that was told.
    wayTold(name) {
      const way = Live.graphs.ways(this.network, name)[0].map(([head, tail]) => factor(this.now.slopes[head][tail]));
      return way.length > 2 ? ` All the way from the loss: ${way.join(" × ")}.` : "";
    }
  }

  // Tab must find something in a group, even if its stop is hidden now.
  const reachable = (group) => {
    const stops = [...group.querySelectorAll("button")].filter((one) => !one.hidden);
    if (stops.length && !stops.some((one) => one.tabIndex === 0)) stops[0].tabIndex = 0;
  };

  // One stop for Tab in a group; arrow keys move on from there.
  const rove = (group) => {
    const stops = () => [...group.querySelectorAll("button")].filter((one) => !one.hidden);
    for (const one of group.querySelectorAll("button")) one.tabIndex = -1;
    reachable(group);
    group.onkeydown = (event) => {
      const way = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
      const all = stops();
      const here = all.indexOf(document.activeElement);
      if (!way || here < 0) return;
      event.preventDefault();
      all[here].tabIndex = -1;
      const next = all[(here + way + all.length) % all.length];
      next.tabIndex = 0;
      next.focus();
    };
  };

  Live.parts.backprop = async (box, {recipe}) => {
    await Promise.all([Live.script("graph"), Live.style("backprop")]);
    const part = new BackProp(box, recipe);
    part.lay();
    Live.theBackProp = part;
  };
})();
