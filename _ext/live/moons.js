// The landing page: the book's own network bends round the moons while one reads, and then it rests.
(function () {
  "use strict";
  const RANGE = [-1.45, 2.45, -1.05, 1.55]; // the crescents are as round as they are
  const LABEL = "A network in training: two inputs, two layers of eight neurons, each drawn as the map of what it has learned, and the map "
    + "that comes out of them, whose boundary between the two half circles of points is straight at first and then bends round them.";

  Live.parts.moons = async (box, {figure}) => {
    for (const name of ["map", "small", "data-moons"]) await Live.script(name);
    const {Show, Picture, marks, right, count} = Live.inChapters;
    const train = Live.pair("moons", "train");
    const picture = new Picture(box, LABEL, {range: RANGE, heights: [330, 470], most: 3, axes: false});
    const layers = [marks(train, 2.6)];

    const named = (pen, x, y) => {
      pen.font = `600 14px ${getComputedStyle(document.body).fontFamily}`;
      [["y = 0", -1.02, 0.9], ["y = 1", 1.62, -0.62]].forEach(([text, a, b], k) => {
        pen.fillStyle = ["#00507c", "#8f3f00"][k]; // dark enough on the pale map, in both schemes
        pen.fillText(text, x(a), y(b));
      });
    };

    const said = (run) => `Start ${count(run.config.seed + 1)}, epoch ${count(run.epochs)}: loss ${run.history[run.epochs].toFixed(3)}, `
      + `${right(run.model, train)} of ${train.rows} on the right side.`;

    const bar = Live.element("div", {class: "live-row live-bar-below"});
    box.append(bar);
    const show = new Show(box, bar, {
      make: (seed) => new Live.Run({...figure, seed, shuffle: seed}, train),
      draw: (run) => picture.look(run.model, layers, named),
      said, epochs: figure.epochs, seconds: 10, seed: figure.seed,
      again: "Again, from another start",
    });
    bar.append(show.button);
    show.start();
    Live.theMoons = show;
  };
})();
