// A network with an activation: each hidden neuron draws a line of its own, and together they bend the boundary.
(function () {
  "use strict";
  const {element, slider, choice} = Live;
  const SECONDS = 8;
  const NAMES = [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]];
  const LABEL = "A network with one hidden layer in training: each hidden neuron as the map of what it computes, its straight line on the "
    + "large map, and the boundary that comes out of them all.";

  // The line where the weighted sum of hidden neuron j is zero: its two ends within a range, or none.
  const lineOf = ({featuresOut, parameters: [weights, bias]}, j, [x0, x1, y0, y1]) => {
    const [a, b, c] = [weights[j], weights[featuresOut + j], bias[j]];
    const upright = [y0, y1].map((y) => [-(b * y + c) / a, y]).filter(([x]) => x >= x0 && x <= x1);
    const flat = [x0, x1].map((x) => [x, -(a * x + c) / b]).filter(([, y]) => y >= y0 && y <= y1);
    return [...upright, ...flat].slice(0, 2);
  };

  // Dashed lines of some neurons, each with its name at that end which is farther from the other names.
  const dashed = (model, range, drawn = Array.from({length: model[0].featuresOut}, (_, j) => j)) => (pen, x, y) => {
    const {haloed, DIGITS} = Live.inChapters;
    const taken = [];
    pen.save();
    for (const j of drawn) {
      const ends = lineOf(model[0], j, range).map(([a, b]) => [x(a), y(b)]);
      if (ends.length < 2) continue;
      oneLine(pen, ends);
      const spots = ends.map(([px, py]) => [clamp(px + 4, x(range[0]) + 4, x(range[1]) - 18), clamp(py - 5, y(range[3]) + 14, y(range[2]) - 6)]);
      const [one, other] = spots.map((spot) => Math.min(...taken.map((name) => Math.hypot(spot[0] - name[0], spot[1] - name[1]))));
      taken.push(one >= other ? spots[0] : spots[1]);
      haloed(pen, `h${DIGITS[j]}`, ...taken[taken.length - 1]);
    }
    pen.restore();
  };

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  const oneLine = (pen, ends) => {
    pen.strokeStyle = "#5a5a5a";
    pen.lineWidth = 1.3;
    pen.setLineDash([5, 4]);
    Live.line(pen, ends);
  };

  Live.hiddenLines = dashed;

  Live.parts.bend = async (box, {figure}) => {
    for (const name of ["map", "small", "data-moons"]) await Live.script(name);
    const {Show, Picture, marks, right, count} = Live.inChapters;
    const train = Live.pair(figure.data, figure.part);
    const range = Live.rangeOf(train);
    const state = {activation: figure.activations[0], neurons: figure.sizes[1]};
    const picture = new Picture(box, LABEL, {range, heights: [360, 500], most: 2, named: true});
    const layers = [marks(train, 3)];

    const make = (seed) => new Live.Run({...figure, sizes: [2, state.neurons, 1], activations: [state.activation, "sigmoid"],
      seed, shuffle: seed}, train);
    const draw = (run) => picture.look(run.model, layers, dashed(run.model, range));
    const said = (run, over) => {
      const found = right(run.model, train);
      const where = `Seed ${count(run.config.seed)}, epoch ${count(run.epochs)} of ${count(show.end)}: cross-entropy `
        + `${run.history[run.epochs].toFixed(3)}, ${found} of ${train.rows} on the right side.`;
      if (!over || found === train.rows) return where;
      return `${where} Too few neurons, or a plateau: give it more epochs, or another start.`;
    };

    const show = new Show(box, box, {make, draw, said, epochs: figure.epochs, seconds: SECONDS, seed: figure.seed});
    const change = (name, of = (value) => value) => (value) => {
      state[name] = of(value);
      show.start(figure.seed);
    };
    box.append(element("div", {class: "live-row"},
      choice("Activation", NAMES, state.activation, change("activation")),
      slider("Hidden neurons", {low: 1, high: 8, step: 1, value: state.neurons}, change("neurons")),
      show.button, Live.button(`${count(figure.epochs)} epochs more`, () => show.more())));
    show.start();
    Live.theBend = Object.assign(show, {state});
  };
})();
