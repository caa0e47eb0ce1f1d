// The way back through a deep network: the gradient of each layer's weights, averaged over many random starts, as lines that fade.
(function () {
  "use strict";
  const {element, choice, teller, Canvas} = Live;
  const {Generator, build, initialiseReplicas, gradients} = Networks;
  const ACTIVATIONS = [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]];
  const [WIDTH, DEEPEST, FAINTEST] = [8, 8, 0.04]; // neurons of a hidden layer, layers, and how pale a line may become

  // The mean absolute gradient of the weights, layer by layer, over networks that are drawn together, as replicas are; a network a call.
  class Average {
    constructor(hidden, activation, {replicas, seed}, data) {
      const sizes = [2, ...Array(hidden).fill(WIDTH), 1];
      const each = [...Array(hidden).fill(activation), "sigmoid"];
      this.models = initialiseReplicas(Array.from({length: replicas}, () => build(sizes, each)), new Generator(seed));
      Object.assign(this, {sizes, data, done: 0, sums: new Float64Array(hidden + 1)});
    }

    get over() {
      return this.done === this.models.length;
    }

    next() {
      const model = this.models[this.done++];
      gradients(model, this.data.inputs, this.data.labels, this.data.rows, "bce");
      model.forEach(({gradients: [ofWeights]}, l) => {
        this.sums[l] += ofWeights.reduce((sum, one) => sum + Math.abs(one), 0) / ofWeights.length;
      });
    }

    get means() {
      return [...this.sums].map((sum) => sum / Math.max(1, this.done));
    }

    // How much each layer hears, compared with the last.
    get shares() {
      const {means} = this;
      return means.map((mean) => mean / (means[means.length - 1] || 1));
    }
  }

  const digits = (share) => (share >= 0.1 ? share.toFixed(2) : share >= 0.001 ? share.toFixed(3) : share.toExponential(0));

  class Vanish {
    constructor(box, settings) {
      Object.assign(this, {settings, hidden: settings.hidden, activation: "sigmoid", data: Live.pair("moons", "train"), work: null});
      const depth = Live.slider("Hidden layers", {low: 1, high: DEEPEST, step: 1, value: this.hidden}, (hidden) => this.begin({hidden}));
      const which = choice("Activation φ", ACTIVATIONS, this.activation, (activation) => this.begin({activation}));
      const drawing = element("div");
      box.append(element("div", {class: "live-row"}, depth, which), drawing);
      this.canvas = new Canvas(drawing, "", (width) => Math.max(250, 0.4 * width), (pen, width, height) => this.paint(pen, width, height));
      this.say = teller(box);
      this.begin({});
    }

    begin(change) {
      this.work?.stop();
      Object.assign(this, change);
      this.average = new Average(this.hidden, this.activation, this.settings, this.data);
      this.work = Live.loop(() => {
        this.average.next();
        return !this.average.over;
      }, () => this.draw());
    }

    draw() {
      const {average: {shares, done, models}, hidden} = this;
      const now = `The first layer's gradient is ${digits(shares[0])} times the last layer's, with ${hidden} hidden `
        + `layer${hidden === 1 ? "" : "s"} of ${ACTIVATIONS.find(([key]) => key === this.activation)[1]}`;
      this.canvas.node.setAttribute("aria-label", `A network whose lines are the paler, the less of the gradient reaches a layer: `
        + `${shares.map(digits).join(", ")} from the first layer to the last.`);
      this.canvas.draw();
      this.say(`${now}. Mean of ${done} of ${models.length} random starts.`);
    }

    paint(pen, width, height) {
      const {sizes, shares} = this.average;
      const x = (l) => 26 + l * (width - 52) / (sizes.length - 1);
      const gap = Math.min(24, (height - 70) / (WIDTH - 1));
      const y = (l, i) => (height - 40) / 2 + 8 + (i - (sizes[l] - 1) / 2) * gap;
      const each = (size, act) => Array.from({length: size}, (_, i) => act(i));
      shares.forEach((share, l) => {
        pen.globalAlpha = Math.max(FAINTEST, Math.min(1, share));
        pen.strokeStyle = Live.look.colours[1];
        pen.lineWidth = 0.6 + 1.8 * Math.min(1, share);
        each(sizes[l], (i) => each(sizes[l + 1], (j) => Live.line(pen, [[x(l), y(l, i)], [x(l + 1), y(l + 1, j)]])));
      });
      pen.globalAlpha = 1;
      pen.textAlign = "center";
      sizes.forEach((size, l) => each(size, (i) => {
        pen.fillStyle = Live.look.grey;
        Live.pen.dot(pen, x(l), y(l, i), 5);
      }));
      shares.forEach((share, l) => Live.pen.named(pen, digits(share), (x(l) + x(l + 1)) / 2, height - 24, Live.ink()));
      pen.fillStyle = Live.ink();
      pen.textAlign = "left";
      pen.fillText("inputs", 4, height - 6);
      pen.textAlign = "right";
      pen.fillText("loss", width - 4, height - 6);
      pen.textAlign = "center";
      pen.fillText("← gradient", width / 2, height - 6);
      pen.textAlign = "left";
    }
  }

  Live.parts.vanish = async (box, {recipe}) => {
    for (const name of ["pen", "data-moons"]) await Live.script(name);
    Live.theVanishing = new Vanish(box, recipe);
  };
})();
