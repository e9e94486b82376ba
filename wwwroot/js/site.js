// Small help on every page; everything works without it.

// Times: from Korean time, as the server wrote them, to the reader's zone.
const dayParts = new Intl.DateTimeFormat("ko-KR", { year: "numeric", month: "long", day: "numeric" });

const showTime = (time) => {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) {
    return;
  }
  const day = dayParts.format(moment);
  if ("dayOnly" in time.dataset) {
    time.textContent = day;
    return;
  }
  const hours = moment.getHours();
  const minutes = String(moment.getMinutes()).padStart(2, "0");
  time.textContent = `${day} ${hours < 12 ? "오전" : "오후"} ${hours % 12 || 12}:${minutes}`;
};

document.querySelectorAll("time[datetime]").forEach(showTime);

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
