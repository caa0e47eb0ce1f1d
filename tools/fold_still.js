// Trains the network of fold.js and writes its cube at some epochs side by side, as an SVG. `epochs` and `label` are given.
(function () {
  "use strict";
  const {RECIPE, SEED, gridLines, alongThePlane, paintCube} = Live.fold;
  const [SIZE, HEAD] = [310, 24];
  const data = Live.pair("moons", "train");
  const grid = gridLines(Live.rangeOf(data));
  const run = new Live.Run({...RECIPE, seed: SEED, shuffle: SEED}, data);
  const models = epochs.map((epoch) => {
    while (run.epochs < epoch) run.epoch();
    const model = Networks.build(RECIPE.sizes, RECIPE.activations);
    model.forEach((layer, l) => layer.parameters.forEach((values, p) => values.set(run.model[l].parameters[p])));
    return model;
  });
  const view = alongThePlane(Array.from(run.model[1].parameters[0])); // the same for all: that of the last
  const paint = (pen, width, height) => models.forEach((model, i) => {
    pen.font = "15px system-ui, sans-serif";
    pen.fillStyle = "#333333";
    pen.textAlign = "center";
    pen.fillText(`epoch ${epochs[i]}, loss ${run.history[epochs[i]].toFixed(3)}`, (i + 0.5) * SIZE, 18);
    paintCube(pen, model, {grid, data, view, left: i * SIZE, top: HEAD, width: SIZE, height: height - HEAD, every: 3});
  });
  const node = {getAttribute: () => label};
  reply = Live.exports.picture({canvas: {ratio: (SIZE + HEAD) / (SIZE * epochs.length), node}, paint}, SIZE * epochs.length);
})();
