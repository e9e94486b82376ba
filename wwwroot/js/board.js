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
  const pressed = event.submitter ?? form.querySelector("button");
  const place = [...form.querySelectorAll("button")].indexOf(pressed);
  const action = pressed.getAttribute("formaction") ?? form.action;
  try {
    const answer = await fetch(action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById(form.id);
    if (!answer.ok || !next) {
      location.assign(answer.url);
      return;
    }
    form.replaceWith(next);
    const warning = page.querySelector("main > .alert-danger");
    if (warning) {
      next.after(warning);
    }
    const buttons = next.querySelectorAll("button");
    buttons[Math.min(place, buttons.length - 1)].focus();
  } catch {
    form.action = action;
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

// Tags: suggestions for the one that is being typed.
document.querySelectorAll("input[data-tags]").forEach((field) => {
  // The tag at the cursor: its place in the text.
  const typed = () => {
    const start = field.value.slice(0, field.selectionStart).search(/[^\s,，、;]*$/);
    const rest = field.value.slice(start).search(/[\s,，、;]/);
    return { start, end: rest < 0 ? field.value.length : start + rest };
  };

  combobox(field, {
    typed: () => field.value.slice(typed().start, typed().end),
    address: (text) => `${field.dataset.tags}?q=${encodeURIComponent(text)}`,
    option: (tag) => ({ text: tag.text, detail: tag.questions }),
    chosen: (tag) => {
      const { start, end } = typed();
      const before = `${field.value.slice(0, start)}${tag.name}, `;
      field.value = before + field.value.slice(end).replace(/^[\s,，、;]+/, "");
      field.setSelectionRange(before.length, before.length);
    },
  });
});
