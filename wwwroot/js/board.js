// The board's forms: a preview without leaving the page, similar questions while a title is typed, and tags. The forms also work without this script.

// The server renders the text, with the same rules as for the post.
document.querySelectorAll("form[data-preview]").forEach((form) => {
  const button = form.querySelector("button[name=preview]");
  const place = form.querySelector("#preview");
  if (!button) {
    return;
  }
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const body = place.querySelector("[data-preview-body]");
      if (answer.status === 429) {
        // Posting has a separate rate limit; submitting the form for a preview would count against it.
        body.textContent = place.dataset.tooOften;
        place.hidden = false;
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      body.innerHTML = await answer.text();
      place.hidden = false;
      place.scrollIntoView({ block: "nearest" });
    } catch {
      // The page that the server returns shows the error, and keeps the text.
      const asked = document.createElement("input");
      asked.type = "hidden";
      asked.name = "preview";
      asked.value = "true";
      form.append(asked);
      form.submit();
    }
  });
});

// A vote changes its count in place: the page that the server answers with has the new form.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-vote]");
  if (!form) {
    return;
  }
  event.preventDefault();
  if (form.dataset.sent) {
    return;
  }
  form.dataset.sent = "true";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById(form.id);
    if (!answer.ok || !next) {
      location.assign(answer.url);
      return;
    }
    form.replaceWith(next);
    next.querySelector("button").focus();
  } catch {
    form.submit();
  }
});

// A suggested answer that is being written: the server holds the request until it is there, or for a while.
document.querySelectorAll("[data-suggestion]").forEach(async (waiting) => {
  const triesMax = 30;
  let shown = waiting;
  try {
    for (let tries = 0; shown?.dataset.suggestion && tries < triesMax; tries += 1) {
      const answer = await fetch(shown.dataset.suggestion);
      if (!answer.ok) {
        return;
      }
      const fragment = document.createElement("template");
      fragment.innerHTML = await answer.text();
      const next = fragment.content.firstElementChild;
      if (next) {
        shown.replaceWith(next);
      } else {
        shown.remove();
      }
      shown = next;
    }
  } catch {
    // Offline: the link on the page loads it again.
  }
});

// Waits for a pause in typing; drops outdated answers.
document.querySelectorAll("input[data-similar]").forEach((title) => {
  const pauseMilliseconds = 400;
  const place = document.getElementById("similar");
  let timer = 0;
  let asked = null;
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${title.dataset.similar}?title=${encodeURIComponent(title.value)}`, { signal: asked.signal });
        place.innerHTML = answer.ok ? await answer.text() : "";
      } catch (error) {
        if (error.name !== "AbortError") {
          place.innerHTML = "";
        }
      }
    }, pauseMilliseconds);
  });
});

// Tags: suggestions for the one that is being typed, as a combobox with a list of options. Without this script the field is plain text.
document.querySelectorAll("input[data-tags]").forEach((field) => {
  const pauseMilliseconds = 150;
  const list = document.createElement("ul");
  list.id = `${field.id}-options`;
  list.className = "tag-options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.listName);
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let timer = 0;
  let asked = null;
  let active = -1;

  // The tag at the cursor: its place in the text.
  const typed = () => {
    const start = field.value.slice(0, field.selectionStart).search(/[^\s,，、;]*$/);
    const rest = field.value.slice(start).search(/[\s,，、;]/);
    return { start, end: rest < 0 ? field.value.length : start + rest };
  };

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    const { start, end } = typed();
    const before = `${field.value.slice(0, start)}${option.dataset.name}, `;
    field.value = before + field.value.slice(end).replace(/^[\s,，、;]+/, "");
    field.setSelectionRange(before.length, before.length);
    close();
  };

  const activate = (place) => {
    active = place;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    field.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const show = (tags) => {
    list.replaceChildren(...tags.map((tag, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.dataset.name = tag.name;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const questions = document.createElement("span");
      questions.className = "tag-count";
      questions.textContent = tag.questions;
      option.append(tag.name, " ", questions);
      return option;
    }));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = tags.length === 0;
    field.setAttribute("aria-expanded", String(tags.length > 0));
  };

  field.addEventListener("input", () => {
    const { start, end } = typed();
    const text = field.value.slice(start, end);
    close();
    if (text.length === 0) {
      return;
    }
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const answer = await fetch(`${field.dataset.tags}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
        show(answer.ok ? await answer.json() : []);
      } catch (error) {
        if (error.name !== "AbortError") {
          close();
        }
      }
    }, pauseMilliseconds);
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
      choose(list.children[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });

  // A press keeps the focus in the field, so that typing goes on.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      choose(option);
    }
  });
  field.addEventListener("blur", close);
});
