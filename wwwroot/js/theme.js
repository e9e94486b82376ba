// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const key = "pybo-theme";
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // Storage is switched off: use the system's choice.
    }
  };

  const show = () => {
    const chosen = remembered();
    document.documentElement.dataset.bsTheme = chosen === "dark" || (chosen !== "light" && prefersDark.matches) ? "dark" : "light";
  };

  const label = (button) => {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    button.setAttribute("aria-label", dark ? button.dataset.toLight : button.dataset.toDark);
    button.title = button.getAttribute("aria-label");
  };

  show();
  prefersDark.addEventListener("change", show);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) {
      return;
    }
    button.hidden = false;
    label(button);
    prefersDark.addEventListener("change", () => label(button));
    button.addEventListener("click", () => {
      const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem(key, next);
      } catch {
        // Shown, but not remembered.
      }
      document.documentElement.dataset.bsTheme = next;
      label(button);
    });
  });
})();
