// The logit by maximum likelihood, as statistics packages fit it: Newton's method; with more than two classes, multinomial.
//
// Nothing else is needed, and nothing of a page.
(function () {
  "use strict";
  const MOST = 60; // iterations; where there is a maximum, about ten are enough

  // ---- Linear algebra: symmetric matrices (n, n), row by row ----

  // The columns that are no linear combination of those before them, by a Cholesky decomposition of their correlations.
  const independent = (correlations, n) => {
    const chosen = [];
    const rows = []; // of the lower triangle, one for each chosen column
    for (let j = 0; j < n; j++) {
      const row = [];
      chosen.forEach((k, i) => {
        const known = rows[i].slice(0, i).reduce((sum, value, m) => sum + value * row[m], 0);
        row.push((correlations[j * n + k] - known) / rows[i][i]);
      });
      const left = correlations[j * n + j] - row.reduce((sum, value) => sum + value * value, 0);
      if (left < 1e-10) continue; // of the variance, others explain all but rounding
      rows.push([...row, Math.sqrt(left)]);
      chosen.push(j);
    }
    return chosen;
  };

  // The inverse of a positive definite matrix by elimination, or null where rounding has made it singular.
  const inverse = (matrix, n) => {
    const left = matrix.slice();
    const right = new Float64Array(n * n);
    for (let i = 0; i < n; i++) right[i * n + i] = 1;
    for (let pivot = 0; pivot < n; pivot++) {
      const size = left[pivot * n + pivot];
      if (!(size > 1e-14 * matrix[pivot * n + pivot])) return null;
      for (const one of [left, right]) for (let j = 0; j < n; j++) one[pivot * n + j] /= size;
      for (let i = 0; i < n; i++) {
        const factor = left[i * n + pivot];
        if (i === pivot || factor === 0) continue;
        for (const one of [left, right]) for (let j = 0; j < n; j++) one[i * n + j] -= factor * one[pivot * n + j];
      }
    }
    return right;
  };

  const times = (matrix, vector) => {
    const n = vector.length;
    return vector.map((_, i) => vector.reduce((sum, value, j) => sum + matrix[i * n + j] * value, 0));
  };

  // ---- The design: a constant and the inputs as z-scores, so that all columns count alike ----

  const design = ({inputs, rows}) => {
    const width = inputs.length / rows;
    const mean = new Float64Array(width);
    const sd = new Float64Array(width);
    for (let at = 0; at < inputs.length; at++) mean[at % width] += inputs[at] / rows;
    for (let at = 0; at < inputs.length; at++) sd[at % width] += (inputs[at] - mean[at % width]) ** 2 / rows;
    sd.forEach((variance, i) => { sd[i] = Math.sqrt(variance); });
    const varies = sd.map((one, i) => one > 1e-9 * Math.abs(mean[i])); // beyond rounding
    const scores = inputs.map((value, at) => (varies[at % width] ? (value - mean[at % width]) / sd[at % width] : 0));
    const correlations = new Float64Array(width * width);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) correlations[i * width + j] += scores[row * width + i] * scores[row * width + j] / rows;
      }
    }
    return {mean, sd, kept: independent(correlations, width), scores, width, rows};
  };

  // The columns that are kept, with a constant before them: (rows, 1 + kept).
  const regressors = ({kept, scores, width, rows}) => {
    const n = 1 + kept.length;
    const values = new Float64Array(rows * n).fill(1);
    for (let row = 0; row < rows; row++) kept.forEach((from, i) => { values[row * n + 1 + i] = scores[row * width + from]; });
    return values;
  };

  // ---- The likelihood ----

  // Probabilities of all classes for one row; the first class has log odds of zero.
  const probabilities = (x, at, beta, classes, n, into) => {
    into[0] = 0;
    for (let k = 1; k < classes; k++) {
      into[k] = 0;
      for (let i = 0; i < n; i++) into[k] += x[at + i] * beta[(k - 1) * n + i];
    }
    const largest = Math.max(...into);
    let total = 0;
    for (let k = 0; k < classes; k++) total += into[k] = Math.exp(into[k] - largest);
    for (let k = 0; k < classes; k++) into[k] /= total;
    return into;
  };

  // Cross-entropy and accuracy, the score, and the information matrix, all divided by the number of rows.
  const likelihood = (x, labels, beta, classes) => {
    const rows = labels.length;
    const n = x.length / rows;
    const size = beta.length;
    const score = new Float64Array(size);
    const information = new Float64Array(size * size);
    const p = new Float64Array(classes);
    let [loss, right] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const at = row * n;
      probabilities(x, at, beta, classes, n, p);
      loss -= Math.log(Math.max(p[labels[row]], Number.MIN_VALUE)) / rows;
      right += p.every((one, k) => k === labels[row] || one < p[labels[row]]);
      for (let k = 1; k < classes; k++) {
        const missed = ((labels[row] === k) - p[k]) / rows;
        for (let i = 0; i < n; i++) score[(k - 1) * n + i] += missed * x[at + i];
        for (let l = 1; l <= k; l++) block(information, size, (k - 1) * n, (l - 1) * n, x, at, n, p[k] * ((k === l) - p[l]) / rows);
      }
    }
    for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) information[a * size + b] = information[b * size + a];
    return {loss, accuracy: right / rows, score, information};
  };

  // Adds weight * x x' to a block of a matrix.
  const block = (matrix, size, top, left, x, at, n, weight) => {
    for (let i = 0; i < n; i++) {
      const part = weight * x[at + i];
      const start = (top + i) * size + left;
      for (let j = 0; j < n; j++) matrix[start + j] += part * x[at + j];
    }
  };

  // ---- Newton's method ----

  // A step, halved until the likelihood is no lower than it was; yields after each iteration.
  function* climb(x, labels, classes) {
    let beta = new Float64Array((classes - 1) * (x.length / labels.length));
    let now = likelihood(x, labels, beta, classes);
    for (let iteration = 1; iteration <= MOST; iteration++) {
      const covariance = inverse(now.information, beta.length);
      if (!covariance) return {beta, now, iteration, converged: false};
      const step = times(covariance, now.score);
      const largest = Math.max(...step.map(Math.abs));
      if (largest < 1e-8 * Math.max(1, ...beta.map(Math.abs))) return {beta, now, covariance, iteration, converged: true};
      let next = null;
      for (let share = 1; share > 1e-4 && !(next?.loss <= now.loss + 1e-12); share /= 2) {
        const trial = beta.map((value, i) => value + share * step[i]);
        next = {...likelihood(x, labels, trial, classes), trial};
      }
      [beta, now] = [next.trial, next];
      if (now.loss < 1e-9) return {beta, now, iteration, converged: false}; // every row is predicted to certainty
      yield iteration;
    }
    return {beta, now, iteration: MOST, converged: false};
  }

  // From z-scores back to the columns: for each class but the first [constant, one for each input], null where a column was left out.
  const unscaled = ({mean, sd, kept, width}, beta, classes) => Array.from({length: classes - 1}, (_, k) => {
    const n = 1 + kept.length;
    const found = [beta[k * n], ...Array(width).fill(null)];
    kept.forEach((column, i) => {
      found[1 + column] = beta[k * n + 1 + i] / sd[column];
      found[0] -= found[1 + column] * mean[column];
    });
    return found;
  });

  const errors = ({mean, sd, kept, width}, covariance, classes, rows) => Array.from({length: classes - 1}, (_, k) => {
    const n = 1 + kept.length;
    const size = n * (classes - 1);
    const entry = (i, j) => covariance[(k * n + i) * size + k * n + j] / rows;
    const weights = [1, ...kept.map((column) => -mean[column] / sd[column])];
    const found = [0, ...Array(width).fill(null)];
    weights.forEach((a, i) => weights.forEach((b, j) => { found[0] += a * b * entry(i, j); }));
    found[0] = Math.sqrt(found[0]);
    kept.forEach((column, i) => { found[1 + column] = Math.sqrt(entry(1 + i, 1 + i)) / sd[column]; });
    return found;
  });

  // Fits the logit of a pair; yields after each iteration, so that a page can go on, and returns what logit() does.
  function* steps(pair, classes = 2, held = null, names = null) {
    const {labels} = pair;
    const plan = design(pair);
    const present = new Set(labels);
    if (present.size < classes) return nothing(`The data have ${present.size} of ${classes} classes: the logit needs some rows of each.`);
    yield 0;
    const result = yield* climb(regressors(plan), labels, classes);
    const separated = !result.converged;
    const coefficients = unscaled(plan, result.beta, classes);
    const collinear = Array.from({length: plan.width}, (_, i) => i).filter((i) => !plan.kept.includes(i));
    return {
      coefficients, collinear, separated, iterations: result.iteration,
      standardErrors: separated ? null : errors(plan, result.covariance, classes, pair.rows),
      loss: result.now.loss, accuracy: result.now.accuracy, held: held && measure(coefficients, held),
      problem: said(separated, collinear.map((i) => names?.[i] ?? `input ${i + 1}`)),
    };
  }

  const nothing = (problem) => ({
    coefficients: null, standardErrors: null, loss: null, accuracy: null, held: null, separated: false, collinear: [], iterations: 0,
    problem,
  });

  const said = (separated, left) => [
    ...(separated ? ["The likelihood has no maximum, since the inputs separate classes: larger coefficients always fit a little better. "
      + "These are those of the last iteration, and they have no standard errors."] : []),
    ...(left.length ? [`Left out, as linear combinations of the other inputs: ${left.join(", ")}.`] : []),
  ].join(" ") || null;

  // Probabilities (rows, classes) that coefficients give.
  const predict = (coefficients, {inputs, rows}) => {
    const width = inputs.length / rows;
    const classes = coefficients.length + 1;
    const beta = Float64Array.from(coefficients.flat(), (value) => value ?? 0);
    const all = new Float64Array(rows * classes);
    const x = new Float64Array(1 + width).fill(1);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++) x[1 + i] = inputs[row * width + i];
      probabilities(x, 0, beta, classes, 1 + width, all.subarray(row * classes, (row + 1) * classes));
    }
    return all;
  };

  // Cross-entropy and share of rows with the right class for any probabilities (rows, classes).
  const measure = (coefficients, pair) => {
    const {labels, rows} = pair;
    const all = predict(coefficients, pair);
    const classes = coefficients.length + 1;
    let [loss, right] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const p = all.subarray(row * classes, (row + 1) * classes);
      loss -= Math.log(Math.max(p[labels[row]], Number.MIN_VALUE)) / rows;
      right += p.every((one, k) => k === labels[row] || one < p[labels[row]]);
    }
    return {loss, accuracy: right / rows};
  };

  // The logit of a pair {inputs, labels (0 to classes - 1), rows}, with all its inputs and a constant.
  //
  // Returns {coefficients, standardErrors: for each class but the first [constant, one for each input]; loss (cross-entropy), accuracy;
  // held: {loss, accuracy} on another pair; separated, collinear (numbers of inputs left out), iterations, problem: a sentence or null}.
  const logit = (pair, classes = 2, held = null, names = null) => {
    const going = steps(pair, classes, held, names);
    for (;;) {
      const {done, value} = going.next();
      if (done) return value;
    }
  };

  Live.logit = Object.assign(logit, {steps, predict, measure});
})();
