// The map of the playground: a plane that is drawn many times a second, for two classes or more.
(function () {
  "use strict";

  // Colours as a canvas holds them, in one number; 256 steps from that of label 0 to that of label 1, and grey for what is no number.
  const packed = ([red, green, blue]) => (255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
  const PALETTE = Int32Array.from({length: 257}, (_, i) => packed(Live.shade(i / 256)));
  const NO_NUMBER = packed([160, 160, 160]);

  // The colour of a share from 0 to 1.
  const colour = (share) => (share >= 0 ? PALETTE[share >= 1 ? 256 : Math.round(256 * share)] : share < 0 ? PALETTE[0] : NO_NUMBER);

  // The colour of a class, the fuller the surer; values are the number of the likeliest class plus its probability.
  const classColour = (classes) => {
    const full = Live.look.colours.map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
    const table = full.map((rgb) => Int32Array.from({length: 65}, (_, i) => packed(rgb.map((one) => 244 + (0.55 * i / 64) * (one - 244)))));
    return (value) => {
      if (!(value >= 0)) return NO_NUMBER;
      const k = Math.min(classes - 1, Math.floor(value));
      return table[k][Math.round(64 * Math.max(0, ((value - k) * classes - 1) / (classes - 1)))];
    };
  };

  class LiveMap extends Live.Plane {
    constructor(box, options) {
      super(box, "", options);
      Object.assign(this, {colour, chances: null, kept: null, layers: []});
      this.image = this.sheet.getContext("2d").createImageData(this.n, this.n);
      this.pixels = new Int32Array(this.image.data.buffer);
    }

    // Another range, and other titles of the axes; observations are drawn anew.
    renew(range, titles) {
      Object.assign(this, {range, titles, values: null, kept: null, layers: [], classes: null});
    }

    // values: shares, or classes if `chances`, the probabilities of each class, are given. layers: functions that draw the observations,
    // which are kept as a picture until they are other ones.
    show(values, {chances = null, layers}) {
      this.colour = chances ? this.classes ??= classColour(chances.length) : colour;
      if (layers.some((one, i) => one !== this.layers[i]) || layers.length !== this.layers.length) this.kept = null;
      Object.assign(this, {chances, layers});
      this.draw(values, null);
    }

    shades(pen, x, y) {
      const {n, values, pixels} = this;
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) pixels[(n - 1 - j) * n + i] = this.colour(values[j * n + i]);
      this.sheet.getContext("2d").putImageData(this.image, 0, 0);
      const [wide, high] = [x(x.high) - x(x.low), y(y.low) - y(y.high)];
      const [dx, dy] = [wide / (n - 1) / 2, high / (n - 1) / 2]; // a value is in the middle of its pixel
      pen.save();
      pen.beginPath();
      pen.rect(x(x.low), y(y.high), wide, high);
      pen.clip();
      pen.drawImage(this.sheet, x(x.low) - dx, y(y.high) - dy, wide + 2 * dx, high + 2 * dy);
      pen.restore();
    }

    boundary(pen, x, y) {
      if (!this.chances) super.boundary(pen, x, y);
      else this.borders(pen, x, y);
      this.observations(pen, x, y);
    }

    // Lines between classes: where one is as likely as the likeliest other.
    borders(pen, x, y) {
      const before = this.values;
      const lead = (this.lead ??= new Float64Array(before.length));
      this.chances.forEach((mine, k) => {
        for (let p = 0; p < lead.length; p++) {
          let most = 0;
          for (let j = 0; j < this.chances.length; j++) if (j !== k && this.chances[j][p] > most) most = this.chances[j][p];
          lead[p] = 0.5 + mine[p] - most;
        }
        this.values = lead;
        super.boundary(pen, x, y);
      });
      this.values = before;
    }

    // Hundreds of marks are drawn once, and then as one picture.
    observations(pen, x, y) {
      if (!pen.canvas) return this.layers.forEach((draw) => draw(pen, x, y)); // an SVG
      const {width, height} = pen.canvas;
      if (this.kept?.width !== width || this.kept.height !== height) {
        this.kept = document.createElement("canvas");
        Object.assign(this.kept, {width, height});
        const own = this.kept.getContext("2d");
        own.setTransform(pen.getTransform());
        this.layers.forEach((draw) => draw(own, x, y));
      }
      pen.save();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(this.kept, 0, 0);
      pen.restore();
    }
  }

  Object.assign(Live, {LiveMap, packedColour: colour});
})();
