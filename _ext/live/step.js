// One step of gradient descent for one observation: the reader sets the learning rate, and sees where the line and its loss end up.
(function () {
  "use strict";
  const {element, teller, Canvas, axis, frame, line, mark, MARGIN} = Live;
  const {Generator, build, initialise} = Networks;
  const RATE = 1e-3; // the smallest; ten steps of the slider make it ten times as large
  const RATES = 26;

  const rateAt = (place) => Number((RATE * 10 ** (place / 10)).toPrecision(2));
  const text = (number, digits = 2) => {
    const plain = number.toFixed(digits);
    return (Number(plain) === 0 ? plain.replace("-", "") : plain).replace("-", "−");
  };

  // One observation, the line before, and the gradient of the squared error with respect to weight and bias.
  const begin = ({seed, std}, {inputs, labels}) => {
    const [layer] = initialise(build([1, 1], ["identity"]), new Generator(seed), std);
    const before = layer.parameters.map(([value]) => value);
    const [x, y] = [inputs[0], labels[0]];
    const error = y - before[0] * x - before[1];
    return {x, y, before, error, gradient: [-2 * error * x, -2 * error], perfect: 0.5 / (x * x + 1)};
  };

  // Weight, bias and loss after the step.
  const take = ({x, y, before, gradient}, rate) => {
    const line = before.map((value, i) => value - rate * gradient[i]);
    return {line, loss: (y - line[0] * x - line[1]) ** 2};
  };

  class Step {
    constructor(box, recipe) {
      this.data = Live.pair("line", "train");
      this.start = begin(recipe, this.data);
      const [left, right] = [element("div"), element("div")];
      const usual = Math.round(10 * Math.log10(recipe.rate / RATE));
      this.rate = rateAt(usual);
      this.slider = Live.slider("Learning rate", {low: 0, high: RATES, step: 1, value: usual, show: (place) => String(rateAt(place))},
        (place) => this.draw(rateAt(place)));
      box.append(element("div", {class: "live-row"}, this.slider), element("div", {class: "live-panels"}, left, right));
      this.scatter = new Canvas(left, "", 0.95, (pen, width, height) => this.paintLine(pen, width, height));
      this.curve = new Canvas(right, "", 0.95, (pen, width, height) => this.paintLoss(pen, width, height));
      this.say = teller(box);
      this.draw(this.rate);
    }

    draw(rate) {
      Object.assign(this, {rate, ...take(this.start, rate)});
      this.scatter.node.setAttribute("aria-label", `The data, the line before the step, and after it: weight ${text(this.line[0])}, bias `
        + `${text(this.line[1])}.`);
      this.curve.node.setAttribute("aria-label", `The loss after the step, by learning rate: ${text(this.loss)} at ${rate}.`);
      this.scatter.draw();
      this.curve.draw();
      this.say(this.words());
    }

    words() {
      const {start: {before, error, perfect}, rate, loss} = this;
      const [w, b] = this.line.map((value, i) => `${text(before[i], 4)} → ${text(value, 4)}`);
      const verdict = loss > error ** 2 ? "The step was so long that the line is farther off than before."
        : rate > perfect ? "The step went beyond the observation." : "The line has come nearer to the observation.";
      return `Weight ${w}, bias ${b}, loss ${text(error ** 2)} → ${text(loss)}. ${verdict}`;
    }

    paintLine(pen, width, height) {
      const {inputs, labels, rows} = this.data;
      const [wide, high] = [inputs, labels].map((values) => 1.1 * Math.max(...values.map(Math.abs)));
      const x = axis(-wide, wide, MARGIN.left, width - MARGIN.right);
      const y = axis(-high, high, height - MARGIN.bottom, MARGIN.top);
      frame(pen, x, y, ["x", "y"], width, height);
      pen.fillStyle = Live.look.grey;
      for (let r = 0; r < rows; r++) Live.pen.dot(pen, x(inputs[r]), y(labels[r]), 2);
      const {before} = this.start;
      Live.pen.clipped(pen, x, y, () => {
        straight(pen, x, y, before, 3, [2, 3]);
        straight(pen, x, y, this.line, 0, []);
        pen.strokeStyle = Live.look.colours[1];
        pen.lineWidth = 3;
        const at = this.start.x;
        line(pen, [[x(at), y(this.start.y)], [x(at), y(this.line[0] * at + this.line[1])]]);
      });
      mark(pen, x(this.start.x), y(this.start.y), 1, 5);
      Live.pen.named(pen, "before", x(-wide) + 4, y(before[1] - before[0] * wide) - 8, Live.look.colours[3]);
      const far = Math.min(wide, (high - this.line[1]) / this.line[0]); // where the line leaves the picture
      pen.textAlign = "right";
      Live.pen.named(pen, "after", x(far) - 12, y(this.line[0] * far + this.line[1]) + 12, Live.look.colours[0]);
      pen.textAlign = "left";
    }

    paintLoss(pen, width, height) {
      const {error, gradient} = this.start;
      const x = axis(0, rateAt(RATES), MARGIN.left, width - MARGIN.right);
      const y = axis(0, 1.75 * error ** 2, height - MARGIN.bottom, MARGIN.top);
      frame(pen, x, y, ["learning rate", "loss after the step"], width, height);
      const places = Array.from({length: 81}, (_, i) => (x.high * i) / 80);
      pen.lineWidth = 2;
      pen.setLineDash([7, 3, 2, 3]);
      pen.strokeStyle = Live.look.colours[3];
      line(pen, places.map((rate) => [x(rate), y(take(this.start, rate).loss)]));
      pen.setLineDash([2, 3]);
      pen.strokeStyle = Live.look.colours[2];
      const reach = error ** 2 / (gradient[0] ** 2 + gradient[1] ** 2);
      line(pen, [[x(0), y(error ** 2)], [x(reach), y(0)]]);
      pen.setLineDash([]);
      pen.strokeStyle = Live.look.grey;
      pen.lineWidth = 1;
      line(pen, [[x(0), y(error ** 2)], [x(x.high), y(error ** 2)]]);
      Live.pen.named(pen, "loss before", x(0.15), y(error ** 2) - 7, Live.look.grey);
      Live.pen.named(pen, "promised", x(reach) - 20, y(0) - 34, Live.look.colours[2]);
      mark(pen, x(this.rate), y(this.loss), 1, 6);
    }
  }

  const straight = (pen, x, y, [weight, bias], style, dash) => {
    pen.strokeStyle = Live.look.colours[style];
    pen.lineWidth = 2.5;
    pen.setLineDash(dash);
    line(pen, [x.low, x.high].map((at) => [x(at), y(weight * at + bias)]));
    pen.setLineDash([]);
  };

  Live.parts.step = async (box, {recipe}) => {
    for (const name of ["pen", "data-line"]) await Live.script(name);
    Live.theStep = new Step(box, recipe);
  };
})();
