// Runs before the page is painted. The server writes a chosen theme into the page; without a choice, Bootstrap's rules get the system's here.
(() => {
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  const show = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "system" ? (prefersDark.matches ? "dark" : "light") : chosen;
    document.querySelector("meta[name=color-scheme]").content = chosen === "system" ? "light dark" : chosen;
  };

  show();
  prefersDark.addEventListener("change", show);

  // A choice is shown in place, so that a text that is being written stays.
  document.addEventListener("DOMContentLoaded", () => document.querySelector("form[data-theme-form]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form, event.submitter);
    root.dataset.theme = event.submitter.value;
    show();
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
    const menu = form.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    try {
      await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
    } catch {
      // Offline: shown, but not remembered.
    }
  }));
})();
