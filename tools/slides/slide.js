// Gives a figure the height of its frame, and a white background unless the address ends in
// ?theme=dark, or in ?theme=auto for the browser's preference. A frame cannot see the colours of its slide.
(() => {
  "use strict";
  const page = document.documentElement;
  const box = document.querySelector(".plotly-figure");
  const asked = new URLSearchParams(location.search).get("theme");
  const prefers = matchMedia("(prefers-color-scheme: dark)");

  const fit = () => {
    const slider = box.querySelector(".plotly-slider");
    const height = `${innerHeight - (slider ? slider.offsetHeight : 0)}px`;
    box.style.setProperty("--height", height);
    box.style.setProperty("--narrow-height", height);
    const dark = asked === "dark" || (asked === "auto" && prefers.matches);
    page.dataset.theme = dark ? "dark" : "light"; // figures.js watches this and redraws
  };
  fit();
  addEventListener("resize", fit);
  prefers.addEventListener("change", fit);
})();
