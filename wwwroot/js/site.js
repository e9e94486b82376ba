// Small help on every page; everything works without it.

// Times: from Korean time, as the server wrote them, to the reader's zone; in the language of the page.
const dayParts = { year: "numeric", month: "short", day: "numeric" };
const day = new Intl.DateTimeFormat(document.documentElement.lang, dayParts);
const moment = new Intl.DateTimeFormat(document.documentElement.lang, { ...dayParts, hour: "numeric", minute: "2-digit", hour12: true });

const showTime = (time) => {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.textContent = ("dayOnly" in time.dataset ? day : moment).format(at);
  }
};

const showTimes = (within) => within.querySelectorAll("time[datetime]").forEach(showTime);

// What a script puts into the page later shows its times like its neighbours.
new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
  if (node instanceof Element) {
    showTimes(node);
  }
}))).observe(document.body, { childList: true, subtree: true });
showTimes(document);

// A question before what cannot be taken back: data-confirm on the form or on its button.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) {
    event.preventDefault();
  }
});

// The account menu closes as menus do.
document.querySelectorAll("details[data-menu]").forEach((menu) => {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
});

// Code is coloured where a page loads highlight.js and names the language.
if (window.hljs) {
  document.querySelectorAll("pre code[class*='language-']").forEach((code) => window.hljs.highlightElement(code));
}
