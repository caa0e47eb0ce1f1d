// What all live parts of a page share: a run of training, its slices of time, maps, curves and controls.
(function () {
  "use strict";
  const {Generator, Batches, OPTIMISERS, build, initialise, predict, evaluate, gradients, divergence} = Networks;
  const SLICE = 8; // ms of training in each frame, so that the page answers at once
  const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");

  // ---- Data: the book's own, in single precision as torch holds them ----

  const decode = (text) => Float64Array.from(new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer));

  // A part of a data set of the book, such as pair("moons", "train"): inputs, labels and rows, with the columns that are named.
  const pair = (name, part, columns) => {
    const {features, parts} = Live.data[name];
    const {rows, values, labels} = parts[part];
    const all = decode(values);
    const chosen = (columns ?? features).map((column) => features.indexOf(column));
    const inputs = new Float64Array(rows * chosen.length);
    for (let r = 0; r < rows; r++) chosen.forEach((from, i) => { inputs[r * chosen.length + i] = all[r * features.length + from]; });
    return {inputs, labels: decode(labels), rows};
  };

  // ---- A run: a network, its batches and its optimiser, which go on step by step ----

  // config, as tools.same_in_the_page has it: sizes, activations, loss, optimiser, settings (lr, weight_decay, momentum),
  // batch_size, seed, std, shuffle (null for the order of the rows). train, evaluation: pairs {inputs, labels, rows}.
  class Run {
    constructor(config, train, evaluation = null) {
      Object.assign(this, {config, evaluation});
      this.data = train;
      this.model = initialise(build(config.sizes, config.activations), new Generator(config.seed), config.std ?? 1);
      this.batches = new Batches(train, config.batch_size, config.shuffle === null ? null : new Generator(config.shuffle));
      this.optim = new OPTIMISERS[config.optimiser](this.model, config.settings);
      Object.assign(this, {updates: 0, history: [], evaluations: [], failed: null, open: false});
      this.note();
    }

    get epochs() {
      return this.history.length - 1;
    }

    note() {
      this.history.push(evaluate(this.model, this.data, this.config.loss));
      if (this.evaluation) this.evaluations.push(evaluate(this.model, this.evaluation, this.config.loss));
      this.failed = divergence(this.history, this.config.settings.lr);
    }

    // One update; return whether it ended an epoch.
    step() {
      if (!this.open) this.batches.begin();
      const batch = this.batches.next();
      gradients(this.model, batch.inputs, batch.labels, batch.rows, this.config.loss);
      this.optim.step();
      this.updates += 1;
      this.open = this.batches.at < this.batches.rows;
      if (!this.open) this.note();
      return !this.open;
    }

    epoch() {
      while (!this.step());
    }
  }

  // ---- Time: some milliseconds of work in each frame ----

  // Calls work() until it returns false, in slices, at most so many times in each; draw() after each slice, or only at the end where
  // motion is unwelcome.
  const loop = (work, draw, done = () => {}, most = Infinity) => {
    let frame = null;
    let going = true;
    const slice = () => {
      const until = performance.now() + SLICE;
      for (let i = 0; going && i < most && performance.now() < until; i++) going = work() !== false;
      if (!going || !REDUCED.matches) draw();
      if (going) frame = requestAnimationFrame(slice);
      else done();
    };
    frame = requestAnimationFrame(slice);
    return {stop: () => { going = false; cancelAnimationFrame(frame); }};
  };

  // ---- Colours and canvases ----

  const ink = () => {
    const css = getComputedStyle(document.documentElement);
    return css.getPropertyValue("--pst-color-text-base").trim() || "#333";
  };

  // A canvas as wide as its box and `ratio` times as high, sharp on every screen; paint(context, width, height) draws it.
  // Where the height follows another rule, `ratio` is a function from width to height.
  class Canvas {
    constructor(box, label, ratio, paint) {
      this.node = document.createElement("canvas");
      this.node.setAttribute("role", "img");
      this.node.setAttribute("aria-label", label);
      box.append(this.node);
      Object.assign(this, {ratio, paint});
      // Not before the next frame: drawing may change the box's height, of which browsers complain within the same one.
      new ResizeObserver(() => requestAnimationFrame(() => this.draw())).observe(box);
      new MutationObserver(() => this.draw()).observe(document.documentElement, {attributeFilter: ["data-theme"]});
    }

    draw() {
      const {node} = this;
      const width = node.parentElement?.clientWidth; // none if the part was taken off the page
      if (!width) return;
      const height = Math.round(typeof this.ratio === "function" ? this.ratio(width) : width * this.ratio);
      const scale = window.devicePixelRatio || 1;
      if (node.width !== Math.round(width * scale) || node.height !== Math.round(height * scale)) {
        node.width = Math.round(width * scale);
        node.height = Math.round(height * scale);
        node.style.height = `${height}px`;
      }
      const pen = node.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
      pen.fillStyle = ink();
      this.paint(pen, width, height);
    }
  }

  const MARGIN = {left: 46, right: 18, top: 10, bottom: 38};

  // Maps numbers to pixels: an axis from `low` to `high`, on a logarithmic scale if `log`.
  const axis = (low, high, from, to, log = false) => {
    const of = log ? Math.log10 : (value) => value;
    const [a, b] = [of(low), of(high)];
    const at = (value) => from + ((of(Math.max(value, log ? low : -Infinity)) - a) / (b - a)) * (to - from);
    at.back = (pixel) => {
      const value = a + ((pixel - from) / (to - from)) * (b - a);
      return log ? 10 ** value : value;
    };
    return Object.assign(at, {low, high, log, ticks: log ? powers(low, high) : round(low, high)});
  };

  // Some four round numbers between two.
  const round = (low, high) => {
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= rough);
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({length: Math.floor(high / step + 1e-9) - first + 1}, (_, i) => Number(((first + i) * step).toPrecision(6)));
  };

  const powers = (low, high) => {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const digit of high / low > 200 ? [1] : [1, 2, 5]) {
        const value = Number((digit * 10 ** power).toPrecision(3));
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found;
  };

  const frame = (pen, x, y, titles, width, height) => {
    pen.strokeStyle = "rgba(127,127,127,0.25)";
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const tick of x.ticks) {
      line(pen, [[x(tick), y(y.low)], [x(tick), y(y.high)]]);
      pen.fillText(words(tick), x(tick), height - MARGIN.bottom + 16);
    }
    pen.textAlign = "right";
    for (const tick of y.ticks) {
      line(pen, [[x(x.low), y(tick)], [x(x.high), y(tick)]]);
      pen.fillText(words(tick), MARGIN.left - 6, y(tick) + 4);
    }
    pen.textAlign = "center";
    pen.fillText(titles[0], (x(x.low) + x(x.high)) / 2, height - 6);
    pen.save();
    pen.translate(12, (y(y.low) + y(y.high)) / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(titles[1], 0, 0);
    pen.restore();
    pen.textAlign = "left";
  };

  const words = (number) => String(number).replace("-", "−");

  const line = (pen, points) => {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  };

  // A mark of a class: circle, diamond, square, cross; shapes and colours are those of the book's figures.
  const mark = (pen, x, y, kind, size = 3.5) => {
    pen.fillStyle = Live.look.colours[kind];
    pen.strokeStyle = "rgba(255,255,255,0.7)";
    pen.lineWidth = 0.7;
    shape(pen, x, y, kind, size);
    pen.fill();
    pen.stroke();
  };

  // The same, hollow: data that the network is not trained on.
  const hollow = (pen, x, y, kind, size = 2.8) => {
    pen.strokeStyle = Live.look.colours[kind];
    pen.lineWidth = 1.4;
    shape(pen, x, y, kind, size);
    pen.stroke();
  };

  const shape = (pen, x, y, kind, size) => {
    pen.beginPath();
    if (kind === 0) pen.arc(x, y, size, 0, 7);
    else if (kind === 1) [[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]].forEach(([a, b]) => pen.lineTo(x + a * size, y + b * size));
    else if (kind === 2) pen.rect(x - size, y - size, 2 * size, 2 * size);
    else [[-0.4, -1.3], [0.4, -1.3], [0.4, -0.4], [1.3, -0.4], [1.3, 0.4], [0.4, 0.4], [0.4, 1.3], [-0.4, 1.3], [-0.4, 0.4], [-1.3, 0.4],
      [-1.3, -0.4], [-0.4, -0.4]].forEach(([a, b]) => pen.lineTo(x + a * size, y + b * size));
    pen.closePath();
  };

  // A layer of a map: the rows of a pair, each drawn as a mark of its class.
  const layer = (pair, draw) => (pen, x, y) => {
    for (let r = 0; pair && r < pair.rows; r++) draw(pen, x(pair.inputs[2 * r]), y(pair.inputs[2 * r + 1]), pair.labels[r]);
  };

  // ---- A map: what a network predicts over two inputs, its line at 50 percent, and the data ----

  const hex = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));

  // The colour of a share from 0 to 1: from that of label 0 over near white to that of label 1.
  const shade = (share) => {
    const [low, middle, high] = Live.look.pale.map(hex);
    const [from, to, way] = share < 0.5 ? [low, middle, 2 * share] : [middle, high, 2 * share - 1];
    return from.map((one, i) => one + Math.min(1, Math.max(0, way)) * (to[i] - one));
  };

  // Points (n * n, 2) of a grid over the range [x low, x high, y low, y high], row by row from below.
  const grid = ([x0, x1, y0, y1], n) => {
    const points = new Float64Array(2 * n * n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) points.set([x0 + ((x1 - x0) * i) / (n - 1), y0 + ((y1 - y0) * j) / (n - 1)], 2 * (j * n + i));
    }
    return points;
  };

  // The range of two columns, with the room that the book's figures leave.
  const rangeOf = ({inputs, rows}, width = 2, columns = [0, 1]) => columns.flatMap((column) => {
    const values = Array.from({length: rows}, (_, r) => inputs[r * width + column]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = 0.15 * (high - low);
    return [low - room, high + room];
  });

  class Plane {
    // More than two classes: `values` (n * n) holds the number of the class plus how sure it is is not drawn; see drawClasses.
    constructor(box, label, {range, titles = ["x₁", "x₂"], n = 60, ratio = 0.95}) {
      Object.assign(this, {range, titles, n, data: null, values: null, colour: shade, extra: () => {}});
      this.points = grid(range, n);
      this.sheet = document.createElement("canvas");
      this.sheet.width = this.sheet.height = n;
      this.canvas = new Canvas(box, label, ratio, (pen, width, height) => this.paint(pen, width, height));
    }

    // values: Float64Array (n * n), shares from 0 to 1; data: {inputs (rows, 2), labels, rows}.
    draw(values, data = this.data) {
      Object.assign(this, {values, data});
      this.canvas.draw();
    }

    scales(width, height) {
      const [x0, x1, y0, y1] = this.range;
      return [axis(x0, x1, MARGIN.left, width - MARGIN.right), axis(y0, y1, height - MARGIN.bottom, MARGIN.top)];
    }

    paint(pen, width, height) {
      const [x, y] = this.scales(width, height);
      if (this.values) this.shades(pen, x, y);
      frame(pen, x, y, this.titles, width, height);
      if (this.values) this.boundary(pen, x, y);
      const {data} = this;
      for (let r = 0; data && r < data.rows; r++) mark(pen, x(data.inputs[2 * r]), y(data.inputs[2 * r + 1]), data.labels[r]);
      this.extra(pen, x, y);
    }

    shades(pen, x, y) {
      const {n, values} = this;
      const sheet = this.sheet.getContext("2d");
      const image = sheet.createImageData(n, n);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) image.data.set([...this.colour(values[j * n + i]), 255], 4 * ((n - 1 - j) * n + i));
      }
      sheet.putImageData(image, 0, 0);
      const [wide, high] = [x(x.high) - x(x.low), y(y.low) - y(y.high)];
      const [dx, dy] = [wide / (n - 1) / 2, high / (n - 1) / 2];
      pen.save();
      pen.beginPath();
      pen.rect(x(x.low), y(y.high), wide, high);
      pen.clip();
      pen.drawImage(this.sheet, x(x.low) - dx, y(y.high) - dy, wide + 2 * dx, high + 2 * dy);
      pen.restore();
    }

    // The line at 50 percent: within each cell of the grid, straight between the sides that it crosses.
    boundary(pen, x, y, share = 0.5) {
      const {n, values, range: [x0, x1, y0, y1]} = this;
      const place = (i, j) => [x(x0 + ((x1 - x0) * i) / (n - 1)), y(y0 + ((y1 - y0) * j) / (n - 1))];
      pen.strokeStyle = "#222222";
      pen.lineWidth = 2;
      pen.beginPath();
      for (let j = 0; j + 1 < n; j++) {
        for (let i = 0; i + 1 < n; i++) {
          const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
          const heights = corners.map(([a, b]) => values[b * n + a] - share);
          const ends = [];
          for (let c = 0; c < 4; c++) {
            const [one, other] = [heights[c], heights[(c + 1) % 4]];
            if (one > 0 === other > 0) continue;
            const way = one / (one - other);
            const [[a, b], [d, e]] = [corners[c], corners[(c + 1) % 4]];
            ends.push(place(a + way * (d - a), b + way * (e - b)));
          }
          for (let k = 0; k + 1 < ends.length; k += 2) {
            pen.moveTo(...ends[k]);
            pen.lineTo(...ends[k + 1]);
          }
        }
      }
      pen.stroke();
    }
  }

  // ---- Curves over epochs, labelled where they end ----

  class Chart {
    // titles: of x and y; x, y: [low, high]; lines by draw: {values, name, style (0 to 3), faint, every (epochs between values)}.
    constructor(box, label, {titles, x, y, log = false, ratio = 0.95}) {
      Object.assign(this, {titles, x, y, log, lines: [], extra: () => {}});
      this.canvas = new Canvas(box, label, ratio, (pen, width, height) => this.paint(pen, width, height));
    }

    draw(lines) {
      this.lines = lines;
      this.canvas.draw();
    }

    paint(pen, width, height) {
      const x = axis(...this.x, MARGIN.left, width - MARGIN.right);
      const y = axis(...this.y, height - MARGIN.bottom, MARGIN.top, this.log);
      frame(pen, x, y, this.titles, width, height);
      pen.save();
      pen.beginPath();
      pen.rect(x(x.low), 0, x(x.high) - x(x.low) + 2, height - MARGIN.bottom);
      pen.clip();
      this.lines.forEach((one) => this.stroke(pen, x, y, one));
      pen.restore();
      this.lines.forEach((one) => this.label(pen, x, y, one));
      this.extra(pen, x, y);
    }

    stroke(pen, x, y, {values, style = 0, faint = false, every = 1}) {
      const stride = Math.max(1, Math.floor(values.length / 600)); // no screen shows more
      const points = [];
      for (let i = 0; i < values.length; i += stride) points.push([x(i * every), y(values[i])]);
      if (values.length) points.push([x((values.length - 1) * every), y(values[values.length - 1])]);
      pen.strokeStyle = faint ? "rgba(127,127,127,0.55)" : Live.look.colours[style];
      pen.lineWidth = faint ? 6 : 2;
      pen.setLineDash(faint ? [] : [[], [7, 4], [2, 3], [7, 3, 2, 3]][style]);
      line(pen, points);
      pen.setLineDash([]);
    }

    label(pen, x, y, {values, name, style = 0, faint = false, every = 1, below = false}) {
      if (!name || !values.length) return;
      const last = values.length - 1;
      const right = x(last * every) > x(x.high) - 90;
      pen.textAlign = right ? "right" : "left";
      pen.fillStyle = faint ? Live.look.grey : Live.look.colours[style];
      pen.fillText(name, x(last * every) + (right ? 0 : 6), y(Math.min(values[last], y.high)) + (below ? 18 : -8));
      pen.textAlign = "left";
    }
  }

  // ---- Words and controls ----

  const element = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== false && value !== null) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  };

  // A line of words for everybody; screen readers hear it at most once a second, and always its last version.
  const teller = (box) => {
    const shown = element("p", {class: "live-said"});
    const heard = element("p", {class: "visually-hidden", "aria-live": "polite"});
    let timer = null;
    box.append(shown, heard);
    return (text) => {
      shown.textContent = text;
      timer ??= setTimeout(() => {
        timer = null;
        heard.textContent = shown.textContent;
      }, 1000);
    };
  };

  const button = (text, press, more = {}) => element("button", {type: "button", onclick: press, ...more}, text);

  // A labelled choice; options: texts, or pairs [value, text]. change(value) hears what was chosen.
  const choice = (name, options, value, change) => {
    const pairs = options.map((one) => (Array.isArray(one) ? one : [one, one]));
    const input = element("select", {onchange: () => change(input.value)},
      ...pairs.map(([key, text]) => element("option", {value: key, selected: String(key) === String(value)}, String(text))));
    return Object.assign(element("label", {class: "live-control"}, element("span", {}, name), input), {input});
  };

  // A labelled number; what is no number from low to high (whole, if so said) is refused in a sentence.
  const number = (name, {low, high, whole = false, value}, change) => {
    const wrong = element("span", {class: "live-wrong", role: "alert"});
    const input = element("input", {type: "text", inputmode: "decimal", value: String(value), onchange: () => {
      const given = Number(input.value.trim().replace(",", "."));
      const fits = input.value.trim() !== "" && given >= low && given <= high && (!whole || Number.isInteger(given));
      wrong.textContent = fits ? "" : `${name}: expected a ${whole ? "whole " : ""}number from ${low} to ${high}, got “${input.value}”.`;
      input.setAttribute("aria-invalid", String(!fits));
      if (fits) change(given);
    }});
    return Object.assign(element("label", {class: "live-control"}, element("span", {}, name), input, wrong), {input});
  };

  // A labelled slider; show(value) says its value in words.
  const slider = (name, {low, high, step, value, show = String}, change) => {
    const output = element("span", {}, show(value)); // an <output> would take the label for itself
    const input = element("input", {type: "range", min: low, max: high, step, value, "aria-valuetext": show(value), oninput: () => {
      output.textContent = show(Number(input.value));
      input.setAttribute("aria-valuetext", show(Number(input.value)));
      change(Number(input.value));
    }});
    return Object.assign(element("label", {class: "live-control"}, element("span", {}, name, " ", output), input), {input, output});
  };

  const small = (number) => (number === 0 ? "0" : number >= 0.001 ? number.toFixed(4) : number.toFixed(Math.min(12, 1 - Math.floor(Math.log10(number)))));

  Object.assign(Live, {
    pair, Run, loop, reduced: () => REDUCED.matches, Canvas, Plane, Chart, axis, frame, line, mark, hollow, layer, shade, grid, rangeOf, ink, MARGIN,
    element, teller, button, choice, number, slider, small, predict,
  });
})();
