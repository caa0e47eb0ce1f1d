// The controls of the playground: data, network and training, each under the name that a teacher can hide it by.
(function () {
  "use strict";
  const {element, button, choice, number, slider} = Live;
  const {LAYERS, NEURONS} = Live.link;

  const ACTIVATIONS = [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"], ["leaky_relu", "leaky ReLU"], ["identity", "none"]];
  const LOSSES = [["bce", "cross-entropy"], ["bce_with_logits", "the same, of logits"], ["mse", "squared error"],
    ["cross_entropy", "softmax"]];

  // Sets whose columns have different units; the book's chapters standardise them, too.
  const STANDARDISED = ["anes96", "own"];

  // A control under the name by which it is hidden and found again.
  const named = (name, node) => {
    node.dataset.control = name;
    return node;
  };

  const group = (title, ...nodes) =>
    element("fieldset", {class: "live-group"}, element("legend", {}, title), element("div", {class: "live-row"}, ...nodes.filter(Boolean)));

  const tick = (text, value, change) => {
    const input = element("input", {type: "checkbox", checked: value, onchange: () => change(input.checked)});
    return element("label", {class: "live-check"}, input, element("span", {}, text));
  };

  const check = (name, text, value, change) => named(name, tick(text, value, change));

  // Buttons that make a number smaller and larger, with what they change in between.
  const stepper = (name, value, [low, high], change) => element("span", {class: "live-stepper", role: "group", "aria-label": name},
    button("−", () => change(value - 1), {"aria-label": `Fewer: ${name}`, disabled: value <= low}),
    element("output", {}, String(value)),
    button("+", () => change(value + 1), {"aria-label": `More: ${name}`, disabled: value >= high}));

  // ---- Data ----

  const dataGroup = (state, data, change, own) => {
    const {list, title} = Live.datasets;
    const one = list.find(({name}) => name === state.data);
    const sets = [...list.map(({name, title: text}) => [name, text]), ...(own || state.data === "own" ? [["own", "Your own"]] : [])];
    const drawn = one?.drawn;
    return group("Data",
      named("data", choice("Data set", sets, state.data, (value) =>
        change({data: value, features: null, map: null, standardise: STANDARDISED.includes(value)}))),
      drawn && named("noise", slider("Noise", {low: 0, high: 1, step: 0.05, value: state.noise, show: (v) => v.toFixed(2)},
        (value) => change({noise: value}))),
      (drawn || state.data === "own") && named("share", slider("For training", {low: 0.1, high: 0.9, step: 0.05, value: state.share,
        show: (v) => `${Math.round(100 * v)} %`}, (value) => change({share: value}))),
      drawn && named("rows", number("Rows", {low: 20, high: 5000, whole: true, value: state.rows}, (value) => change({rows: value}))),
      (drawn || state.data === "own") && named("dataseed", number("Seed of the data",
        {low: 0, high: 2 ** 32 - 1, whole: true, value: state.dataseed}, (value) => change({dataseed: value}))),
      named("features", element("div", {class: "live-features", role: "group", "aria-label": "Features"}, element("span", {}, "Features"),
        ...possible(data, one).map((feature) => toggle(title(feature), data.features.includes(feature),
          (on) => change({features: chosen(data, one, feature, on)}), data.features.length === 1)))),
      data.columns.length > 2 && named("map", mapChoice(state, data, change)),
      check("standardise", "standardised", state.standardise, (value) => change({standardise: value})));
  };

  const possible = (data, one) => [...data.columns, ...(data.columns.length === 2 ? one?.engineered ?? Live.datasets.engineered : [])];

  const chosen = (data, one, feature, on) => possible(data, one).filter((name) => (name === feature ? on : data.features.includes(name)));

  // The last feature cannot be taken away.
  const toggle = (text, on, change, last) =>
    button(text, () => change(!on), {"aria-pressed": String(on), class: "live-toggle", disabled: on && last});

  const mapChoice = (state, data, change) => {
    const [across, up] = state.map ?? data.columns;
    const pairs = data.columns.map((name) => [name, name]);
    const others = (name) => data.columns.find((column) => column !== name);
    return element("div", {class: "live-row"},
      choice("Map: across", pairs, across, (value) => change({map: [value, value === up ? others(value) : up]})),
      choice("Map: upwards", pairs, up, (value) => change({map: [value === across ? others(value) : across, value]})));
  };

  // ---- Network ----

  const networkGroup = (state, change) => group("Network",
    named("hidden", element("div", {class: "live-control"}, element("span", {}, "Hidden layers"),
      stepper("hidden layers", state.hidden.length, [0, LAYERS], (count) => change(resized(state, count))))),
    ...state.hidden.map((size, i) => layerCard(state, size, i, change)));

  // Another number of layers: the last is repeated, or taken away.
  const resized = ({hidden, activations}, count) => ({
    hidden: Array.from({length: count}, (_, i) => hidden[i] ?? hidden[hidden.length - 1] ?? 4),
    activations: Array.from({length: count}, (_, i) => activations[i] ?? activations[activations.length - 1] ?? "tanh"),
  });

  const layerCard = (state, size, i, change) => {
    const put = (list, value) => list.map((one, at) => (at === i ? value : one));
    return element("div", {class: "live-layer", role: "group", "aria-label": `Hidden layer ${i + 1}`},
      named("hidden", element("div", {class: "live-control"}, element("span", {}, `Layer ${i + 1}`),
        stepper(`neurons of layer ${i + 1}`, size, [1, NEURONS], (value) => change({hidden: put(state.hidden, value)})))),
      named("activations", choice("Activation", ACTIVATIONS, state.activations[i],
        (value) => change({activations: put(state.activations, value)}))));
  };

  // ---- Training ----

  const trainingGroup = (state, data, change) => {
    const count = (key, name, low, high) =>
      named(key, number(name, {low, high, whole: true, value: state[key]}, (value) => change({[key]: value})));
    const real = (key, name, low, high) => named(key, number(name, {low, high, value: state[key]}, (value) => change({[key]: value})));
    const losses = data.classes > 2 ? LOSSES.slice(3) : LOSSES;
    return group("Training",
      named("loss", choice("Loss", losses, data.classes > 2 ? "cross_entropy" : state.loss, (value) => change({loss: value}))),
      named("optimiser", choice("Optimiser", [["sgd", "SGD"], ["adam", "Adam"]], state.optimiser, (value) => change({optimiser: value}))),
      real("rate", "Learning rate", 1e-6, 1e9),
      state.optimiser === "sgd" && real("momentum", "Momentum", 0, 0.999),
      real("decay", "Weight decay", 0, 10),
      count("batch", "Batch size", 1, 10000),
      count("epochs", "Epochs", 1, 100000),
      count("seed", "Seed of the start", 0, 2 ** 32 - 1),
      real("std", "Spread of the start", 1e-6, 100),
      named("shuffle", shuffleControl(state, change)));
  };

  const shuffleControl = (state, change) => element("div", {class: "live-row"},
    check("shuffle", "shuffle", state.shuffle !== null, (on) => change({shuffle: on ? state.seed : null})),
    state.shuffle !== null && number("Seed of the shuffles", {low: 0, high: 2 ** 32 - 1, whole: true, value: state.shuffle},
      (value) => change({shuffle: value})) || "");

  // All controls for a state; change(part of a state) hears what a reader does. own: whether there are own data to come back to.
  const build = (state, data, change, own) =>
    [dataGroup(state, data, change, own), networkGroup(state, change), trainingGroup(state, data, change)];

  Live.controls = {build, check, tick, named, stepper};
})();
