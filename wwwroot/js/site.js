// Small helpers for every page; everything works without them.

// Times: from Korean time, as the server wrote them, to the reader's time zone; in the language of the page.
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

// Times that a script adds to the page later are shown like the others.
new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
  if (node instanceof Element) {
    showTimes(node);
  }
}))).observe(document.body, { childList: true, subtree: true });
showTimes(document);

// Asks before irreversible actions: data-confirm on the form or on its button.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) {
    event.preventDefault();
  }
});

// The account menu closes on Escape and on a click outside.
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
