// A network without activation: whatever its layers, it stays the straight line that its multiplied matrices are.
(function () {
  "use strict";
  const {element, slider} = Live;
  // A rate and a start at which one layer arrives, and three layers of eight neurons do not run away.
  const RECIPE = {loss: "mse", optimiser: "sgd", settings: {lr: 0.02}, batch_size: 45, std: 0.5};
  const [EPOCHS, SECONDS, SEED] = [200, 5, 1];
  const LABEL = "A network without activation in training: its neurons, each with a straight map of its own, and the map that comes out of "
    + "them, whose boundary turns but stays straight.";

  // ---- Matrices, row by row ----

  // The weights and the intercept of one regression that is the same as all layers together: the product of their matrices.
  const collapse = (model) => {
    const width = model[0].featuresIn;
    let rows = Array.from({length: width + 1}, (_, i) => Array.from({length: width}, (_, k) => Number(i === k))); // the last: intercept
    for (const layer of model) rows = rows.map((row, i) => through(layer, row, i === width));
    return rows.map(([value]) => value);
  };

  const through = ({featuresOut, parameters: [weights, bias]}, row, intercept) => Array.from({length: featuresOut}, (_, j) => (
    row.reduce((sum, value, i) => sum + value * weights[i * featuresOut + j], intercept ? bias[j] : 0)));

  // Least squares of labels on two inputs: the normal equations, solved by elimination.
  const leastSquares = ({inputs, labels, rows}) => {
    const columns = Array.from({length: rows}, (_, r) => [inputs[2 * r], inputs[2 * r + 1], 1, labels[r]]);
    const system = [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => columns.reduce((sum, row) => sum + row[i] * row[j], 0)));
    for (let i = 0; i < 3; i++) {
      system[i] = system[i].map((value) => value / system[i][i]);
      for (let k = 0; k < 3; k++) if (k !== i) system[k] = system[k].map((value, j) => value - system[k][i] * system[i][j]);
    }
    return system.map((row) => row[3]);
  };

  // ---- What the reader sees ----

  const digits = (value) => (Number.isFinite(value) ? value.toFixed(3).replace("-", "−") : "none");

  const table = (box, ols) => {
    const cells = [0, 1, 2].map(() => element("td"));
    const head = ["", "x₁", "x₂", "intercept"].map((text) => element(text ? "th" : "td", text ? {scope: "col"} : {}, text));
    const row = (name, values) => element("tr", {}, element("th", {scope: "row"}, name), ...values);
    const known = row("OLS", ols.map((value) => element("td", {}, digits(value))));
    box.append(element("table", {class: "live-table"}, element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, row("multiplied out", cells), known)));
    return (values) => cells.forEach((cell, i) => { cell.textContent = digits(values[i]); });
  };

  Live.parts.straight = async (box) => {
    for (const name of ["map", "small", "data-moons"]) await Live.script(name);
    const {Show, Picture, marks, count} = Live.inChapters;
    const train = Live.pair("moons", "train");
    const state = {layers: 1, neurons: 4};
    const picture = new Picture(box, LABEL, {range: Live.rangeOf(train), heights: [340, 590], most: 4});
    const layers = [marks(train, 3)];

    const make = (seed) => {
      const sizes = [2, ...Array(state.layers).fill(state.neurons), 1];
      return new Live.Run({...RECIPE, sizes, activations: sizes.slice(1).map(() => "identity"), seed, shuffle: seed}, train);
    };

    const draw = (run) => {
      picture.look(run.model, layers);
      fill(collapse(run.model));
    };

    const said = (run, over) => {
      const {sizes} = run.config;
      const parameters = sizes.slice(1).reduce((sum, size, l) => sum + (sizes[l] + 1) * size, 0);
      const where = `${sizes.join("-")}, seed ${count(run.config.seed)}, epoch ${run.epochs} of ${EPOCHS}: mean squared error `
        + `${run.history[run.epochs].toFixed(4)}.`;
      const left = state.layers ? `Of its ${parameters} parameters three are left, and` : "It has three parameters, and";
      return over ? `${where} ${left} the boundary is straight.` : where;
    };

    const show = new Show(box, box, {make, draw, said, epochs: EPOCHS, seconds: SECONDS, seed: SEED});
    const fill = table(box, leastSquares(train));
    const change = (name) => (value) => {
      state[name] = value;
      show.start(SEED);
    };
    box.append(element("div", {class: "live-row"},
      slider("Hidden layers", {low: 0, high: 3, step: 1, value: 1}, change("layers")),
      slider("Neurons in each", {low: 1, high: 8, step: 1, value: 4}, change("neurons")), show.button));
    show.start();
    Live.theStraight = Object.assign(show, {collapse, state});
  };
})();
