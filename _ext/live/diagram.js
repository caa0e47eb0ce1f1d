// The drawing of a network: neurons as small maps of what they say, weights as lines, biases as dots, all of them to be picked.
//
// A canvas shows, and an SVG above it, which changes only with the shape of the network, is what mouse, finger and keyboard reach.
(function () {
  "use strict";
  const {element} = Live;
  const SVG = "http://www.w3.org/2000/svg";
  const THUMB = 20; // pixels of a small map, along each side

  // What a neuron says as a share from 0 to 1, such that 0.5 is where it turns.
  const SHARES = {
    sigmoid: () => (value) => value, tanh: () => (value) => (value + 1) / 2,
    identity: (largest) => (value) => 0.5 + value / (2 * largest), relu: (largest) => (value) => 0.5 + value / (2 * largest),
    leaky_relu: (largest) => (value) => 0.5 + value / (2 * largest),
  };

  // The values of one neuron, as shares: outputs (rows, width) of its layer.
  const shares = (outputs, width, neuron, rows, activation, into) => {
    let largest = 1e-9;
    for (let r = 0; r < rows; r++) largest = Math.max(largest, Math.abs(outputs[r * width + neuron]));
    const of = SHARES[activation](largest);
    for (let r = 0; r < rows; r++) into[r] = of(outputs[r * width + neuron]);
    return into;
  };

  const shape = (name, attributes, ...children) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  const round = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

  class Diagram {
    // names: {inputs, outputs}. hover(node or null) and pick(node) hear of neurons {layer, neuron}; edit(item) of a weight or bias.
    constructor(box, {hover, pick, edit}) {
      Object.assign(this, {hover, pick, edit, items: [], picked: null, model: null, at: 0});
      this.box = box;
      this.canvas = new Live.Canvas(box, "", 0.5, (pen, width, height) => this.paint(pen, width, height));
      this.canvas.node.setAttribute("aria-hidden", "true");
      this.canvas.node.removeAttribute("role");
      this.svg = shape("svg", {class: "live-net", role: "group", "aria-label": "The network", "aria-describedby": "live-net-keys"});
      this.keys = element("p", {class: "visually-hidden", id: "live-net-keys"},
        "Left and right arrow go through neurons, weights and biases, up and down arrow through neurons alone. Enter on a neuron pins "
        + "its map, on a weight or bias changes its value.");
      box.append(this.svg, this.keys);
      this.svg.addEventListener("keydown", (event) => this.key(event));
      this.sheet = element("canvas", {width: THUMB, height: THUMB});
      this.image = this.sheet.getContext("2d").createImageData(THUMB, THUMB);
      this.pixels = new Int32Array(this.image.data.buffer);
      this.width = 0;
    }

    // The shape of another network.
    set(model, names) {
      const sizes = [model[0].featuresIn, ...model.map((layer) => layer.featuresOut)];
      const again = JSON.stringify([sizes, names]) === this.known;
      this.known = JSON.stringify([sizes, names]);
      Object.assign(this, {model, sizes, names});
      this.maps = sizes.map((size) => Array.from({length: size}, () => null));
      if (again) return this.label();
      this.width = 0;
      this.at = 0;
      this.canvas.draw();
    }

    place(layer, neuron) {
      const {left, right, size, width, height, sizes} = this;
      const columns = sizes.length - 1;
      const gap = (height - 26) / Math.max(5, ...sizes);
      return [left + size / 2 + ((width - left - right - size) * layer) / columns,
        (height - 26) / 2 + (neuron - (sizes[layer] - 1) / 2) * gap + 4];
    }

    // Sizes in pixels, and the SVG for them.
    layOut(width, height) {
      const names = [...this.names.inputs, ...this.names.outputs].map((name) => name.length);
      const room = Math.min(width < 500 ? 48 : 90, 16 + 8 * Math.max(...names));
      const gap = (height - 26) / Math.max(5, ...this.sizes);
      const step = (width - 2 * room) / this.sizes.length;
      Object.assign(this, {width, height, left: room, right: room, size: Math.floor(Math.min(42, 0.8 * gap, 0.62 * step))});
      this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.svg.style.height = `${height}px`;
      this.build();
    }

    build() {
      const focused = this.svg.contains(document.activeElement);
      this.items = [];
      this.sizes.forEach((count, layer) => {
        for (let neuron = 0; neuron < count; neuron++) {
          this.items.push({kind: "neuron", layer, neuron});
          if (layer) this.items.push({kind: "bias", layer, neuron});
          for (let from = 0; layer && from < this.sizes[layer - 1]; from++) this.items.push({kind: "weight", layer, neuron, from});
        }
      });
      for (const item of this.items) this.make(item);
      const order = ["weight", "neuron", "bias"];
      const below = [...this.items].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      this.svg.replaceChildren(...below.map((item) => item.node));
      this.at = Math.min(this.at, this.items.length - 1);
      this.label();
      this.rove(this.at, focused);
    }

    make(item) {
      const {kind, layer, neuron, from} = item;
      const [x, y] = this.place(layer, neuron);
      const half = this.size / 2;
      if (kind === "neuron") {
        item.node = shape("rect", {x: x - half - 2, y: y - half - 2, width: this.size + 4, height: this.size + 4, rx: 5});
        item.node.addEventListener("pointerenter", () => this.hover(item));
        item.node.addEventListener("pointerleave", () => this.hover(null));
      } else if (kind === "bias") {
        item.node = shape("circle", {cx: x - half - 1, cy: y + half + 1, r: 9});
      } else {
        item.node = shape("path", {d: this.curve(this.place(layer - 1, from), [x, y]).path});
      }
      item.node.setAttribute("role", "button");
      item.node.setAttribute("class", `live-${kind}`);
      item.node.addEventListener("click", () => this.press(item));
      item.node.addEventListener("focus", () => {
        this.name(item);
        this.at = this.items.indexOf(item);
        if (kind === "neuron") this.hover(item);
      });
      item.node.addEventListener("blur", () => kind === "neuron" && this.hover(null));
    }

    curve([x0, y0], [x1, y1]) {
      const [a, b, half] = [x0 + this.size / 2, x1 - this.size / 2, (x1 - x0 - this.size) / 2];
      return {path: `M${a} ${y0} C${a + half} ${y0} ${b - half} ${y1} ${b} ${y1}`, points: [a, y0, a + half, y0, b - half, y1, b, y1]};
    }

    press(item) {
      this.rove(this.items.indexOf(item), true);
      if (item.kind === "neuron") this.pick(item);
      else this.edit(item);
    }

    // Only one of the many is a stop of the tabulator; arrows lead to the others.
    rove(at, focus) {
      this.items.forEach((item, i) => item.node.setAttribute("tabindex", i === at ? "0" : "-1"));
      this.at = at;
      if (focus) this.items[at].node.focus({preventScroll: true});
    }

    key(event) {
      const last = this.items.length - 1;
      const neuron = (way) => {
        for (let i = this.at + way; i >= 0 && i <= last; i += way) if (this.items[i].kind === "neuron") return i;
        return this.at;
      };
      const to = {ArrowRight: () => Math.min(last, this.at + 1), ArrowLeft: () => Math.max(0, this.at - 1), ArrowDown: () => neuron(1),
        ArrowUp: () => neuron(-1), Home: () => 0, End: () => last}[event.key];
      if (to) this.rove(to(), true);
      else if (event.key === "Enter" || event.key === " ") this.press(this.items[this.at]);
      else return;
      event.preventDefault();
    }

    // ---- Names and values ----

    called({layer, neuron}) {
      const last = this.sizes.length - 1;
      if (layer === 0) return `input ${this.names.inputs[neuron]}`;
      return layer === last ? `output ${this.names.outputs[neuron]}` : `neuron ${neuron + 1} of hidden layer ${layer}`;
    }

    // Where the value of a weight or bias is kept: the array and the place in it.
    home({kind, layer, neuron, from}) {
      const {parameters: [weights, bias], featuresOut} = this.model[layer - 1];
      return kind === "bias" ? [bias, neuron] : [weights, from * featuresOut + neuron];
    }

    value(item) {
      const [values, at] = this.home(item);
      return values[at];
    }

    title(item) {
      if (item.kind === "neuron") return this.called(item);
      if (item.kind === "bias") return `bias of ${this.called(item)}`;
      return `weight from ${this.called({layer: item.layer - 1, neuron: item.from})} to ${this.called(item)}`;
    }

    name(item) {
      const value = item.kind === "neuron" ? "" : `: ${round(this.value(item))}`;
      const title = this.title(item);
      item.node.setAttribute("aria-label", `${title[0].toUpperCase()}${title.slice(1)}${value}`);
      if (item.kind === "neuron") item.node.setAttribute("aria-pressed", String(this.isPicked(item)));
    }

    isPicked({layer, neuron}) {
      return this.picked?.layer === layer && this.picked.neuron === neuron;
    }

    label() {
      this.items.forEach((item) => this.name(item));
    }

    // What a neuron computes, as a formula.
    formula({layer, neuron}, activation) {
      if (layer === 0) return this.names.inputs[neuron];
      const {parameters: [weights, bias], featuresIn, featuresOut} = this.model[layer - 1];
      const before = layer === 1 ? this.names.inputs : Array.from({length: featuresIn}, (_, i) => `h${SMALL[i + 1]}`);
      const sum = before.map((name, i) => `${signed(weights[i * featuresOut + neuron])} ${name}`).join(" ");
      const whole = `${sum} ${signed(bias[neuron])}`.replace(/^\+ /, "").replace(/^− /, "−");
      return activation === "identity" ? whole : `${activation.replace("_", " ")}(${whole})`;
    }

    // ---- Drawing ----

    // maps: for each neuron the shares on a grid of n * n points.
    draw(maps, n) {
      Object.assign(this, {maps, n});
      this.canvas.draw();
    }

    paint(pen, width) {
      if (!this.model) return;
      const height = width < 500 ? 300 : 380;
      this.canvas.ratio = height / width;
      if (width !== this.width) {
        this.layOut(width, height);
        if (Math.abs(pen.canvas.clientHeight - height) > 1) return this.canvas.draw();
      }
      this.model.forEach((layer, l) => this.lines(pen, layer, l + 1));
      this.sizes.forEach((count, layer) => {
        for (let neuron = 0; neuron < count; neuron++) this.neuron(pen, layer, neuron);
      });
      this.captions(pen);
    }

    lines(pen, {parameters: [weights], featuresIn, featuresOut}, layer) {
      for (let i = 0; i < featuresIn; i++) {
        for (let j = 0; j < featuresOut; j++) {
          const strength = Math.tanh(Math.abs(weights[i * featuresOut + j]) / 3);
          const [a, b, c, d, e, f, g, h] = this.curve(this.place(layer - 1, i), this.place(layer, j)).points;
          pen.strokeStyle = Live.look.colours[weights[i * featuresOut + j] > 0 ? 1 : 0];
          pen.globalAlpha = 0.25 + 0.75 * strength;
          pen.lineWidth = 0.6 + 5 * strength;
          pen.beginPath();
          pen.moveTo(a, b);
          pen.bezierCurveTo(c, d, e, f, g, h);
          pen.stroke();
        }
      }
      pen.globalAlpha = 1;
    }

    neuron(pen, layer, neuron) {
      const [x, y] = this.place(layer, neuron);
      const half = this.size / 2;
      const map = this.maps[layer]?.[neuron];
      if (map) {
        this.thumb(map);
        pen.drawImage(this.sheet, x - half, y - half, this.size, this.size);
      } else {
        pen.fillStyle = "#f4f4f4";
        pen.fillRect(x - half, y - half, this.size, this.size);
      }
      pen.strokeStyle = this.isPicked({layer, neuron}) ? Live.ink() : Live.look.grey;
      pen.lineWidth = this.isPicked({layer, neuron}) ? 3 : 1.2;
      pen.beginPath();
      pen.roundRect(x - half - 0.5, y - half - 0.5, this.size + 1, this.size + 1, 3);
      pen.stroke();
      if (layer) this.dot(pen, x - half - 1, y + half + 1, this.model[layer - 1].parameters[1][neuron]);
    }

    // A bias: orange if it pushes up, blue if down, the larger the stronger.
    dot(pen, x, y, bias) {
      pen.fillStyle = Live.look.colours[bias > 0 ? 1 : 0];
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 1;
      pen.beginPath();
      pen.arc(x, y, 2.5 + 3.5 * Math.tanh(Math.abs(bias) / 2), 0, 7);
      pen.fill();
      pen.stroke();
    }

    thumb(map) {
      const {n, pixels} = this;
      for (let j = 0; j < THUMB; j++) {
        const row = Math.floor(((j + 0.5) * n) / THUMB) * n;
        for (let i = 0; i < THUMB; i++) {
          pixels[(THUMB - 1 - j) * THUMB + i] = Live.packedColour(map[row + Math.floor(((i + 0.5) * n) / THUMB)]);
        }
      }
      this.sheet.getContext("2d").putImageData(this.image, 0, 0);
    }

    captions(pen) {
      pen.fillStyle = Live.ink();
      const half = this.size / 2;
      const fit = (name, room) => {
        let text = name;
        while (text.length > 2 && pen.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
        return text;
      };
      pen.textAlign = "right";
      this.names.inputs.forEach((name, i) => {
        const [x, y] = this.place(0, i);
        pen.fillText(fit(name, this.left - 8), x - half - 8, y + 4);
      });
      pen.textAlign = "left";
      this.names.outputs.forEach((name, i) => {
        const [x, y] = this.place(this.sizes.length - 1, i);
        pen.fillText(fit(name, this.right - 8), x + half + 8, y + 4);
      });
      pen.textAlign = "center";
      const last = this.sizes.length - 1;
      this.sizes.forEach((_, layer) => {
        const narrow = (this.width - this.left - this.right) / last < 62;
        const text = layer === 0 ? "inputs" : layer === last ? "output" : narrow ? String(layer) : `layer ${layer}`;
        pen.fillText(text, this.place(layer, 0)[0], this.height - 6);
      });
      pen.textAlign = "left";
    }
  }

  const SMALL = "₀₁₂₃₄₅₆₇₈₉";
  const signed = (value) => `${value < 0 ? "−" : "+"} ${round(Math.abs(value))}`;

  Object.assign(Live, {Diagram, shares});
})();
