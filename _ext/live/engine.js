// The networks of this book in JavaScript: forward, backward, update, with torch's own random numbers.
//
// It is the chapter on back-propagation once more. Numbers are doubles; starts and data are rounded to single precision
// first, as torch holds them, so a run here follows the notebook's run digit by digit. Names are those of `lib`.
(function (root) {
  "use strict";

  // ---- Random numbers, as torch draws them on a processor (MT19937; tested against the installed torch) ----

  class Generator {
    constructor(seed) {
      this.words = new Uint32Array(624);
      this.words[0] = Number(BigInt.asUintN(32, BigInt(seed)));
      for (let i = 1; i < 624; i++) {
        const last = this.words[i - 1] ^ (this.words[i - 1] >>> 30);
        this.words[i] = Math.imul(1812433253, last) + i;
      }
      this.next = 624;
      this.spare = null; // the second of two normal draws, kept for the next call
    }

    refill() {
      const words = this.words;
      for (let i = 0; i < 624; i++) {
        const mixed = (words[i] & 0x80000000) | (words[(i + 1) % 624] & 0x7fffffff);
        words[i] = words[(i + 397) % 624] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
      }
      this.next = 0;
    }

    // A whole number of 32 bits.
    random() {
      if (this.next === 624) this.refill();
      let word = this.words[this.next++];
      word ^= word >>> 11;
      word ^= (word << 7) & 0x9d2c5680;
      word ^= (word << 15) & 0xefc60000;
      return (word ^ (word >>> 18)) >>> 0;
    }

    // A uniform number from 0 to 1 with 53 bits, out of two words.
    uniform() {
      const high = this.random() & 0x1fffff;
      return (high * 2 ** 32 + this.random()) * 2 ** -53;
    }
  }

  // The numbers 0 to n - 1 in random order, like torch.randperm.
  const randperm = (n, generator) => {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = 0; i < n - 1; i++) {
      const other = i + (generator.random() >>> 0) % ((n - i) >>> 0); // >>> 0 says that they are whole, which is faster
      [order[i], order[other]] = [order[other], order[i]];
    }
    return order;
  };

  // Normal draws with mean 0, like nn.init.normal_: torch has one way for fewer than 16 numbers, and one for more.
  const normal = (count, std, generator) => {
    const draws = new Float64Array(count);
    if (count < 16) {
      for (let i = 0; i < count; i++) draws[i] = Math.fround(std * oneNormal(generator));
      return draws;
    }
    const uniform = () => (generator.random() & 0xffffff) * 2 ** -24;
    for (let i = 0; i < count; i++) draws[i] = uniform();
    for (let i = 0; i + 16 <= count; i += 16) toNormal(draws.subarray(i, i + 16), std);
    if (count % 16) { // the last sixteen are drawn afresh
      const last = draws.subarray(count - 16);
      for (let i = 0; i < 16; i++) last[i] = uniform();
      toNormal(last, std);
    }
    return draws;
  };

  const oneNormal = (generator) => {
    if (generator.spare !== null) {
      const spare = generator.spare;
      generator.spare = null;
      return spare;
    }
    const angle = 2 * Math.PI * generator.uniform();
    const radius = Math.sqrt(-2 * Math.log1p(-generator.uniform()));
    generator.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };

  // Turns sixteen uniform numbers into normal ones, in pairs (Box and Muller).
  const toNormal = (block, std) => {
    for (let i = 0; i < 8; i++) {
      const radius = Math.sqrt(-2 * Math.log(1 - block[i]));
      const angle = 2 * Math.PI * block[i + 8];
      block[i] = Math.fround(std * radius * Math.cos(angle));
      block[i + 8] = Math.fround(std * radius * Math.sin(angle));
    }
  };

  // Whole numbers from 0 to high - 1, like torch.randint(high, (count,)) for a `high` below 2 ** 28; above, torch takes two words.
  const randint = (high, count, generator) => Int32Array.from({length: count}, () => generator.random() % high);

  // Seeds for replicas, like torch.randint(2**63 - 1, (replicas,)).
  const childSeeds = (replicas, generator) => Array.from({length: replicas}, () => {
    const high = BigInt(generator.random());
    return ((high << 32n) | BigInt(generator.random())) % (2n ** 63n - 1n);
  });

  // ---- Layers ----

  const ACTIVATIONS = {
    identity: {of: (z) => z, slope: () => 1},
    sigmoid: {of: (z) => 1 / (1 + Math.exp(-z)), slope: (output) => output * (1 - output)},
    tanh: {of: Math.tanh, slope: (output) => 1 - output * output},
    relu: {of: (z) => (z > 0 ? z : 0), slope: (output) => (output > 0 ? 1 : 0)},
    leaky_relu: {of: (z) => (z > 0 ? z : 0.01 * z), slope: (output) => (output > 0 ? 1 : 0.01)},
  };

  // A layer of neurons: activation(inputs @ weights + bias), weights row by row as (features_in, features_out).
  class Perceptron {
    constructor(featuresIn, featuresOut, activation) {
      this.featuresIn = featuresIn;
      this.featuresOut = featuresOut;
      this.activation = activation;
      this.parameters = [new Float64Array(featuresIn * featuresOut), new Float64Array(featuresOut)];
      this.gradients = this.parameters.map((values) => new Float64Array(values.length));
      this.outputs = new Float64Array(0);
    }

    forward(inputs, rows) {
      const [weights, bias] = this.parameters;
      const {featuresIn, featuresOut} = this;
      const {of} = ACTIVATIONS[this.activation];
      if (this.outputs.length < rows * featuresOut) {
        this.outputs = new Float64Array(rows * featuresOut);
        this.deltas = new Float64Array(rows * featuresOut);
      }
      const {outputs} = this;
      for (let row = 0, from = 0, to = 0; row < rows; row++, from += featuresIn) {
        for (let j = 0; j < featuresOut; j++, to++) {
          let sum = bias[j];
          for (let i = 0, w = j; i < featuresIn; i++, w += featuresOut) sum += inputs[from + i] * weights[w];
          outputs[to] = of(sum);
        }
      }
      this.inputs = inputs;
      return outputs;
    }

    // `deltas` holds the gradient with respect to the weighted sums; add up that of the parameters, and pass it back.
    backward(rows, before) {
      const [weights] = this.parameters;
      const [ofWeights, ofBias] = this.gradients;
      const {featuresIn, featuresOut, inputs, deltas} = this;
      const {slope} = ACTIVATIONS[before ? before.activation : "identity"];
      const passedOn = before && before.deltas;
      ofWeights.fill(0);
      ofBias.fill(0);
      for (let row = 0, at = 0; row < rows; row++, at += featuresOut) {
        for (let j = 0; j < featuresOut; j++) ofBias[j] += deltas[at + j];
        for (let i = 0, w = 0; i < featuresIn; i++) {
          const input = inputs[row * featuresIn + i];
          let sum = 0; // over all paths on which this input reaches the loss
          for (let j = 0; j < featuresOut; j++, w++) {
            ofWeights[w] += input * deltas[at + j];
            sum += weights[w] * deltas[at + j];
          }
          if (passedOn) passedOn[row * featuresIn + i] = sum * slope(input);
        }
      }
    }
  }

  // A network with layers of these sizes; one activation for each layer after the first.
  const build = (sizes, activations) => activations.map((activation, i) => new Perceptron(sizes[i], sizes[i + 1], activation));

  // Draws all parameters anew, layer by layer, weights before bias; return the network.
  const initialise = (model, generator, std = 1) => {
    for (const layer of model) for (const values of layer.parameters) values.set(normal(values.length, std, generator));
    return model;
  };

  // Networks drawn together as replicas are: each parameter of all of them in one go.
  const initialiseReplicas = (models, generator, std = 1) => {
    models[0].forEach((layer, l) => layer.parameters.forEach((values, p) => {
      const draws = normal(models.length * values.length, std, generator);
      models.forEach((model, r) => model[l].parameters[p].set(draws.subarray(r * values.length, (r + 1) * values.length)));
    }));
    return models;
  };

  const predict = (model, inputs, rows) => model.reduce((values, layer) => layer.forward(values, rows), inputs);

  // ---- Losses: the mean over the rows, and its gradient with respect to the last weighted sums ----

  // The share of the gradient that torch's BCELoss and sigmoid let through together: all of it, unless p is 0 or 1 in single precision.
  const passed = (p) => {
    const slope = Math.fround(1 - Math.fround(p)) * p;
    return slope / Math.max(slope, 1e-12);
  };

  const LOSSES = {
    mse: {
      of: (output, label) => (output - label) ** 2,
      delta: (output, label, slope) => 2 * (output - label) * slope(output),
    },
    bce: { // of probabilities; together with the sigmoid the derivative is p - y
      of: (output, label) => -Math.max(Math.log(label ? output : 1 - output), -100),
      delta: (output, label) => (output - label) * passed(output),
    },
    bce_with_logits: {
      of: (output, label) => Math.max(output, 0) - output * label + Math.log1p(Math.exp(-Math.abs(output))),
      delta: (output, label) => 1 / (1 + Math.exp(-output)) - label,
    },
  };

  const evaluate = (model, {inputs, labels, rows}, loss) => {
    const outputs = predict(model, inputs, rows);
    if (loss === "cross_entropy") return crossEntropy(model, labels, rows);
    let sum = 0;
    const count = rows * model[model.length - 1].featuresOut;
    for (let i = 0; i < count; i++) sum += LOSSES[loss].of(outputs[i], labels[i]);
    return sum / count;
  };

  // Softmax and its loss for more than two classes; labels are the numbers of the classes. Fills the deltas, too.
  const crossEntropy = (model, labels, rows) => {
    const {outputs, deltas, featuresOut} = model[model.length - 1];
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const odds = outputs.subarray(row * featuresOut, (row + 1) * featuresOut);
      const largest = Math.max(...odds);
      let total = 0;
      for (let k = 0; k < featuresOut; k++) total += Math.exp(odds[k] - largest);
      loss += (Math.log(total) + largest - odds[labels[row]]) / rows;
      for (let k = 0; k < featuresOut; k++) {
        const share = Math.exp(odds[k] - largest) / total;
        deltas[row * featuresOut + k] = (share - (k === labels[row] ? 1 : 0)) / rows;
      }
    }
    return loss;
  };

  // One pass forward and one back: leaves the gradients in the layers.
  const gradients = (model, inputs, labels, rows, loss) => {
    const outputs = predict(model, inputs, rows);
    const last = model[model.length - 1];
    const count = rows * last.featuresOut;
    const {slope} = ACTIVATIONS[last.activation];
    if (loss === "cross_entropy") crossEntropy(model, labels, rows);
    else for (let i = 0; i < count; i++) last.deltas[i] = LOSSES[loss].delta(outputs[i], labels[i], slope) / count;
    for (let l = model.length - 1; l >= 0; l--) model[l].backward(rows, model[l - 1]);
  };

  // ---- Optimisers: what to do with the gradients, like torch.optim ----

  class SGD {
    constructor(model, {lr, momentum = 0, weight_decay = 0}) {
      this.pairs = pairsOf(model);
      this.lr = lr;
      this.momentum = momentum;
      this.weightDecay = weight_decay;
      this.velocities = this.pairs.map(([values]) => new Float64Array(values.length));
    }

    step() {
      const {pairs, velocities, lr, momentum, weightDecay} = this;
      for (let p = 0; p < pairs.length; p++) {
        const [values, gradient] = pairs[p];
        const velocity = velocities[p];
        for (let i = 0; i < values.length; i++) {
          let change = gradient[i] + weightDecay * values[i];
          if (momentum) change = velocity[i] = momentum * velocity[i] + change;
          values[i] -= lr * change;
        }
      }
    }
  }

  class Adam {
    constructor(model, {lr, weight_decay = 0, betas = [0.9, 0.999], eps = 1e-8}) {
      this.pairs = pairsOf(model);
      this.settings = {lr, weightDecay: weight_decay, betas, eps};
      this.means = this.pairs.map(([values]) => [new Float64Array(values.length), new Float64Array(values.length)]);
      this.steps = 0;
    }

    step() {
      this.steps += 1;
      const {lr, weightDecay, betas: [b1, b2], eps} = this.settings;
      const size = lr / (1 - b1 ** this.steps);
      const scale = Math.sqrt(1 - b2 ** this.steps);
      for (let p = 0; p < this.pairs.length; p++) {
        const [values, gradient] = this.pairs[p];
        const [mean, square] = this.means[p];
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] + weightDecay * values[i];
          mean[i] += (1 - b1) * (g - mean[i]);
          square[i] = b2 * square[i] + (1 - b2) * g * g;
          values[i] -= (size * mean[i]) / (Math.sqrt(square[i]) / scale + eps);
        }
      }
    }
  }

  const pairsOf = (model) => model.flatMap((layer) => layer.parameters.map((values, p) => [values, layer.gradients[p]]));

  const OPTIMISERS = {sgd: SGD, adam: Adam};

  // ---- Training: the five lines, one batch after another ----

  // Rows of data in random order, or as they are without a generator; the last batch may be smaller.
  class Batches {
    constructor({inputs, labels, rows}, batchSize, generator = null) {
      Object.assign(this, {inputs, labels, rows, batchSize, generator});
      this.width = inputs.length / rows;
      this.depth = labels.length / rows;
      const most = Math.min(batchSize, rows);
      this.batch = {inputs: new Float64Array(most * this.width), labels: new Float64Array(most * this.depth), rows: 0};
    }

    // Start an epoch: with a new random order if there is a generator.
    begin() {
      this.order = this.generator && randperm(this.rows, this.generator);
      this.at = 0;
    }

    // The next batch, or null at the end of an epoch. It is the same object each time, filled anew.
    next() {
      if (this.at >= this.rows) return null;
      const {width, depth, order, batch} = this;
      batch.rows = Math.min(this.batchSize, this.rows - this.at);
      for (let r = 0; r < batch.rows; r++) {
        const row = order ? order[this.at + r] : this.at + r;
        for (let i = 0; i < width; i++) batch.inputs[r * width + i] = this.inputs[row * width + i];
        for (let i = 0; i < depth; i++) batch.labels[r * depth + i] = this.labels[row * depth + i];
      }
      this.at += batch.rows;
      return batch;
    }
  }

  // Go once through the data; return the number of updates.
  const epoch = (model, batches, loss, optim) => {
    let updates = 0;
    batches.begin();
    for (let batch = batches.next(); batch; batch = batches.next()) {
      gradients(model, batch.inputs, batch.labels, batch.rows, loss);
      optim.step();
      updates += 1;
    }
    return updates;
  };

  // Train a network as `lib.training.train` does; return its loss by epoch, the start first. It ends early if the loss diverges.
  const train = (model, batches, loss, optim, epochs) => {
    const history = [evaluate(model, batches, loss)];
    for (let i = 0; i < epochs && !diverges(history); i++) {
      epoch(model, batches, loss, optim);
      history.push(evaluate(model, batches, loss));
    }
    return history;
  };

  // Whether the last loss is not finite, or a million times the first: beyond any use.
  const diverges = (history) => !(history[history.length - 1] < 1e6 * Math.max(1, history[0]));

  // A rate to try after one that was too large: a tenth of it, and no more than people begin with.
  const smaller = (rate) => Number(Math.min(rate / 10, 0.1).toPrecision(1));

  // What happened in a run that diverged and what to try, in words; null if it did not.
  const divergence = (history, learningRate) => {
    if (!diverges(history)) return null;
    const [first, last] = [history[0], history[history.length - 1]].map((loss) => loss.toPrecision(2));
    const what = Number.isFinite(Number(last)) ? `from ${first} to ${last}` : "it is not finite any more";
    return `The loss ran away in epoch ${history.length - 1} (${what}): with a learning rate of ${learningRate} the steps are too large. `
      + `Try ${smaller(learningRate)}.`;
  };

  root.Networks = {
    Generator, randperm, normal, randint, childSeeds, ACTIVATIONS, Perceptron, build, initialise, initialiseReplicas, predict, LOSSES,
    evaluate, gradients, SGD, Adam, OPTIMISERS, Batches, epoch, train, diverges, divergence, smaller,
  };
})(typeof globalThis === "object" ? globalThis : this);
