// The board's forms: a preview without leaving the page, and similar questions while a title is typed. The forms also work without this script.

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
