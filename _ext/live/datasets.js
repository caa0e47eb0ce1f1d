// The data of the playground: the book's own, and some that are drawn here as Python would draw them from the same seed.
//
// Only "engine.js" is needed, and for the book's own data "stage.js". Numbers are rounded to single precision, as torch holds them.
(function () {
  "use strict";
  const {Generator, normal, randperm} = Networks;
  const {PI, cos, sin, sqrt, sign, fround} = Math;
  const LIMITS = {noise: [0, 2], share: [0.1, 0.9], rows: [20, 5000], dataseed: [0, 2 ** 32 - 1]};
  const PLANE = {columns: ["x1", "x2"], label: "y", usual: ["x1", "x2"]};

  // ---- What there is ----

  // Each has a title, and is one of the book's, or has `place(u, v, label)`: where a point of a label lies by two uniform numbers.
  const SETS = {
    moons: {title: "Moons", book: true, ...PLANE, names: ["upper", "lower"]},
    noisy_moons: {title: "Noisy moons", book: true, ...PLANE, names: ["upper", "lower"]},
    anes96: {
      title: "Election study of 1996", book: true, label: "vote", names: ["Clinton", "Dole"], usual: ["selfLR", "ClinLR", "DoleLR"],
      columns: ["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"],
    },
    drawn_moons: {
      title: "Moons, drawn anew", ...PLANE, names: ["upper", "lower"],
      place: (u, v, label) => (label ? [1 - cos(PI * u), 0.5 - sin(PI * u)] : [cos(PI * u), sin(PI * u)]),
    },
    circles: {
      title: "Circles", ...PLANE, names: ["outer", "inner"],
      place: (u, v, label) => around(label ? 0.5 : 1, 2 * PI * u),
    },
    xor: {
      title: "Exclusive or", ...PLANE, names: ["same sign", "other sign"],
      place: (u, v, label) => [2 * u - 1, (label ? -v : v) * sign(2 * u - 1)],
    },
    blobs: {
      title: "Blobs", ...PLANE, names: ["left", "right"],
      place: (u, v, label) => moved(around(0.6 * sqrt(u), 2 * PI * v), label ? [0.8, 0.8] : [-0.8, -0.8]),
    },
    spirals: {
      title: "Spirals", ...PLANE, names: ["one", "other"],
      place: (u, v, label) => arm(0.1 + 0.9 * sqrt(u), 1.25, label / 2),
    },
    three: {
      title: "Pinwheel of three classes", ...PLANE, names: ["first", "second", "third"],
      place: (u, v, label) => arm(0.1 + 0.9 * sqrt(u), 0.5, label / 3),
    },
  };

  const around = (radius, angle) => [radius * cos(angle), radius * sin(angle)];
  const moved = ([x1, x2], [a, b]) => [x1 + a, x2 + b];
  const arm = (radius, turns, start) => around(radius, 2 * PI * (turns * radius + start));

  // Features that are made of the first two columns.
  const ENGINEERED = {
    "x1^2": {title: "x₁²", of: (x1) => x1 * x1},
    "x2^2": {title: "x₂²", of: (x1, x2) => x2 * x2},
    x1x2: {title: "x₁x₂", of: (x1, x2) => x1 * x2},
    sin1: {title: "sin πx₁", of: (x1) => sin(PI * x1)},
    sin2: {title: "sin πx₂", of: (x1, x2) => sin(PI * x2)},
  };

  const title = (feature) => ENGINEERED[feature]?.title ?? {x1: "x₁", x2: "x₂"}[feature] ?? feature;

  // ---- Drawing ----

  // All rows of a set that is drawn, by Python's recipe: two uniform numbers a row, the noise, then a random order of the rows.
  const drawn = ({place, names, columns}, {rows, noise, dataseed}) => {
    const generator = new Generator(dataseed);
    const uniform = Float64Array.from({length: 2 * rows}, () => generator.uniform());
    const errors = normal(2 * rows, 1, generator);
    const order = randperm(rows, generator);
    const all = {inputs: new Float64Array(2 * rows), labels: new Float64Array(rows), rows};
    order.forEach((from, to) => {
      all.labels[to] = from % names.length;
      const point = place(uniform[from], uniform[rows + from], all.labels[to]);
      columns.forEach((_, i) => { all.inputs[2 * to + i] = fround(point[i] + noise * errors[2 * from + i]); });
    });
    return all;
  };

  // Some rows of a pair, from one to before another.
  const slice = ({inputs, labels, rows}, from, to) => {
    const width = inputs.length / rows;
    return {inputs: inputs.slice(from * width, to * width), labels: labels.slice(from, to), rows: to - from};
  };

  // The first rows for training, by their share, and the others for testing; with a share of 1 there are none.
  const split = (all, share) => {
    if (share === 1) return {train: all, evaluation: null, test: null};
    const first = Math.min(all.rows - 1, Math.max(1, Math.round(share * all.rows)));
    return {train: slice(all, 0, first), evaluation: null, test: slice(all, first, all.rows)};
  };

  const ofTheBook = (name, {columns}) =>
    Object.fromEntries(["train", "evaluation", "test"].map((part) => [part, Live.pair(name, part, columns)]));

  // A data set before features are chosen: {name, title, columns, usual, label, classes, names, train, evaluation, test}, or {problem}.
  const raw = (state) => {
    const one = SETS[state.data];
    if (!one) return {problem: `data: expected one of ${Object.keys(SETS).join(", ")}, got “${state.data}”.`};
    const {columns, label, usual, names} = one;
    const shared = {name: state.data, title: one.title, columns, label, usual, names, classes: names.length};
    if (one.book) return {...shared, ...ofTheBook(state.data, one)};
    const whole = {noise: 0.1, share: 0.75, rows: 400, dataseed: 0, ...state};
    const problem = outside(whole);
    return problem ? {problem} : {...shared, ...split(drawn(one, whole), whole.share)};
  };

  // A sentence about the first setting that is no number within its limits, or null.
  const outside = (state) => {
    for (const [name, [low, high]] of Object.entries(LIMITS)) {
      const whole = name === "rows" || name === "dataseed";
      const value = state[name];
      const fits = typeof value === "number" && value >= low && value <= high && (!whole || Number.isInteger(value));
      if (!fits) return `${name}: expected a ${whole ? "whole " : ""}number from ${low} to ${high}, got “${value}”.`;
    }
    return null;
  };

  // ---- Features ----

  // The features of a pair whose inputs are these columns: some of the columns, and what is made of the first two.
  const expand = ({inputs, labels, rows}, features, columns) => {
    const width = columns.length;
    const made = features.map((feature) => {
      const at = columns.indexOf(feature);
      return at >= 0 ? (row) => inputs[row * width + at] : (row) => ENGINEERED[feature].of(inputs[row * width], inputs[row * width + 1]);
    });
    const values = new Float64Array(rows * features.length);
    for (let row = 0; row < rows; row++) made.forEach((of, i) => { values[row * features.length + i] = fround(of(row)); });
    return {inputs: values, labels, rows};
  };

  // Mean and standard deviation (divided by n - 1) of each feature.
  const scaleOf = ({inputs, rows}) => {
    const width = inputs.length / rows;
    const mean = new Float64Array(width);
    const std = new Float64Array(width);
    for (let i = 0; i < width; i++) {
      for (let row = 0; row < rows; row++) mean[i] += inputs[row * width + i] / rows;
      for (let row = 0; row < rows; row++) std[i] += (inputs[row * width + i] - mean[i]) ** 2 / (rows - 1);
      std[i] = sqrt(std[i]);
    }
    return {mean, std};
  };

  const scaled = ({inputs, labels, rows}, {mean, std}) => {
    const width = mean.length;
    return {inputs: inputs.map((value, at) => fround((value - mean[at % width]) / std[at % width])), labels, rows};
  };

  // A list, or a text with commas as in a link.
  const listed = (features) => (typeof features === "string" ? features.split(",").filter(Boolean) : features);

  const wrongFeatures = (features, columns) => {
    const known = [...columns, ...Object.keys(ENGINEERED)];
    const strange = features.find((feature) => !known.includes(feature));
    if (strange !== undefined) return `features: expected some of ${known.join(", ")}, got “${strange}”.`;
    if (new Set(features).size < features.length) return `features: expected each once, got “${features.join(",")}”.`;
    return features.length ? null : "features: expected at least one, got none.";
  };

  // Features chosen from a raw data set, standardised by the training data if that is asked for.
  //
  // Returns {name, title, features, label, classes (how many), names (of classes), columns, raw, scale, standardised, train,
  // evaluation, test, transform}, or {problem}. Pairs have the features as inputs, those in `raw` the columns; transform(pair)
  // takes a pair of columns, such as the points of a grid, to the features that a network gets.
  const prepare = (from, {features: chosen, standardise = false}) => {
    if (from.problem) return from;
    const {columns} = from;
    const features = listed(chosen) ?? from.usual;
    const problem = wrongFeatures(features, columns);
    if (problem) return {problem};
    const scale = scaleOf(expand(from.train, features, columns));
    const constant = features.find((_, i) => !(scale.std[i] > Math.max(1e-12, 1e-6 * Math.abs(scale.mean[i]))));
    if (constant) return {problem: `features: expected values that differ, but all rows for training have the same ${title(constant)}.`};
    const transform = (pair) => {
      const values = expand(pair, features, columns);
      return standardise ? scaled(values, scale) : values;
    };
    const parts = ["train", "evaluation", "test"];
    return {
      ...from, features, transform, scale, standardised: standardise,
      raw: Object.fromEntries(parts.map((part) => [part, from[part]])),
      ...Object.fromEntries(parts.map((part) => [part, from[part] && transform(from[part])])),
    };
  };

  // The data of a state of the playground; `own` is what Live.own.choose returned, and needed where state.data is "own".
  const make = (state, own = null) => {
    if (state.data === "own" && !own) return {problem: "data: expected a file or points of your own, got none yet."};
    return prepare(state.data === "own" ? own : raw(state), state);
  };

  // What there is to choose: [{name, title, drawn (whether noise, share, rows and dataseed matter), columns, usual, names, engineered}].
  const list = Object.entries(SETS).map(([name, {title: text, place, columns, usual, names}]) =>
    ({name, title: text, drawn: Boolean(place), columns, usual, names, engineered: columns.length === 2 ? Object.keys(ENGINEERED) : []}));

  Live.datasets = {list, make, raw, prepare, expand, split, title, LIMITS, engineered: Object.keys(ENGINEERED)};
})();
