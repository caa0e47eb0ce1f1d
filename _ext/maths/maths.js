// Loads MathJax last; until then, formulas are shown as MathML.
addEventListener("load", () => {
  const script = document.createElement("script");
  script.src = document.querySelector("script[type='text/late']").src;
  document.head.append(script);
});
