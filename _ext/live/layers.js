// Layers and neurons to choose, and the boundary that the network then learns: straight without an activation, bent with one.
(function () {
  "use strict";
  // Without an activation a linear probability model in layers; with one, a classifier. With a std of 1, deep linear networks would diverge.
  const PLAIN = {last: "identity", loss: "mse", lr: 0.005, std: 0.5, epochs: 200};
  const BENDING = {last: "sigmoid", loss: "bce", lr: 0.03, std: 1, epochs: 600};
  const SECONDS = 4;
  const GREY = "rgba(60,60,60,0.75)";
  const NAMES = {sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU"};

  const isPlain = (chosen) => chosen.activation === "identity";

  const configuration = ({hidden, neurons, activation, seed}) => {
    const {last, loss, lr, std} = activation === "identity" ? PLAIN : BENDING;
    return {
      sizes: [2, ...Array(hidden).fill(neurons), 1], activations: [...Array(hidden).fill(activation), last], loss, optimiser: "sgd",
      settings: {lr}, batch_size: 8, seed, std, shuffle: seed,
    };
  };

  // The one regression that layers without activation come to, [w1, w2, b]: the product of their matrices.
  const product = (model) => model.reduce((rows, {featuresOut, parameters: [weights, bias]}) => rows.map((row, r) => (
    Array.from({length: featuresOut}, (_, j) => row.reduce((sum, value, i) => sum + value * weights[i * featuresOut + j], r === 2 ? bias[j] : 0))
  )), [[1, 0], [0, 1], [0, 0]]).flat();

  // Dashed: for each neuron of the first layer the line on which its weighted sum is zero.
  const drawNeurons = ({featuresOut, parameters: [weights, bias]}, pen, x, y) => {
    pen.save();
    pen.beginPath();
    pen.rect(x(x.low), y(y.high), x(x.high) - x(x.low), y(y.low) - y(y.high));
    pen.clip();
    pen.strokeStyle = GREY;
    pen.lineWidth = 1.2;
    pen.setLineDash([5, 4]);
    for (let j = 0; j < featuresOut; j++) {
      const [w1, w2] = [weights[j], weights[featuresOut + j]];
      const near = -bias[j] / (w1 ** 2 + w2 ** 2); // the nearest point to the origin is near * (w1, w2)
      Live.line(pen, [-20, 20].map((way) => [x(near * w1 - way * w2), y(near * w2 + way * w1)]));
    }
    pen.restore();
  };

  const fixed = (number) => number.toFixed(3).replace("-", "−");

  const name = ({sizes}) => sizes.join("-");

  const count = (model) => model.reduce((sum, {parameters: [weights, bias]}) => sum + weights.length + bias.length, 0);

  const about = (run, chosen) => {
    const title = `${name(run.config)}: ${count(run.model)} parameters`;
    if (!isPlain(chosen)) {
      return [title, chosen.hidden ? "Each dashed line is one neuron of the first layer: there its weighted sum is zero." : "No hidden layer: a logit."];
    }
    const [w1, w2, b] = product(run.model).map(fixed);
    return [`${title}, one regression`, "ŷ = w₁ x₁ + w₂ x₂ + b", `w₁ = ${w1}, w₂ = ${w2}, b = ${b}`];
  };

  Live.parts.layers = async (box, {activations}) => {
    await Live.script("data-moons");
    const data = Live.pair("moons", "train");
    const chosen = {hidden: activations.length > 1 ? 1 : 2, neurons: 8, activation: activations[0], seed: 0};
    const set = (key) => (value) => {
      chosen[key] = key === "activation" ? value : Number(value);
      train();
    };
    const controls = [
      Live.choice("Hidden layers", [0, 1, 2, 3], chosen.hidden, set("hidden")),
      Live.slider("Neurons in each:", {low: 1, high: 8, step: 1, value: chosen.neurons}, set("neurons")),
      ...(activations.length > 1 ? [Live.choice("Activation", activations.map((one) => [one, NAMES[one]]), chosen.activation, set("activation"))] : []),
      Live.button("Again, from another start", () => set("seed")(chosen.seed + 1)),
    ];
    const picture = Live.element("div");
    const side = Live.element("div", {class: "live-beside"});
    const heard = Live.element("p", {class: "visually-hidden", "aria-live": "polite"});
    box.append(Live.element("div", {class: "live-row"}, ...controls), Live.element("div", {class: "live-panels"}, picture, side), heard);
    const plane = new Live.Plane(picture, "Map of the network: its boundary at 50 percent among two crescents of points.", {range: Live.rangeOf(data)});

    let loop = null;
    const show = (run) => {
      plane.extra = (pen, x, y) => { if (!isPlain(chosen) && chosen.hidden) drawNeurons(run.model[0], pen, x, y); };
      plane.draw(Live.predict(run.model, plane.points, plane.n ** 2), data);
      const lines = [...about(run, chosen), run.failed ?? `Epoch ${run.epochs}. Loss ${Live.small(run.history[run.epochs])}.`];
      side.replaceChildren(...lines.map((text) => Live.element("p", {}, text)));
    };
    const train = () => {
      loop?.stop();
      const {epochs} = isPlain(chosen) ? PLAIN : BENDING;
      const run = new Live.Run(configuration(chosen), data);
      const work = () => {
        run.epoch();
        return run.epochs < epochs && !run.failed;
      };
      const done = () => { heard.textContent = side.innerText; };
      loop = Live.loop(work, () => show(run), done, Live.reduced() ? Infinity : Math.ceil(epochs / SECONDS / 60));
    };
    show(new Live.Run(configuration(chosen), data));
    const seen = new IntersectionObserver(([{isIntersecting}]) => {
      if (!isIntersecting) return;
      seen.disconnect();
      train();
    }, {threshold: 0.3});
    seen.observe(picture);
  };
})();
