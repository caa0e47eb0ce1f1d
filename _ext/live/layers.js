// A network of linear layers that readers build with buttons: its diagram beside its code, and each of them shows where it is in the other.
(function () {
  "use strict";
  const {element, button, teller} = Live;
  const [WIDTH, HEIGHT, DISC, EDGE] = [440, 350, 17, 46]; // of the drawing; EDGE: from its left and right side to a disc
  const LIMITS = {inputs: [1, 4], hidden: [0, 3], neurons: [1, 8]};
  const DIGITS = "₁₂₃₄₅₆₇₈";
  const [SPACE, DOT] = ["    ", " · "];

  // ---- What a network is made of ----

  // Of each layer with parameters: how many come in and go out, its line of code, and its numbers.
  const layersOf = (sizes) => sizes.slice(1).map((out, i) => ({into: sizes[i], out, weights: sizes[i] * out, biases: out}));

  const code = (sizes) => {
    const lines = layersOf(sizes).map(({into, out}, i, all) => `${SPACE}nn.Linear(${into}, ${out})${i < all.length - 1 ? "," : ")"}`);
    return ["layers = nn.Sequential(", ...lines];
  };

  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : noun.endsWith("s") ? "es" : "s"}`;

  const total = (sizes) => layersOf(sizes).reduce((sum, {weights, biases}) => ({weights: sum.weights + weights, biases: sum.biases + biases}),
    {weights: 0, biases: 0});

  const summary = (sizes) => {
    const {weights, biases} = total(sizes);
    return `A ${sizes.join("-")} network: ${counted(weights, "weight")} and ${counted(biases, "bias")}, ${weights + biases} parameters.`;
  };

  const name = (sizes, layer, i) => {
    const letter = layer === 0 ? "x" : layer === sizes.length - 1 ? "ŷ" : "h";
    return sizes[layer] === 1 ? letter : letter + DIGITS[i];
  };

  // ---- The diagram ----

  const shape = (kind, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", kind);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  const spot = (sizes, layer, i) => {
    const gap = Math.min(44, (HEIGHT - 2 * DISC - 6) / Math.max(1, sizes[layer] - 1));
    return [EDGE + (layer * (WIDTH - 2 * EDGE)) / (sizes.length - 1), HEIGHT / 2 + (i - (sizes[layer] - 1) / 2) * gap];
  };

  const disc = (sizes, layer, i) => {
    const [x, y] = spot(sizes, layer, i);
    return shape("g", {class: "layers-disc"}, shape("circle", {cx: x, cy: y, r: DISC}),
      shape("text", {x, y: y + 5, "text-anchor": "middle"}, name(sizes, layer, i)));
  };

  // What a line of code stands for: the lines that come in, and the discs where they end, whose rings are the biases.
  const step = (sizes, layer) => {
    const [left, right] = [spot(sizes, layer - 1, 0)[0], spot(sizes, layer, 0)[0]];
    const lines = [];
    for (let i = 0; i < sizes[layer - 1]; i++) {
      for (let j = 0; j < sizes[layer]; j++) {
        const [[x1, y1], [x2, y2]] = [spot(sizes, layer - 1, i), spot(sizes, layer, j)];
        lines.push(shape("line", {x1, y1, x2, y2}));
      }
    }
    const area = shape("rect", {x: left + DISC, y: 0, width: right - left, height: HEIGHT, class: "layers-area"});
    const discs = Array.from({length: sizes[layer]}, (_, i) => disc(sizes, layer, i));
    return shape("g", {class: "layers-step", "data-layer": layer}, area, ...lines, ...discs);
  };

  // ---- What readers press ----

  // A number with a button on either side; change(value) hears of it. At an end its button stays, so that the keyboard does not lose it.
  const stepper = (label, [low, high], value, change) => {
    const shown = element("span", {class: "layers-number"});
    const by = (amount) => () => {
      if (value + amount < low || value + amount > high) return;
      value += amount;
      show();
      change(value);
    };
    const less = button("−", by(-1), {"aria-label": `${label}: one fewer`});
    const more = button("+", by(1), {"aria-label": `${label}: one more`});
    const show = () => {
      shown.textContent = value;
      less.setAttribute("aria-disabled", value === low);
      more.setAttribute("aria-disabled", value === high);
    };
    show();
    return element("div", {class: "layers-stepper", role: "group", "aria-label": label}, element("span", {}, label),
      element("div", {}, less, shown, more));
  };

  class Builder {
    constructor(box, {inputs = 1, neurons = [1]}) {
      Object.assign(this, {inputs, neurons: [...neurons], pinned: null});
      this.drawing = shape("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "layers-drawing"});
      this.drawing.style.setProperty("--lit", Live.look.colours[1]);
      this.drawing.style.setProperty("--grey", Live.look.grey);
      this.code = element("div", {class: "layers-code", role: "group", "aria-label": "The network in PyTorch"});
      this.steppers = element("div", {class: "live-row layers-steppers"});
      box.append(this.steppers, element("div", {class: "layers-both"}, this.drawing, this.code));
      this.say = teller(box);
      this.controls();
      this.draw();
    }

    get sizes() {
      return [this.inputs, ...this.neurons, 1];
    }

    controls() {
      this.steppers.append(
        stepper("Inputs", LIMITS.inputs, this.inputs, (value) => this.set(() => { this.inputs = value; })),
        stepper("Hidden layers", LIMITS.hidden, this.neurons.length, (value) => this.set(() => this.deepen(value))));
      this.fixed = this.steppers.children.length;
      this.ofLayers();
    }

    // A new layer has as many neurons as the one before it.
    deepen(layers) {
      while (this.neurons.length < layers) this.neurons.push(this.neurons[this.neurons.length - 1] ?? 1);
      this.neurons.length = layers;
      this.ofLayers();
    }

    ofLayers() {
      while (this.steppers.children.length > this.fixed) this.steppers.lastChild.remove();
      this.neurons.forEach((size, i) => {
        const label = this.neurons.length === 1 ? "Neurons" : `Neurons in layer ${i + 1}`;
        this.steppers.append(stepper(label, LIMITS.neurons, size, (value) => this.set(() => { this.neurons[i] = value; })));
      });
    }

    set(change) {
      change();
      this.pinned = null;
      this.draw();
    }

    draw() {
      const {sizes} = this;
      this.drawing.setAttribute("aria-label", `Diagram of a ${sizes.join("-")} network, each neuron joined to the whole layer before.`);
      this.drawing.replaceChildren(
        ...sizes.slice(1).map((_, i) => this.lights(step(sizes, i + 1), i + 1)),
        ...Array.from({length: sizes[0]}, (_, i) => disc(sizes, 0, i)));
      const [first, ...lines] = code(sizes);
      const layers = layersOf(sizes);
      this.code.replaceChildren(element("code", {class: "layers-first"}, first), ...lines.map((text, i) => {
        const {into, out, weights, biases} = layers[i];
        const sum = element("span", {}, ` ${into}${DOT}${out} + ${biases} = ${weights + biases}`);
        return this.lights(button("", () => this.pin(i + 1), {class: "layers-line", "data-layer": i + 1, "aria-pressed": "false"}), i + 1,
          element("code", {}, text), sum);
      }));
      this.light(this.pinned);
      this.say(summary(sizes));
    }

    // Pointing at a part of the diagram, or at a line of code, or moving to it by keyboard, lights up both.
    lights(node, layer, ...children) {
      node.append(...children);
      for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => this.light(layer));
      for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => this.light(this.pinned));
      if (node.namespaceURI.endsWith("svg")) node.addEventListener("click", () => this.pin(layer));
      return node;
    }

    pin(layer) {
      this.pinned = this.pinned === layer ? null : layer;
      this.light(this.pinned);
      for (const line of this.code.querySelectorAll("button")) line.setAttribute("aria-pressed", Number(line.dataset.layer) === this.pinned);
      const one = layersOf(this.sizes)[layer - 1];
      if (this.pinned) this.say(`${counted(one.weights, "line")} for the weights, ${counted(one.biases, "ring")} for the biases. ${summary(this.sizes)}`);
      else this.say(summary(this.sizes));
    }

    light(layer) {
      for (const parts of [this.drawing, this.code]) {
        for (const part of parts.querySelectorAll("[data-layer]")) part.classList.toggle("lit", Number(part.getAttribute("data-layer")) === layer);
      }
    }
  }

  Live.parts.layers = async (box, settings) => {
    Live.theLayers = new Builder(box, settings);
  };
})();
