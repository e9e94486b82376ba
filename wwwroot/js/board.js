// The board's forms: a preview without leaving the page, and similar questions while a title is typed. Without it the forms do the same by themselves.

// The text is rendered by the server, with the same rules as the post.
document.querySelectorAll("form[data-preview]").forEach((form) => {
  const button = form.querySelector("button[name=preview]");
  let place = form.querySelector("#preview");
  if (!button) {
    return;
  }
  if (!place) {
    place = document.createElement("section");
    place.id = "preview";
    place.className = "preview";
    place.setAttribute("aria-label", "미리보기");
    place.setAttribute("aria-live", "polite");
    place.hidden = true;
    place.innerHTML = '<p class="preview-title">미리보기</p><div class="prose" data-preview-body></div>';
    form.append(place);
  }
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const body = place.querySelector("[data-preview-body]");
      if (answer.status === 429) {
        // Posting has places of its own; a form that is sent for a preview would take one.
        body.textContent = "미리보기를 너무 자주 눌렀습니다. 잠시 뒤에 다시 눌러 주세요.";
        place.hidden = false;
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      body.innerHTML = await answer.text();
      if (window.hljs) {
        body.querySelectorAll("pre code[class*='language-']").forEach((code) => window.hljs.highlightElement(code));
      }
      place.hidden = false;
      place.scrollIntoView({ block: "nearest" });
    } catch {
      // The page that comes back says what is wrong, and keeps the text.
      const asked = document.createElement("input");
      asked.type = "hidden";
      asked.name = "preview";
      asked.value = "true";
      form.append(asked);
      form.submit();
    }
  });
});

// Waits for a pause in typing; an answer that was overtaken is dropped.
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
