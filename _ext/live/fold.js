// The space that three hidden neurons make of two inputs: a cube, in which a grid over the inputs bends while the network is trained.
(function () {
  "use strict";
  const {element, button, slider, line, ink} = Live;
  // From some seeds it finds its way, from some it does not: which ones, the reader may find out.
  const RECIPE = {sizes: [2, 3, 1], activations: ["sigmoid", "sigmoid"], loss: "bce", optimiser: "adam", settings: {lr: 0.03},
    batch_size: 8, std: 1};
  const [SEED, EPOCHS, SECONDS] = [1, 120, 9];
  const [LINES, FINE] = [11, 33]; // of the grid: how many each way, and how many points on each
  const TURN = -32; // degrees, of the cube about its upright axis at first
  const TILT = 20;
  const CORNERS = Array.from({length: 8}, (_, i) => [(i >> 2) & 1, (i >> 1) & 1, i & 1]);
  const EDGES = CORNERS.flatMap((one, i) => [1, 2, 4].filter((step) => !(i & step)).map((step) => [one, CORNERS[i | step]]));
  const DIGITS = "₁₂₃";
  const MIDDLE = [0.5, 0.5, 0.5];

  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const scaled = (a, by) => a.map((value) => value * by);
  const minus = (a, b) => a.map((value, i) => value - b[i]);
  const unit = (a) => scaled(a, 1 / Math.sqrt(dot(a, a)));
  const cross = ([a, b, c], [d, e, f]) => [b * f - c * e, c * d - a * f, a * e - b * d];
  const radians = (degrees) => (degrees * Math.PI) / 180;

  // ---- Views: which way is right and which is up ----

  // The third axis points up; the cube is turned about it, and tilted towards the reader.
  const turned = (degrees) => {
    const [c, s, d, t] = [Math.cos(radians(degrees)), Math.sin(radians(degrees)), Math.cos(radians(TILT)), Math.sin(radians(TILT))];
    return [[c, s, 0], [-s * t, c * t, d]];
  };

  // Along the plane where the prediction is 50 percent, so that it is an upright line.
  const alongThePlane = (weights) => {
    const right = unit(weights);
    const sizes = right.map(Math.abs);
    const axis = MIDDLE.map((_, i) => Number(i === sizes.indexOf(Math.min(...sizes))));
    return [right, unit(minus(axis, scaled(right, dot(axis, right))))];
  };

  // ---- What is drawn ----

  // The grid over a range of the inputs: a list of lines, each a list of points in one array.
  const gridLines = ([x0, x1, y0, y1]) => {
    const at = (low, high, i, n) => low + ((high - low) * i) / (n - 1);
    const lines = [];
    for (let k = 0; k < LINES; k++) {
      const [upright, flat] = [new Float64Array(2 * FINE), new Float64Array(2 * FINE)];
      for (let i = 0; i < FINE; i++) {
        upright.set([at(x0, x1, k, LINES), at(y0, y1, i, FINE)], 2 * i);
        flat.set([at(x0, x1, i, FINE), at(y0, y1, k, LINES)], 2 * i);
      }
      lines.push(upright, flat);
    }
    return lines;
  };

  // What the hidden layer makes of inputs: a list of points of the cube.
  const hidden = (model, inputs, rows) => {
    const values = model[0].forward(inputs, rows);
    return Array.from({length: rows}, (_, r) => [values[3 * r], values[3 * r + 1], values[3 * r + 2]]);
  };

  // Where the plane w.h + b = 0 meets the edges of the cube, in the order in which they go round.
  const slice = (weights, bias) => {
    const height = (point) => dot(weights, point) + bias;
    const found = EDGES.filter(([from, to]) => height(from) > 0 !== height(to) > 0).map(([from, to]) => {
      const way = height(from) / (height(from) - height(to));
      return from.map((value, i) => value + way * (to[i] - value));
    });
    if (found.length < 3) return [];
    const centre = scaled(found.reduce((sum, point) => sum.map((value, i) => value + point[i])), 1 / found.length);
    const first = unit(minus(found[0], centre));
    const second = cross(unit(weights), first);
    const angle = (point) => Math.atan2(dot(minus(point, centre), second), dot(minus(point, centre), first));
    return found.sort((one, other) => angle(one) - angle(other));
  };

  // Draws the cube of a network with its grid, its data and its plane into a square of a picture.
  const paintCube = (pen, model, {grid, data, view, left = 0, top = 0, width, height, every = 1}) => {
    const [right, up] = view;
    const size = 0.47 * Math.min(width, height);
    const place = (point) => {
      const from = minus(point, MIDDLE);
      return [left + width / 2 + size * dot(right, from), top + height / 2 - size * dot(up, from)];
    };
    const [weights, [bias]] = model[1].parameters;
    paintPlane(pen, slice(Array.from(weights), bias).map(place));
    pen.strokeStyle = Live.look.grey;
    pen.lineWidth = 1;
    pen.setLineDash([2, 3]);
    EDGES.forEach((edge) => line(pen, edge.map(place)));
    pen.setLineDash([]);
    pen.globalAlpha = 0.6;
    grid.forEach((one) => line(pen, hidden(model, one, FINE).map(place)));
    pen.globalAlpha = 1;
    const points = hidden(model, data.inputs, data.rows);
    for (let r = 0; r < data.rows; r += every) Live.mark(pen, ...place(points[r]), data.labels[r], 2.6);
    nameAxes(pen, place);
  };

  const paintPlane = (pen, corners) => {
    if (!corners.length) return;
    pen.beginPath();
    corners.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = Live.look.colours[2];
    pen.globalAlpha = 0.2;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.stroke();
  };

  const nameAxes = (pen, place) => {
    pen.fillStyle = ink();
    pen.textAlign = "center";
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]].forEach((corner, i) => {
      const [x, y] = place(corner.map((value) => 0.5 + 1.16 * (value - 0.5)));
      pen.fillText(i ? `h${DIGITS[i - 1]}` : "0", x, y + 4);
    });
    pen.textAlign = "left";
  };

  Live.fold = {RECIPE, SEED, EPOCHS, turned, alongThePlane, gridLines, paintCube, slice};

  // ---- The page ----

  Live.parts.fold = async (box) => {
    for (const name of ["map", "small", "data-moons"]) await Live.script(name);
    const {Show, marks, right, count} = Live.inChapters;
    const train = Live.pair("moons", "train");
    const range = Live.rangeOf(train);
    const grid = gridLines(range);
    const state = {turn: TURN, along: false};
    const panels = element("div", {class: "live-panels"}, element("div"), element("div"));
    box.append(panels);
    const [first, second] = panels.children;
    const map = new Live.LiveMap(first, {range, n: 40, ratio: 1});
    map.canvas.node.setAttribute("aria-label", "The map of the network over its two inputs, with a straight grid and the boundary.");
    const layers = [marks(train, 2.6)];
    const straight = (pen, x, y) => {
      pen.strokeStyle = "rgba(90,90,90,0.45)";
      pen.lineWidth = 1;
      grid.forEach((one) => line(pen, [[x(one[0]), y(one[1])], [x(one[2 * FINE - 2]), y(one[2 * FINE - 1])]]));
    };
    const view = (model) => {
      const [sideways, up] = state.along ? alongThePlane(Array.from(model[1].parameters[0])) : turned(state.turn);
      if (!state.along || !state.turn) return [sideways, up];
      const [c, s] = [Math.cos(radians(state.turn)), Math.sin(radians(state.turn))];
      return [minus(scaled(sideways, c), scaled(cross(sideways, up), -s)), up];
    };
    const cube = new Live.Canvas(second, "", 1, (pen, width, height) => {
      if (show.run) paintCube(pen, show.run.model, {grid, data: train, view: view(show.run.model), width, height});
    });
    const draw = (run) => {
      map.extra = straight;
      const values = Live.predict(run.model, map.points, map.n ** 2);
      map.show(values.slice(0, map.n ** 2), {layers}); // a copy, as the engine uses its arrays again
      cube.draw();
      cube.node.setAttribute("aria-label", "A cube: the data and the grid as three hidden neurons represent them, and the plane at 50 "
        + `percent, with ${right(run.model, train)} of ${train.rows} on the right side.`);
    };
    const said = (run, over) => {
      const found = right(run.model, train);
      const where = `Seed ${count(run.config.seed)}, epoch ${run.epochs} of ${show.end}: cross-entropy `
        + `${run.history[run.epochs].toFixed(3)}, ${found} of ${train.rows} on the right side.`;
      if (!over) return where;
      if (found === train.rows) return `${where} In the cube, a plane does it.`;
      return `${where} No plane does it yet: give it more epochs, or another start.`;
    };
    const show = new Show(box, box, {make: (seed) => new Live.Run({...RECIPE, seed, shuffle: seed}, train), draw, said,
      epochs: EPOCHS, seconds: SECONDS, seed: SEED});
    const inWords = (degrees) => `by ${degrees}°`.replace("-", "−");
    const turn = slider("Turn it", {low: -180, high: 180, step: 4, value: state.turn, show: inWords}, (degrees) => turnTo(degrees));
    const turnTo = (degrees) => {
      state.turn = degrees;
      cube.draw();
    };
    const along = button("Along the plane", () => {
      state.along = !state.along;
      along.setAttribute("aria-pressed", String(state.along));
      turn.input.value = state.along ? 0 : TURN;
      turn.input.dispatchEvent(new Event("input"));
    }, {"aria-pressed": "false"});
    box.append(element("div", {class: "live-row"}, turn, along, show.button, button("More epochs", () => show.more())));
    drag(cube.node, turn.input);
    show.start();
    Live.theFold = Object.assign(show, {state, view});
  };

  // A finger or a mouse turns the cube, too.
  const drag = (node, input) => {
    let held = null;
    node.addEventListener("pointerdown", (event) => {
      held = {x: event.clientX, value: Number(input.value)};
      node.setPointerCapture(event.pointerId);
    });
    node.addEventListener("pointermove", (event) => {
      if (!node.hasPointerCapture(event.pointerId)) return;
      input.value = ((held.value + (event.clientX - held.x) * 0.6 + 540) % 360) - 180;
      input.dispatchEvent(new Event("input"));
    });
  };
})();
