// Members' texts and answers: colours code and draws formulas, also in texts that a script adds later. Without this script code has
// one colour, and a formula is shown as its author wrote it.

const library = new URL(document.currentScript.dataset.math, location.href);

// LaTeX defines commands by commands; a chain of more than this is refused.
const expansionsMax = 1_000;
const sizeMaxEm = 20;
let mathematics;

const loadMathematics = () => mathematics ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = library;
  script.onload = () => resolve(window.katex);
  script.onerror = () => reject(new Error(`${library} was not loaded`));
  document.head.append(script);
});

// MathML needs no inline style, which the content policy forbids.
const draw = (katex, formula) => {
  const source = formula.textContent.trim();
  const isDisplay = source.startsWith("$$");
  const signs = isDisplay ? 2 : 1;
  formula.dataset.drawn = "";
  try {
    const markup = katex.renderToString(source.slice(signs, -signs), {
      displayMode: isDisplay, output: "mathml", throwOnError: true, trust: false, strict: "ignore", maxExpand: expansionsMax, maxSize: sizeMaxEm,
    });
    formula.replaceChildren(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
  } catch (error) {
    if (!(error instanceof katex.ParseError)) {
      throw error;
    }
    // What is no LaTeX stays as its author wrote it, and says why.
    formula.title = error.message;
  }
};

const show = async (within) => {
  if (window.hljs) {
    within.querySelectorAll("pre code[class*='language-']:not([data-highlighted])").forEach((code) => window.hljs.highlightElement(code));
  }
  if (within.querySelector(".math:not([data-drawn])")) {
    const katex = await loadMathematics();
    within.querySelectorAll(".math:not([data-drawn])").forEach((formula) => draw(katex, formula));
  }
};

document.addEventListener("DOMContentLoaded", () => {
  show(document);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node instanceof Element && !node.closest(".math, pre")) {
      show(node);
    }
  }))).observe(document.body, { childList: true, subtree: true });
});
