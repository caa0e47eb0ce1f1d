// What a reader takes along from the playground: the code in this book's PyTorch, the weights, the data, and the picture.
//
// "datasets.js" makes the data that this writes as code; texts only, nothing is saved here.
(function () {
  "use strict";
  const {fround} = Math;
  const INLINE = 300; // rows; more are in a file beside the code
  const FILE = "data.csv";
  const CLASSES = {sigmoid: "nn.Sigmoid", tanh: "nn.Tanh", relu: "nn.ReLU", leaky_relu: "nn.LeakyReLU"};
  const LOSSES = {mse: "nn.MSELoss", bce: "nn.BCELoss", bce_with_logits: "nn.BCEWithLogitsLoss", cross_entropy: "nn.CrossEntropyLoss"};
  const OPTIMISERS = {sgd: "torch.optim.SGD", adam: "torch.optim.Adam"};

  const text = (word) => JSON.stringify(word);
  const listOf = (words) => `[${words.map(text).join(", ")}]`;

  // A call on one line, or, where that gets long, with an argument on each.
  const call = (start, given, end = ")") => {
    const short = `${start}${given.join(", ")}${end}`;
    return short.length < 80 ? [short] : [start, ...given.map((one) => `    ${one},`), end];
  };

  // ---- Data as text ----

  // The shortest decimal that single precision reads as this number.
  const shortest = (value) => {
    for (let digits = 1; digits < 10; digits++) {
      const found = Number(value.toPrecision(digits));
      if (fround(found) === fround(value)) return String(found);
    }
    return String(value);
  };

  const quoted = (name) => (/[",\n\r]|^\s|\s$/.test(name) ? `"${name.replace(/"/g, '""')}"` : name);

  // The book's data have a column `split`, so no other may have this name.
  const column = (name) => (name === "split" ? "split_" : name);

  // All rows as a CSV: the columns, the label (0, 1, ...) and the split.
  const csv = ({raw, columns, label}) => {
    const lines = [[...columns, label].map(column).concat("split").map(quoted).join(",")];
    for (const part of ["train", "evaluation", "test"]) {
      const {inputs, labels, rows} = raw[part] ?? {rows: 0};
      for (let row = 0; row < rows; row++) {
        const values = Array.from(inputs.subarray(row * columns.length, (row + 1) * columns.length), shortest);
        lines.push([...values, labels[row], part].join(","));
      }
    }
    return `${lines.join("\n")}\n`;
  };

  const rowsOf = ({raw}) => raw.train.rows + (raw.evaluation?.rows ?? 0) + (raw.test?.rows ?? 0);

  // The file that the code reads, {name, text}, or null if it needs none.
  const file = (data) => (data.name === "own" && rowsOf(data) > INLINE ? {name: FILE, text: csv(data)} : null);

  // ---- Data as code ----

  // Where the points of a set lie before noise, as in datasets.js, from the uniform numbers u and v.
  const ARM = (turns, classes) => [
    "radius = 0.1 + 0.9 * u.sqrt()",
    `angle = 2 * math.pi * (${turns} * radius + y / ${classes})`,
    "x1, x2 = radius * angle.cos(), radius * angle.sin()",
  ];
  const PLACES = {
    drawn_moons: [
      "angle = math.pi * u",
      "x1 = torch.where(y == 1, 1 - angle.cos(), angle.cos())",
      "x2 = torch.where(y == 1, 0.5 - angle.sin(), angle.sin())",
    ],
    circles: [
      "radius, angle = torch.where(y == 1, 0.5, 1.0), 2 * math.pi * u",
      "x1, x2 = radius * angle.cos(), radius * angle.sin()",
    ],
    xor: [
      "x1 = 2 * u - 1",
      "x2 = torch.where(y == 1, -v, v) * x1.sign()",
    ],
    blobs: [
      "radius, angle, centre = 0.6 * u.sqrt(), 2 * math.pi * v, 0.8 * (2 * y - 1)",
      "x1, x2 = centre + radius * angle.cos(), centre + radius * angle.sin()",
    ],
    spirals: ARM(1.25, 2),
    three: ARM(0.5, 3),
  };

  // The table's name in the code: for the book's data that of the chapters.
  const nameOf = ({name}) => ({moons: "moons", noisy_moons: "moons", anes96: "anes"}[name] ?? "frame");

  const drawn = (state, {name, classes, train, test}) => {
    const {noise = 0.1, dataseed = 0} = state;
    const rows = train.rows + test.rows;
    return [
      `generator = torch.Generator().manual_seed(${dataseed})`,
      `u, v = torch.rand(2, ${rows}, dtype=torch.float64, generator=generator)`,
      `noise = ${noise} * torch.randn(${rows}, 2, generator=generator).double()`,
      `order = torch.randperm(${rows}, generator=generator)`,
      `y = (torch.arange(${rows}) % ${classes}).double()`,
      ...PLACES[name],
      "points = torch.stack([x1 + noise[:, 0], x2 + noise[:, 1], y], dim=1)[order]",
      'frame = pd.DataFrame(points.numpy(), columns=["x1", "x2", "y"])',
      `frame["split"] = ${train.rows} * ["train"] + ${test.rows} * ["test"]`,
    ];
  };

  const inline = (data) => [
    `text = """\\`, ...csv(data).trimEnd().replace(/\\/g, "\\\\").replace(/"/g, '\\"').split("\n"), `"""`,
    "frame = pd.read_csv(io.StringIO(text))",
  ];

  const table = (state, data) => {
    if (PLACES[data.name]) return drawn(state, data);
    if (data.name !== "own") return [`${nameOf(data)} = pd.read_csv("../data/${data.name}.csv")`];
    return file(data) ? [`frame = pd.read_csv("${FILE}")  # which the page saves`] : inline(data);
  };

  const ENGINEERED = {
    "x1^2": (x1) => `${x1} ** 2`,
    "x2^2": (x1, x2) => `${x2} ** 2`,
    x1x2: (x1, x2) => `${x1} * ${x2}`,
    sin1: (x1) => `np.sin(np.pi * ${x1})`,
    sin2: (x1, x2) => `np.sin(np.pi * ${x2})`,
  };

  const made = ({features, columns}) => features.filter((feature) => !columns.includes(feature));

  const engineered = (data) => {
    const frame = nameOf(data);
    const [x1, x2] = data.columns.map((name) => `${frame}[${text(column(name))}]`);
    return made(data).map((feature) => `${frame}[${text(feature)}] = ${ENGINEERED[feature](x1, x2)}`);
  };

  const parts = (data, {loss}) => [
    ...call("parts = splits(", [nameOf(data), `inputs=${listOf(data.features.map(column))}`, `labels=${listOf([column(data.label)])}`]),
    ...(loss === "cross_entropy" ? [
      "for name, (inputs, labels) in parts.items():",
      "    parts[name] = inputs, labels.flatten().long()  # numbers of classes",
    ] : []),
  ];

  // ---- The network and its training as code ----

  const layers = ({sizes, activations}) => activations.map((activation, i) => {
    const shape = `${sizes[i]}, ${sizes[i + 1]}`;
    if (activation === "identity") return `SimpleLinearNN(${shape})`;
    return activation === "sigmoid" ? `Perceptron(${shape})` : `Perceptron(${shape}, ${CLASSES[activation]})`;
  });

  const network = (configuration, {standardised}) => [
    ...call("network = nn.Sequential(", [...(standardised ? ['Standardise(parts["train"][0])'] : []), ...layers(configuration)]),
    ...call("initialise(", ["network", `seed=${configuration.seed}`, ...optional("std", configuration.std, 1)]),
  ];

  const optional = (name, value, usual) => ((value ?? usual) === usual ? [] : [`${name}=${value}`]);

  const training = ({loss, optimiser, settings, batch_size: size, shuffle, epochs}, heldOut) => [
    ...call("data = Batches(", ['parts["train"]', `batch_size=${size}`, ...optional("seed", shuffle, null)]),
    `loss_fn = ${LOSSES[loss]}()`,
    ...call(`optim = ${OPTIMISERS[optimiser]}(`, ["network.parameters()", `lr=${settings.lr}`,
      ...optional("momentum", settings.momentum, 0), ...optional("weight_decay", settings.weight_decay, 0)]),
    ...call("history = train(", ["network", "data", "loss_fn", "optim", `epochs=${epochs}`]),
    'print(f"loss on training data: {history.loss.iloc[-1]:.6f}")',
    ...(heldOut ? [
      'test_loss = evaluate(network, parts["test"], loss_fn)',
      'print(f"loss on test data: {test_loss:.6f}")',
    ] : []),
  ];

  const imports = (state, data, configuration) => {
    const lines = table(state, data).concat(engineered(data)).join("\n");
    const linear = configuration.activations.includes("identity");
    const models = [
      ...(configuration.activations.some((name) => name !== "identity") ? ["Perceptron"] : []), ...(linear ? ["SimpleLinearNN"] : []),
      ...(data.standardised ? ["Standardise"] : []), "initialise",
    ];
    return [
      ...(data.name === "own" && !file(data) ? ["import io"] : []), ...(PLACES[data.name] ? ["import math"] : []),
      ...(lines.includes("np.sin(") ? ["import numpy as np"] : []), "import pandas as pd", "import torch", "from torch import nn",
      "from lib.data import splits", `from lib.models import ${models.join(", ")}`,
      `from lib.training import Batches, ${data.test ? "evaluate, " : ""}train`,
    ];
  };

  // The program that trains this network to the page's numbers; configuration.epochs says for how long.
  const code = (state, configuration, data) => [
    "# Run this in the folder chapters/ of the book: it trains to the same loss as the page.",
    ...imports(state, data, configuration), "",
    ...table(state, data), ...engineered(data), ...parts(data, configuration), "",
    ...network(configuration, data), ...training(configuration, data.test), "",
    "# The weights that the page saves fit this network, too:",
    "# import json, pathlib",
    '# weights = json.loads(pathlib.Path("weights.json").read_text())',
    "# weights = {name: torch.tensor(values) for name, values in weights.items()}",
    "# network.load_state_dict(weights)", "",
  ].join("\n");

  // ---- Weights ----

  // Values (rows, width) as nested lists.
  const nested = (values, width) =>
    Array.from({length: values.length / width}, (_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));

  // All parameters of a model by their names in the code, as JSON; with the layer Standardise, if the data are standardised.
  const weights = (model, data = null) => {
    const found = data?.standardised ? {"0.mean": nested(data.scale.mean, data.scale.mean.length),
      "0.std": nested(data.scale.std, data.scale.std.length)} : {};
    const first = data?.standardised ? 1 : 0;
    model.forEach(({parameters: [matrix, bias], featuresOut}, l) => {
      found[`${first + l}.weights`] = nested(matrix, featuresOut);
      found[`${first + l}.bias`] = nested(bias, featuresOut);
    });
    return JSON.stringify(found);
  };

  // ---- The picture: what is drawn on a canvas, written as SVG ----

  const ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g; // which XML cannot hold
  const safe = (words) => String(words).replace(CONTROL, "").replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
  const places = (number) => Number(number.toFixed(2));

  // Takes what a canvas's pen is told, and writes it down.
  class Pen {
    constructor() {
      Object.assign(this, {
        out: [], clips: [], path: "", open: 0, stack: [], groups: 0, dash: [], fillStyle: "#222222", strokeStyle: "#222222", lineWidth: 1,
        textAlign: "left", textBaseline: "alphabetic", globalAlpha: 1, lineCap: "butt", lineJoin: "miter",
        font: "13px system-ui, sans-serif",
      });
    }

    save() {
      const {fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, globalAlpha, lineCap, lineJoin, font, dash, groups} = this;
      this.stack.push({fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, globalAlpha, lineCap, lineJoin, font, dash, groups});
      this.groups = 0;
    }

    restore() {
      this.out.push("</g>".repeat(this.groups));
      Object.assign(this, this.stack.pop());
    }

    group(attributes) {
      this.out.push(`<g ${attributes}>`);
      this.groups += 1;
    }

    translate(x, y) {
      this.group(`transform="translate(${places(x)} ${places(y)})"`);
    }

    rotate(angle) {
      this.group(`transform="rotate(${places((angle * 180) / Math.PI)})"`);
    }

    clip() {
      this.clips.push(this.path);
      this.group(`clip-path="url(#clip${this.clips.length})"`);
    }

    setLineDash(dash) {
      this.dash = dash;
    }

    beginPath() {
      this.path = "";
    }

    moveTo(x, y) {
      this.path += `M${places(x)} ${places(y)}`;
    }

    lineTo(x, y) {
      this.path += `${this.path ? "L" : "M"}${places(x)} ${places(y)}`;
    }

    quadraticCurveTo(a, b, x, y) {
      this.path += `Q${[a, b, x, y].map(places).join(" ")}`;
    }

    bezierCurveTo(a, b, c, d, x, y) {
      this.path += `C${[a, b, c, d, x, y].map(places).join(" ")}`;
    }

    rect(x, y, width, height) {
      this.path += `M${places(x)} ${places(y)}h${places(width)}v${places(height)}h${places(-width)}Z`;
    }

    // Whole circles are drawn in two halves.
    arc(x, y, radius, from, to) {
      const whole = to - from >= 2 * Math.PI;
      const ends = whole ? [from + Math.PI, from + 2 * Math.PI] : [to];
      const at = (angle) => `${places(x + radius * Math.cos(angle))} ${places(y + radius * Math.sin(angle))}`;
      this.path += `${this.path && !whole ? "L" : "M"}${at(from)}`;
      for (const end of ends) this.path += `A${places(radius)} ${places(radius)} 0 ${!whole && to - from > Math.PI ? 1 : 0} 1 ${at(end)}`;
    }

    closePath() {
      if (this.path && !this.path.endsWith("Z")) this.path += "Z";
    }

    alpha() {
      return this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : "";
    }

    line() {
      const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
      const ends = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
      const joins = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
      return `stroke="${safe(this.strokeStyle)}" stroke-width="${this.lineWidth}"${dash}${ends}${joins}${this.alpha()}`;
    }

    fill() {
      if (this.path) this.out.push(`<path d="${this.path}" fill="${safe(this.fillStyle)}"${this.alpha()}/>`);
    }

    stroke() {
      if (this.path) this.out.push(`<path d="${this.path}" fill="none" ${this.line()}/>`);
    }

    fillRect(...where) {
      this.beginPath();
      this.rect(...where);
      this.fill();
    }

    strokeRect(...where) {
      this.beginPath();
      this.rect(...where);
      this.stroke();
    }

    clearRect() {} // the paper is empty

    words(written, x, y, how) {
      const anchor = {center: "middle", right: "end", end: "end"}[this.textAlign] ?? "start";
      const baseline = {middle: "central", top: "hanging"}[this.textBaseline];
      const [, weight, size] = /^(.*?)([\d.]+)px/.exec(this.font) ?? [null, "", 13];
      this.out.push(`<text x="${places(x)}" y="${places(y)}" text-anchor="${anchor}" font-size="${size}"`
        + `${/bold|[6-9]00/.test(weight) ? ' font-weight="bold"' : ""}${baseline ? ` dominant-baseline="${baseline}"` : ""} ${how}>`
        + `${safe(written)}</text>`);
    }

    fillText(written, x, y) {
      this.words(written, x, y, `fill="${safe(this.fillStyle)}"${this.alpha()}`);
    }

    strokeText(written, x, y) {
      this.words(written, x, y, `fill="none" ${this.line()}`);
    }

    measureText(written) {
      return {width: 0.55 * (parseFloat(/([\d.]+)px/.exec(this.font)?.[1] ?? 13)) * String(written).length};
    }

    // An image from a small canvas, of which the browser makes a PNG.
    drawImage(image, x, y, width, height) {
      this.out.push(`<image x="${places(x)}" y="${places(y)}" width="${places(width)}" height="${places(height)}" `
        + `preserveAspectRatio="none" href="${image.toDataURL("image/png")}"/>`);
    }
  }

  // A plane or a chart of "stage.js" as the text of an SVG, on white paper; its name is that of the canvas.
  const picture = (plane, width = 480) => {
    const height = Math.round(width * plane.canvas.ratio);
    const pen = new Pen();
    plane.paint(pen, width, height);
    const name = safe(plane.canvas.node?.getAttribute("aria-label") ?? "");
    const clips = pen.clips.map((path, i) => `<clipPath id="clip${i + 1}"><path d="${path}"/></clipPath>`).join("");
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" `
        + 'font-family="system-ui, sans-serif">',
      `<title>${name}</title>`, `<defs>${clips}</defs>`, `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
      ...pen.out, "</g>".repeat(pen.groups), "</svg>", "",
    ].join("\n");
  };

  Live.exports = {code, csv, file, weights, picture, Pen};
})();
