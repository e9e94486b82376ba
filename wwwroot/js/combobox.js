// A field that suggests what is being typed, as a combobox with a list of options (ARIA). Without this script it is plain text.
//   typed: what is looked for; address: where its suggestions are, as a JSON list; option: how one is shown; chosen: what choosing one does.
const combobox = (field, { typed, address, option, chosen }) => {
  const pauseMilliseconds = 150;
  const waitSecondsDefault = 30;
  const list = document.createElement("ul");
  list.id = `${field.id}-options`;
  list.className = "options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.listName);
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let shown = [];
  let timer = 0;
  let asked = null;
  let active = -1;
  let quietUntil = 0;

  const activate = (place) => {
    active = place;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    if (active < 0) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    field.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    activate(-1);
    field.setAttribute("aria-expanded", "false");
  };

  const choose = (at) => {
    close();
    chosen(shown[at]);
  };

  const show = (suggestions) => {
    shown = suggestions;
    list.replaceChildren(...suggestions.map((suggestion, at) => {
      const { text, detail } = option(suggestion);
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const more = document.createElement("span");
      more.className = "option-detail";
      more.textContent = detail;
      item.append(text, " ", more);
      return item;
    }));
    activate(-1);
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(suggestions.length > 0));
  };

  const ask = async (text) => {
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(address(text), { signal });
      if (answer.status === 429) {
        // Pages have the same limit: suggestions wait until it is over.
        quietUntil = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || waitSecondsDefault);
      }
      const suggestions = answer.ok ? await answer.json() : [];
      if (!signal.aborted) {
        show(suggestions);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
      }
    }
  };

  field.addEventListener("input", () => {
    const text = typed();
    // An open list stays until the next one is there: otherwise it would flicker with each letter.
    clearTimeout(timer);
    asked?.abort();
    activate(-1);
    if (text.trim().length === 0 || Date.now() < quietUntil) {
      close();
      return;
    }
    timer = setTimeout(() => ask(text), pauseMilliseconds);
  });

  field.addEventListener("keydown", (event) => {
    // While a syllable is being composed, the keys belong to the input method.
    if (list.hidden || event.isComposing) {
      return;
    }
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      activate(event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });

  // A press keeps the focus in the field, so that typing goes on.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) {
      choose([...list.children].indexOf(item));
    }
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
};

// Searches lead to the question or tag that is chosen.
document.querySelectorAll("input[data-suggest]").forEach((field) => combobox(field, {
  typed: () => field.value,
  address: (text) => `${field.dataset.suggest}?q=${encodeURIComponent(text)}`,
  option: (found) => found,
  chosen: (found) => location.assign(found.address),
}));
