// Keyboard shortcuts, listed in the sheet that ? opens. They never act while something is typed, and can be switched off there.

(() => {
  const key = "pybo-keys";
  const sequenceMilliseconds = 1500;
  const rowLinks = ".question-title, .result-title a, .post-list > li a, .tag-grid a, article.question, article.answer";
  const sheet = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  let before = "";
  let timer = 0;

  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // Storage is switched off: shortcuts are on.
    }
  };

  on.checked = remembered() !== "off";
  on.addEventListener("change", () => {
    try {
      localStorage.setItem(key, on.checked ? "on" : "off");
    } catch {
      // For this page only.
    }
  });

  document.querySelectorAll("[data-keys-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
  });

  // With a Korean keyboard the key of j types ㅓ: then its place on the keyboard counts.
  const pressed = (event) => {
    if (/^[a-z/?]$/i.test(event.key)) {
      return event.key.toLowerCase();
    }
    if (event.code === "Slash") {
      return event.shiftKey ? "?" : "/";
    }
    return event.code.startsWith("Key") ? event.code.slice("Key".length).toLowerCase() : "";
  };

  const isTyping = (event) => event.isComposing || event.target.isContentEditable || event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [role=textbox]");

  // The rows of a list, by the first link of each.
  const rows = () => {
    const seen = new Set();
    return [...document.querySelectorAll(rowLinks)].filter((link) => {
      const row = link.closest(".post-list > li") ?? link;
      return link.offsetParent !== null && !seen.has(row) && seen.add(row);
    });
  };

  const move = (step) => {
    const all = rows();
    const at = all.findIndex((row) => row === document.activeElement || (row.closest(".post-list > li") ?? row).contains(document.activeElement));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: next.matches("article") ? "start" : "nearest" });
    }
  };

  const acts = {
    "?": () => sheet.showModal(),
    "/": () => {
      const field = document.getElementById("site-search");
      field.focus();
      field.select();
    },
    j: () => move(1),
    k: () => move(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || sheet.open || isTyping(event)) {
      return;
    }
    const one = pressed(event);
    if (!one || (event.shiftKey && one !== "?") || (!on.checked && one !== "?")) {
      return;
    }
    const all = before ? `${before} ${one}` : one;
    clearTimeout(timer);
    before = "";
    const link = sheet.querySelector(`[data-keys="${all}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    } else if (acts[all]) {
      event.preventDefault();
      acts[all]();
    } else if (sheet.querySelector(`[data-keys^="${one} "]`)) {
      before = one;
      timer = setTimeout(() => {
        before = "";
      }, sequenceMilliseconds);
    }
  });
})();
