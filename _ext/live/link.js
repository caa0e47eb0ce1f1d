// The state of the playground in words: read from the part of an address after #, written into it, and made into a configuration.
//
// Only what differs from the defaults is in a link. What a link gets wrong is replaced by the default, and a sentence says so.
(function (root) {
  "use strict";
  const Live = (root.Live ??= {});

  const DATA = ["moons", "noisy_moons", "anes96", "drawn_moons", "circles", "xor", "blobs", "spirals", "three", "own"];
  const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"];
  const LOSSES = ["bce", "bce_with_logits", "mse", "cross_entropy"];
  const LAST = {mse: "identity", bce: "sigmoid", bce_with_logits: "identity", cross_entropy: "identity"};
  const LAYERS = 6;
  const NEURONS = 8;
  const SEEDS = 2 ** 32 - 1;

  // ---- One kind of value: reads a text, gives undefined if it does not fit, and says what would ----

  const oneOf = (names) => ({
    read: (text) => (names.includes(text) ? text : undefined), write: String, expected: `one of ${names.join(", ")}`,
  });

  const number = (low, high, whole = false) => ({
    read: (text) => {
      const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
      return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
    },
    write: String,
    expected: `a ${whole ? "whole " : ""}number from ${low} to ${high}`,
  });

  const orNone = (kind) => ({
    read: (text) => (text === "none" ? null : kind.read(text)),
    write: (value) => (value === null ? "none" : kind.write(value)),
    expected: `${kind.expected}, or none`,
  });

  // Several words, such as x1,x2^2; a comma within a word is written %2C.
  const words = (fits, expected) => ({
    read: (text) => {
      const found = text === "" ? [] : text.split(",").map((word) => word.replace(/%2C/g, ",").replace(/%25/g, "%"));
      return found.every((word) => word && fits(word)) && new Set(found).size === found.length ? found : undefined;
    },
    write: (found) => found.map((word) => word.replace(/%/g, "%25").replace(/,/g, "%2C")).join(","),
    expected,
  });

  const yesOrNo = {
    read: (text) => ({0: false, 1: true})[text], write: (value) => (value ? "1" : "0"), expected: "0 (no) or 1 (yes)",
  };

  const some = (kind) => ({...kind, read: (text) => (text === "" ? undefined : kind.read(text))});

  const hidden = {
    read: (text) => {
      const sizes = text === "" ? [] : text.split("-").map((part) => (/^[1-9]$/.test(part) ? Number(part) : NaN));
      return sizes.length <= LAYERS && sizes.every((size) => size <= NEURONS) ? sizes : undefined;
    },
    write: (sizes) => sizes.join("-"),
    expected: `at most ${LAYERS} layers of 1 to ${NEURONS} neurons, such as 4-4, or nothing for none`,
  };

  const activations = {
    read: (text) => {
      const found = text === "" ? [] : text.split(",");
      return found.length <= LAYERS && found.every((name) => ACTIVATIONS.includes(name)) ? found : undefined;
    },
    write: (found) => found.join(","),
    expected: `for each hidden layer one of ${ACTIVATIONS.join(", ")}`,
  };

  // What a teacher can hide; the rest of the page stays.
  const HIDEABLE = ["data", "noise", "share", "rows", "dataseed", "features", "hidden", "activations", "loss", "optimiser", "rate",
    "momentum", "decay", "batch", "seed", "std", "shuffle", "epochs", "speed", "test", "weights", "chart", "table", "own", "export",
    "many", "tasks", "link"];

  const two = words((word) => word.length <= 60, "the names of two columns");

  // In the order in which a link has them.
  const KEYS = {
    data: oneOf(DATA),
    noise: number(0, 2),
    share: number(0.1, 0.9),
    rows: number(20, 5000, true),
    dataseed: number(0, SEEDS, true),
    features: some(words((word) => word.length <= 60, "names of features, each once, such as x1,x2,x1^2")),
    standardise: yesOrNo,
    hidden,
    activations,
    loss: oneOf(LOSSES),
    optimiser: oneOf(["sgd", "adam"]),
    rate: number(1e-6, 1e9),
    momentum: number(0, 0.999),
    decay: number(0, 10),
    batch: number(1, 10000, true),
    seed: number(0, SEEDS, true),
    std: number(1e-6, 100),
    shuffle: orNone(number(0, SEEDS, true)),
    epochs: number(1, 100000, true),
    speed: oneOf(["1", "2", "3", "4"]),
    test: yesOrNo,
    map: {...two, read: (text) => (two.read(text)?.length === 2 ? two.read(text) : undefined)},
    hide: words((word) => HIDEABLE.includes(word), `names among ${HIDEABLE.join(", ")}`),
    task: {read: (text) => (/^[\w-]{1,40}$/.test(text) ? text : undefined), write: String, expected: "the name of a task"},
  };

  // Features of null are those that are usual for the data. The first network follows a logit for a while, and then bends.
  const DEFAULTS = {
    data: "moons", noise: 0.1, share: 0.75, rows: 400, dataseed: 0, features: null, standardise: false, hidden: [4, 4],
    activations: ["tanh", "tanh"], loss: "bce", optimiser: "sgd", rate: 0.03, momentum: 0, decay: 0, batch: 8, seed: 1, std: 1,
    shuffle: 1, epochs: 400, speed: "2", test: false, map: null, hide: [], task: null,
  };

  const fresh = () => structuredClone(DEFAULTS);

  // The state in a hash such as "#data=xor&hidden=2", and a sentence for everything in it that makes no sense.
  const read = (hash) => {
    const state = fresh();
    const problems = [];
    const seen = new Set();
    for (const [key, text] of new URLSearchParams(String(hash).replace(/^#/, ""))) {
      const kind = Object.hasOwn(KEYS, key) ? KEYS[key] : null;
      if (!kind) {
        problems.push(`The link sets “${short(key)}”, which the playground does not have.`);
        continue;
      }
      const value = kind.read(text.trim());
      if (value === undefined) problems.push(`The link says ${key}=${short(text)}: expected ${kind.expected}; the usual one is used.`);
      else state[key] = value;
      if (value !== undefined) seen.add(key);
    }
    fit(state, seen, problems);
    return {state, problems};
  };

  const short = (text) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

  // What only makes sense together: as many activations as hidden layers, and a loss for the number of classes.
  const fit = (state, seen, problems) => {
    const {hidden: sizes, activations: names} = state;
    if (names.length !== sizes.length) {
      if (seen.has("activations") && names.length > 1) {
        problems.push(`The link has ${sizes.length} hidden layers and ${names.length} activations: expected as many; `
          + "the last is repeated, or those too many are left out.");
      }
      const last = names[names.length - 1] ?? "sigmoid";
      state.activations = sizes.map((_, i) => names[i] ?? last);
    }
    return state;
  };

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // The hash of a state: only what differs from the defaults, in the order of the defaults.
  const write = (state) => {
    const usual = fresh();
    const found = new URLSearchParams();
    for (const [key, kind] of Object.entries(KEYS)) {
      const implied = key === "activations" && !state.hidden.length;
      if (!same(state[key], usual[key]) && !implied && state[key] !== undefined) found.set(key, kind.write(state[key]));
    }
    // Names of features have signs that may stand in a link as they are.
    const text = found.toString().replace(/%2C/g, ",").replace(/%5E/g, "^");
    return text ? `#${text}` : "";
  };

  // The loss that fits the classes: softmax and its loss for three or more, which the others cannot tell apart.
  const lossFor = (state, classes) => (classes > 2 ? "cross_entropy" : state.loss);

  // The configuration of a run, as the engine and tools.same_in_the_page have it. data: {features (names), classes (how many)}.
  const configuration = (state, {features, classes}) => {
    const loss = lossFor(state, classes);
    const settings = {lr: state.rate, weight_decay: state.decay};
    if (state.optimiser === "sgd") settings.momentum = state.momentum;
    return {
      data: state.data, sizes: [features.length, ...state.hidden, loss === "cross_entropy" ? classes : 1],
      activations: [...state.activations.slice(0, state.hidden.length), LAST[loss]], loss, optimiser: state.optimiser, settings,
      batch_size: state.batch, seed: state.seed, std: state.std, shuffle: state.shuffle, epochs: state.epochs,
    };
  };

  const refit = (state) => fit(state, new Set(), []);

  Live.link = {read, write, configuration, fresh, fit: refit, KEYS, DATA, ACTIVATIONS, LOSSES, HIDEABLE, LAYERS, NEURONS};
})(typeof globalThis === "object" ? globalThis : this);
