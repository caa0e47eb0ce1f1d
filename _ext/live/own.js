// The reader's own data: a table of comma-separated values, or points set by hand, and what may be wrong with them.
//
// Papa Parse (papaparse.js) splits the text into cells; "datasets.js" takes over what is chosen here. Nothing leaves the machine.
(function () {
  "use strict";
  const {Generator, randperm} = Networks;
  const {fround} = Math;
  const ROWS = 5000; // an epoch of as many rows still takes only some milliseconds
  const COLUMNS = 30;
  const LETTERS = 2e7;
  const INPUTS = [2, 9];
  const CLASSES = [2, 4]; // there are four colours and shapes
  const MISSING = new Set(["", "na", "n/a", "nan", "null", "."]);
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const EXPECTED = "expected a header with names, then rows of values, separated by commas, semicolons or tabs";

  const quoted = (text) => `“${text.length > 30 ? `${text.slice(0, 30)}…` : text}”`;
  const value = (one) => (typeof one === "number" ? String(one) : quoted(one));
  const shown = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const count = (number, one, many = `${one}s`) => `${shown(number)} ${number === 1 ? one : many}`;
  const list = (names) => names.slice(0, 5).map(quoted).join(", ") + (names.length > 5 ? " and others" : "");

  // Fetches Papa Parse; returns null, or a sentence if the book was built without it.
  const load = async () => {
    if (typeof Papa === "undefined") await Live.script("papaparse");
    return typeof Papa === "undefined" ? "Own files cannot be read here: this book was built without Papa Parse, which npm brings." : null;
  };

  // ---- From text to cells ----

  // A random part of the rows where there are very many; {text, note} or {problem}.
  const sampled = (text) => {
    if (text.length > LETTERS) return {problem: `The file has ${shown(text.length)} characters: expected at most ${shown(LETTERS)}.`};
    const lines = text.split(/\r\n|\n|\r/);
    while (lines.length && !lines[lines.length - 1].trim()) lines.pop();
    const rows = lines.length - 1;
    if (rows <= ROWS) return {text, note: null};
    const chosen = Array.from(randperm(rows, new Generator(0)).subarray(0, ROWS)).sort((a, b) => a - b);
    const kept = [lines[0], ...chosen.map((row) => lines[row + 1])];
    if (kept.some((line) => line.split('"').length % 2 === 0)) {
      const most = `expected at most ${shown(ROWS)} of that kind`;
      return {problem: `The file has ${shown(rows)} rows, and line breaks within quotation marks: ${most}.`};
    }
    return {text: kept.join("\n"), note: `The file has ${shown(rows)} rows; ${shown(ROWS)} of them, drawn at random, are used.`};
  };

  // {names, rows (arrays of text), comma (whether commas are decimal), notes} or {problem}.
  const cells = (text) => {
    if (!text.replace(/^\ufeff/, "").trim()) return {problem: `The file is empty: ${EXPECTED}.`};
    const less = sampled(text);
    if (less.problem) return less;
    const {data, errors, meta} = Papa.parse(less.text, {skipEmptyLines: "greedy", delimitersToGuess: [",", ";", "\t", "|"]});
    const broken = errors.find(({type}) => type === "Quotes");
    if (broken) return {problem: `Row ${broken.row} has a single quotation mark, or one within a value: expected two around a value.`};
    const [names, ...rows] = data.map((row) => row.map((cell) => cell.trim()));
    const notes = less.note ? [less.note] : [];
    return wrongHeader(names) ?? wrongRow(names, rows, meta.delimiter) ?? named({names, rows, notes, comma: meta.delimiter !== ","});
  };

  const wrongHeader = (names) => {
    if (names.every((name) => isMissing(name) || NUMBER.test(name.replace(",", ".")))) {
      return {problem: `The first line is ${quoted(names.join(", "))}: expected the names of the columns.`};
    }
    const twice = names.find((name, i) => name && names.indexOf(name) < i);
    if (twice) return {problem: `Two columns are named ${quoted(twice)}: expected different names.`};
    return names.length > COLUMNS ? {problem: `The file has ${shown(names.length)} columns: expected at most ${COLUMNS}.`} : null;
  };

  const wrongRow = (names, rows, delimiter) => {
    if (!rows.length) return {problem: `The file has a header and no rows: ${EXPECTED}.`};
    const at = rows.findIndex((row) => row.length !== names.length);
    if (at < 0) return null;
    const advice = delimiter === "," ? " If commas are decimal commas, separate values by semicolons." : "";
    return {problem: `Row ${at + 1} has ${count(rows[at].length, "value")}: expected ${names.length}, as in the header.${advice}`};
  };

  // Leaves out a column without a name, as R writes one for the names of rows.
  const named = ({names, rows, notes, comma}) => {
    const kept = names.map((_, i) => i).filter((i) => names[i]);
    if (kept.length === names.length) return {names, rows, notes, comma};
    const pick = (row) => kept.map((i) => row[i]);
    return {names: pick(names), rows: rows.map(pick), notes: [...notes, "A column without a name was left out."], comma};
  };

  const isMissing = (cell) => MISSING.has(cell.toLowerCase());

  // ---- From cells to columns ----

  // One column: {name, texts, values (NaN where missing), numeric, text (where it is not), commas, missing (how many), levels (some
  // different values, in order), noInput and noOutcome (why it can be neither, or null)}.
  const column = (name, texts, comma) => {
    const one = {name, texts, values: new Float64Array(texts.length).fill(NaN), text: null, commas: false, missing: 0};
    texts.forEach((cell, row) => {
      const plain = comma ? cell.replace(",", ".") : cell;
      if (NUMBER.test(plain)) one.values[row] = Number(plain);
      else if (isMissing(cell)) one.missing += 1;
      else one.text ??= {row, cell};
      one.commas ||= plain !== cell;
    });
    one.numeric = one.text === null;
    one.commas &&= one.numeric;
    one.levels = levelsOf(one);
    return Object.assign(one, {noInput: wrongInput(one), noOutcome: wrongOutcome(one)});
  };

  // The different values in order; beyond those that an outcome may have, only one more.
  const levelsOf = ({numeric, values, texts}) => {
    const found = new Set();
    for (let row = 0; row < texts.length && found.size <= CLASSES[1]; row++) {
      if (numeric ? !Number.isNaN(values[row]) : !isMissing(texts[row])) found.add(numeric ? values[row] : texts[row]);
    }
    return Array.from(found).sort(numeric ? (a, b) => a - b : undefined);
  };

  // Why a column cannot be an input, or null.
  const wrongInput = ({name, numeric, text, levels, values}) => {
    if (!numeric) return `${quoted(name)} is not numeric: expected numbers, got ${quoted(text.cell)} in row ${text.row + 1}.`;
    if (!levels.length) return `${quoted(name)} has no values at all: expected numbers.`;
    if (levels.length === 1) return `${quoted(name)} is ${value(levels[0])} in every row: expected values that differ.`;
    return tooFine(name, values);
  };

  // Refuses what single precision cannot hold, as lib.data does.
  const tooFine = (name, values) => {
    const known = values.filter((value) => !Number.isNaN(value));
    const largest = known.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (!Number.isFinite(fround(largest))) return `${quoted(name)} has values as large as ${largest}: expected less than 3.4e38.`;
    let [mean, variance] = [0, 0];
    for (const value of known) mean += value / known.length;
    for (const value of known) variance += (value - mean) ** 2 / known.length;
    const rounding = 2 ** (Math.floor(Math.log2(largest)) - 24);
    if (rounding < 0.01 * Math.sqrt(variance)) return null;
    return `${quoted(name)} has values near ${Number(mean.toPrecision(6))} that differ by little: expected differences that single `
      + "precision can hold; subtract their mean first.";
  };

  // Why a column cannot be the outcome, or null.
  const wrongOutcome = ({name, levels}) => {
    const expected = "expected two to four, such as 0 and 1";
    if (!levels.length) return `${quoted(name)} has no values at all: ${expected}.`;
    if (levels.length === 1) return `${quoted(name)} is ${value(levels[0])} in every row: ${expected}.`;
    return levels.length > CLASSES[1] ? `${quoted(name)} has more than four different values: ${expected}.` : null;
  };

  const binary = ({levels}) => levels.length === 2 && levels[0] === 0 && levels[1] === 1;

  // A table: {rows, columns, numeric, outcomes (names), others (why a column is no input, by name), notes, suggested}, or {problem}.
  const tabulate = ({names, rows, notes, comma}) => {
    const all = names.map((name, i) => column(name, rows.map((row) => row[i]), comma));
    const inputs = all.filter(({noInput}) => !noInput);
    const possible = all.filter(({noOutcome}) => !noOutcome);
    const outcome = possible.filter(binary).pop() ?? possible[possible.length - 1];
    const usable = inputs.filter((one) => one !== outcome);
    if (!outcome) return {problem: `No column can be the outcome. ${all.slice(-3).map(({noOutcome}) => noOutcome).join(" ")}`};
    if (usable.length < INPUTS[0]) return {problem: tooFew(all, outcome, usable)};
    return {
      rows: rows.length, columns: names, numeric: inputs.map(({name}) => name), outcomes: possible.map(({name}) => name), all,
      others: Object.fromEntries(all.filter(({noInput}) => noInput).map(({name, noInput}) => [name, noInput])),
      suggested: {columns: usable.slice(0, INPUTS[1]).map(({name}) => name), outcome: outcome.name},
      notes: [...notes, ...remarks(all, usable)],
    };
  };

  const tooFew = (all, outcome, usable) => {
    const reasons = all.filter((one) => one !== outcome).map(({noInput}) => noInput).filter(Boolean).slice(0, 3);
    return [`Expected two or more numeric columns beside the outcome ${quoted(outcome.name)}, got ${usable.length}.`, ...reasons].join(" ");
  };

  const remarks = (all, usable) => [
    ...(all.some(({commas}) => commas) ? ["Commas were read as decimal commas."] : []),
    ...(usable.length > INPUTS[1] ? [`${usable.length} columns can be inputs: choose two to nine. These are the first nine.`] : []),
  ];

  // Reads a text with a header; needs load() first.
  const read = (text) => {
    const found = cells(text);
    return found.problem ? found : tabulate(found);
  };

  // A table of points set by hand: [[x1, x2, label], ...].
  const points = (given) => {
    if (!given.length) return {problem: "There are no points yet: expected some of each class."};
    return tabulate({names: ["x1", "x2", "y"], rows: given.map((point) => point.map(String)), notes: [], comma: false});
  };

  // ---- From columns to data ----

  // Chosen columns of a table as a data set for Live.datasets.make: {name: "own", columns, label, names (of classes), classes, train, test,
  // notes, ...}, or {problem}. Rows with a missing value are left out; `share` of the others, drawn by `seed`, are for training.
  const choose = (table, columns, outcome, share = 0.75, seed = 0) => {
    const problem = wrongChoice(table, columns, outcome, share);
    if (problem) return {problem};
    const inputs = columns.map((name) => table.all.find((one) => one.name === name));
    const label = table.all.find(({name}) => name === outcome);
    const kept = complete(table.rows, inputs, label);
    if (kept.length < 4) return {problem: `Expected four or more rows with values in all chosen columns, got ${kept.length}.`};
    const order = Array.from(randperm(kept.length, new Generator(seed)), (at) => kept[at]);
    const parts = Live.datasets.split(pairOf(order, inputs, label), share);
    const wrong = wrongPart(parts.train, inputs, label);
    if (wrong) return {problem: wrong};
    return {
      name: "own", title: "Your data", columns, usual: columns, label: outcome, ...parts,
      names: label.levels.map(String), classes: label.levels.length,
      notes: [...leftOut(table.rows - kept.length, [...inputs, label]), ...codes(label)],
    };
  };

  const wrongChoice = (table, columns, outcome, share) => {
    const [least, most] = INPUTS;
    const strange = [...columns, outcome].find((name) => !table.columns.includes(name));
    if (strange !== undefined) return `Expected some of the columns ${list(table.columns)}, got ${quoted(String(strange))}.`;
    if (columns.length < least || columns.length > most) return `Expected two to nine inputs, got ${columns.length}.`;
    if (columns.includes(outcome)) return `${quoted(outcome)} is both an input and the outcome: expected another column.`;
    const wrong = columns.find((name) => table.others[name]);
    if (wrong) return table.others[wrong];
    if (!(share > 0 && share <= 1)) return `Share of training data: expected a number above 0, at most 1, got ${quoted(String(share))}.`;
    return table.all.find(({name}) => name === outcome).noOutcome;
  };

  const complete = (rows, inputs, label) => Array.from({length: rows}, (_, row) => row)
    .filter((row) => inputs.every(({values}) => !Number.isNaN(values[row])) && !isMissing(label.texts[row]));

  const pairOf = (order, inputs, {numeric, texts, values, levels}) => {
    const pair = {inputs: new Float64Array(order.length * inputs.length), labels: new Float64Array(order.length), rows: order.length};
    order.forEach((row, to) => {
      inputs.forEach((one, i) => { pair.inputs[to * inputs.length + i] = fround(one.values[row]); });
      pair.labels[to] = levels.indexOf(numeric ? values[row] : texts[row]);
    });
    return pair;
  };

  // What rows that are left out can do: training data without a class, or with a column that does not vary.
  const wrongPart = ({inputs: numbers, labels, rows}, inputs, {name, levels}) => {
    const present = new Set(labels);
    const absent = levels.find((_, k) => !present.has(k));
    if (absent !== undefined) {
      return `No row of the training data has ${quoted(name)} ${value(absent)}: expected some of each class. Try another seed or a larger share.`;
    }
    const constant = inputs.find((_, i) => labels.every((_, row) => numbers[row * inputs.length + i] === numbers[i]));
    return constant && `${quoted(constant.name)} is the same in all ${shown(rows)} rows of the training data: expected values that differ.`;
  };

  const leftOut = (rows, columns) => {
    if (!rows) return [];
    const lacking = columns.filter(({missing}) => missing);
    return [`${count(rows, "row")} ${rows === 1 ? "lacks" : "lack"} a value in ${list(lacking.map(({name}) => name))} and `
      + `${rows === 1 ? "is" : "are"} left out.`];
  };

  const codes = (label) => (binary(label) ? [] : [
    `${quoted(label.name)} is not 0 or 1: ${label.levels.map((one, k) => `${quoted(String(one))} counts as ${k}`).join(", ")}.`,
  ]);

  Live.own = {load, read, points, choose, ROWS, INPUTS, CLASSES};
})();
