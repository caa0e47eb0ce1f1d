// Loads MathJax when all else is there: until then the formulas stand as MathML.
addEventListener("load", () => {
  const script = document.createElement("script");
  script.src = document.querySelector("script[type='text/late']").src;
  document.head.append(script);
});
