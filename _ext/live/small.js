// What the small live parts of the chapters share: a run at a pace for reading, and a picture of a network whose neurons are maps.
(function () {
  "use strict";
  const {element, button, predict} = Live;
  const SLICE = 6; // ms of training in a frame, so that drawing has room
  const NARROW = matchMedia("(max-width: 639px)"); // as in live.css
  const TILE = 15; // pixels of a neuron's map
  const DIGITS = "₁₂₃₄₅₆₇₈";
  const LARGEST = 42; // px, of a neuron's map
  const HALO = "rgba(255,255,255,0.75)";

  // ---- Words: a line that everybody sees, of which screen readers hear only what is new to stay ----

  const words = (box) => {
    const shown = element("p", {class: "live-said"});
    const heard = element("p", {class: "visually-hidden", "aria-live": "polite"});
    box.append(shown, heard);
    return {show: (text) => { shown.textContent = text; }, say: (text) => { shown.textContent = heard.textContent = text; }};
  };

  const count = (number) => number.toLocaleString("en-GB");

  // How many labels a network predicts right, at 50 percent.
  const right = (model, {inputs, labels, rows}) => {
    const shares = predict(model, inputs, rows);
    let found = 0;
    for (let r = 0; r < rows; r++) found += shares[r] > 0.5 === labels[r] > 0.5;
    return found;
  };

  // ---- Time: a run that anybody can follow, which rests when it has arrived, and when nobody looks ----

  // bar: where words and button go; make(seed): a new run; draw(run); said(run, over): where it is in words; epochs: where it ends;
  // seconds: how long it takes; again: what the button says at the end.
  class Show {
    constructor(box, bar, {make, draw, said, epochs, seconds, seed, again = "Another start"}) {
      Object.assign(this, {make, draw, said, epochs, seconds, seed, again, seen: false, going: false, odd: false});
      this.words = words(bar);
      this.button = button("Pause", () => this.press(), {class: "live-show"});
      new IntersectionObserver(([{isIntersecting}]) => {
        this.seen = isIntersecting;
        this.go();
      }, {threshold: 0.35}).observe(box);
    }

    // A new run, which begins at once if it is seen.
    start(seed = this.seed) {
      Object.assign(this, {seed, run: this.make(seed), begun: 0, end: this.epochs, spent: 0, going: true});
      this.draw(this.run);
      this.tell();
      this.go();
    }

    // Some more epochs of the run there is.
    more(epochs = this.epochs) {
      Object.assign(this, {begun: this.run.epochs, end: this.run.epochs + epochs, spent: 0, going: true});
      this.tell();
      this.go();
    }

    press() {
      if (this.over) return this.start(this.seed + 1);
      this.going = !this.going;
      this.tell();
      return this.go();
    }

    get over() {
      return this.run.failed !== null || this.run.epochs >= this.end;
    }

    go() {
      cancelAnimationFrame(this.frame);
      this.last = performance.now();
      if (this.run && this.going && this.seen) this.frame = requestAnimationFrame((now) => this.slice(now));
    }

    // The epoch where the run should be by now: slow at first, where most happens.
    get due() {
      if (Live.reduced()) return this.end;
      return this.begun + (this.end - this.begun) * Math.min(1, this.spent / this.seconds) ** 1.5;
    }

    slice(now) {
      this.spent += Math.min(100, Math.max(0, now - this.last)) / 1000;
      this.last = now;
      const until = performance.now() + SLICE;
      while (!this.over && this.run.epochs < this.due && performance.now() < until) this.run.epoch();
      if (this.over) return this.finish();
      this.odd = !this.odd;
      if (this.odd && !Live.reduced()) {
        this.draw(this.run);
        this.tell();
      }
      this.frame = requestAnimationFrame((next) => this.slice(next));
      return null;
    }

    finish() {
      this.going = false;
      this.draw(this.run);
      this.tell();
    }

    tell() {
      this.button.textContent = this.over ? this.again : this.going ? "Pause" : "Go on";
      const text = this.run.failed ?? this.said(this.run, this.over);
      if (this.over) this.words.say(text);
      else this.words.show(text);
    }
  }

  // ---- A picture: inputs, hidden neurons as maps, weights as lines, and the map that comes out of them ----

  // Shares from 0 to 1 for the map of a neuron with some activation, whose values may go beyond them.
  const SHARES = {
    sigmoid: () => (value) => value,
    tanh: () => (value) => (value + 1) / 2,
    identity: (values) => aroundZero(values),
    relu: (values) => aroundZero(values),
  };

  const aroundZero = (values) => {
    const largest = Math.max(1e-9, ...values.map(Math.abs));
    return (value) => 0.5 + (0.5 * value) / largest;
  };

  // Every fourth value of a grid, row by row from below.
  const sparse = (n, at) => Array.from({length: TILE * TILE}, (_, p) => {
    const [i, j] = [p % TILE, Math.floor(p / TILE)].map((k) => Math.round((k * (n - 1)) / (TILE - 1)));
    return at(j * n + i);
  });

  class Picture extends Live.LiveMap {
    // label: for screen readers; heights: of the whole, on a wide and on a narrow page; most: layers, inputs included, to leave room
    // for; axes: whether the map has any; named: whether hidden neurons have their names.
    constructor(box, label, {range, heights, most, axes = true, named = false}) {
      super(box, {range, ratio: () => heights[NARROW.matches ? 1 : 0]});
      this.canvas.node.setAttribute("aria-label", label);
      Object.assign(this, {axes, named, most, model: null, tiles: document.createElement("canvas")});
      Object.assign(this.tiles, {width: TILE, height: TILE});
    }

    // model: a network of the engine; layers: functions that draw observations; lines(pen, x, y) draws what else is on the map.
    look(model, layers, lines = () => {}) {
      Object.assign(this, {model, extra: lines});
      this.show(null, {layers});
    }

    scales(width, height) {
      if (this.axes) return super.scales(width, height);
      const [x0, x1, y0, y1] = this.range;
      return [Live.axis(x0, x1, 0, width), Live.axis(y0, y1, height, 0)];
    }

    paint(pen, width, height) {
      if (!this.model) return;
      this.values = predict(this.model, this.points, this.n * this.n);
      const net = this.layout(width, height);
      this.edges(pen, net);
      this.neurons(pen, net);
      const {left, top} = net.map;
      pen.save();
      pen.translate(left, top);
      if (this.axes) super.paint(pen, width - left, height - top);
      else this.bare(pen, width - left, height - top);
      pen.restore();
    }

    // A map that fills its place, without axes.
    bare(pen, width, height) {
      const [x, y] = this.scales(width, height);
      pen.save();
      pen.beginPath();
      pen.roundRect(0, 0, width, height, 8);
      pen.clip();
      this.shades(pen, x, y);
      this.boundary(pen, x, y);
      this.extra(pen, x, y);
      pen.restore();
    }

    // Where things stand: layers from left to right, or from above on a narrow page, and the map after them.
    layout(width, height) {
      const down = NARROW.matches;
      const sizes = [this.model[0].featuresIn, ...this.model.slice(0, -1).map((layer) => layer.featuresOut)];
      const across = down ? width : height; // the extent of a layer
      const tile = Math.min(LARGEST, across / Math.max(...sizes) - 8);
      const deep = down ? 36 + this.most * 62 : 0.44 * width; // that of all layers together
      const first = tile / 2 + (down ? 4 : 24); // room for the names of inputs
      const last = deep - (this.axes ? 16 : 2);
      const place = (along, aside) => (down ? [aside, along] : [along, aside]);
      const spots = sizes.map((size, l) => Array.from({length: size}, (_, i) => place(
        first + (l * (last - first)) / sizes.length,
        across / 2 + (i - (size - 1) / 2) * Math.min(across / size, tile * 2.2))));
      return {down, tile, spots, map: down ? {left: 0, top: deep} : {left: deep, top: 0}, out: place(last, across / 2)};
    }

    // Weights as lines: colour and dash are the sign, the width is the size, as in the figures of the book.
    edges(pen, {down, tile, spots, out}) {
      this.model.forEach((layer, l) => {
        const [weights] = layer.parameters;
        const largest = Math.max(1e-9, ...weights.map(Math.abs));
        const ends = spots[l + 1] ?? [out];
        spots[l].forEach((from, i) => ends.forEach((to, j) => {
          const weight = weights[i * layer.featuresOut + j];
          this.edge(pen, from, to, weight, {largest, down, tile, last: !spots[l + 1]});
        }));
      });
      pen.globalAlpha = 1;
      pen.setLineDash([]);
    }

    edge(pen, [x0, y0], [x1, y1], weight, {largest, down, tile, last}) {
      const positive = Number(weight > 0);
      pen.strokeStyle = Live.look.colours[positive];
      pen.globalAlpha = 0.45 + (0.45 * Math.abs(weight)) / largest;
      pen.lineWidth = 0.5 + (3 * Math.abs(weight)) / largest;
      pen.setLineDash(positive ? [6, 3] : []);
      const [from, to] = [tile / 2, last ? 0 : tile / 2];
      pen.beginPath();
      if (down) vertical(pen, x0, y0 + from, x1, y1 - to);
      else horizontal(pen, x0 + from, y0, x1 - to, y1);
      pen.stroke();
    }

    // Each neuron shows what it makes of the inputs, by the same colours as the map.
    neurons(pen, {tile, spots, out}) {
      const {n, points, model} = this;
      spots.forEach((layer, l) => layer.forEach(([x, y], i) => {
        const before = model[l - 1];
        const values = before ? sparse(n, (p) => before.outputs[p * before.featuresOut + i]) : sparse(n, (p) => points[2 * p + i]);
        const share = before ? SHARES[before.activation](values) : inRange(this.range.slice(2 * i));
        this.tile(pen, values.map(share), x - tile / 2, y - tile / 2, tile);
        if (!before) nameInput(pen, this.titles[i], x - tile / 2 - 4, y + 4);
        else if (this.named) haloed(pen, `h${DIGITS[i]}`, x - tile / 2 + 4, y - tile / 2 + 14);
      }));
      if (this.axes) disc(pen, out);
    }

    tile(pen, shares, left, top, size) {
      const sheet = this.tiles.getContext("2d");
      const image = (this.tileImage ??= sheet.createImageData(TILE, TILE));
      const pixels = new Int32Array(image.data.buffer);
      shares.forEach((share, p) => { pixels[(TILE - 1 - Math.floor(p / TILE)) * TILE + (p % TILE)] = Live.packedColour(share); });
      sheet.putImageData(image, 0, 0);
      pen.drawImage(this.tiles, left, top, size, size);
      pen.lineWidth = 1;
      pen.strokeStyle = "rgba(127,127,127,0.7)";
      pen.strokeRect(left, top, size, size);
    }
  }

  const horizontal = (pen, x0, y0, x1, y1) => {
    pen.moveTo(x0, y0);
    pen.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
  };

  const vertical = (pen, x0, y0, x1, y1) => {
    pen.moveTo(x0, y0);
    pen.bezierCurveTo(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1);
  };

  const nameInput = (pen, text, x, y) => {
    pen.textAlign = "right";
    pen.fillText(text, x, y);
    pen.textAlign = "left";
  };

  // The neuron whose map is the large one, as the book's diagrams draw neurons.
  const disc = (pen, [x, y]) => {
    pen.save();
    pen.fillStyle = "#555555";
    pen.beginPath();
    pen.arc(x, y, 13, 0, 7);
    pen.fill();
    pen.fillStyle = "#ffffff";
    pen.textAlign = "center";
    pen.fillText("ŷ", x, y + 4);
    pen.restore();
  };

  // A name that can be read on every map.
  const haloed = (pen, text, x, y) => {
    pen.save();
    pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
    pen.lineWidth = 3;
    pen.setLineDash([]);
    pen.strokeStyle = HALO;
    pen.strokeText(text, x, y);
    pen.fillStyle = "#333333";
    pen.fillText(text, x, y);
    pen.restore();
  };

  const inRange = ([low, high]) => (value) => (value - low) / (high - low);

  // A function that draws observations as marks, for a picture.
  const marks = (pair, size) => Live.layer(pair, (...mark) => Live.mark(...mark, size));

  Live.inChapters = {Show, Picture, marks, right, count, haloed, DIGITS};
})();
