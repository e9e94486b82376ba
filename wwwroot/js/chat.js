// The chat: shows an answer while it is written. Without this script every form works and the page loads with the complete answer.

const attachesMax = 5;
const bottomSlackPixels = 120;

// Tells the server that it need not wait for the answer.
const enableLive = (within) => within.querySelectorAll("[data-live]").forEach((field) => { field.disabled = false; });

// How far the chat's end, below which is the footer, is under the window's.
const belowWindow = () => document.querySelector(".chat").getBoundingClientRect().bottom - window.innerHeight;

// Keeps the scroll position, or follows the end if the reader is there.
const keepBottom = (change) => {
  const follows = belowWindow() <= bottomSlackPixels;
  change();
  if (follows && belowWindow() > 0) {
    window.scrollBy({ top: belowWindow() });
  }
};

const showSources = (list, sources) => {
  list.replaceChildren(...sources.map((source) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = source.title;
    if (source.url.startsWith("/")) {
      link.href = source.url;
    }
    item.value = source.number;
    item.append(link);
    return item;
  }));
  list.hidden = sources.length === 0;
};

const copiedMilliseconds = 2000;

// A browser has no clipboard for a page over plain HTTP from another machine; there a selection is copied.
const copySelected = (text) => {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.readOnly = true;
  field.value = text;
  document.body.append(field);
  field.select();
  field.setSelectionRange(0, text.length);
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
};

const copyButton = (turn, text) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = turn.dataset.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    button.textContent = await copy(text) ? turn.dataset.copied : turn.dataset.copyFailed;
    setTimeout(() => { button.textContent = turn.dataset.copy; }, copiedMilliseconds);
  });
  return button;
};

// Buttons that copy an answer and its blocks of code.
const addCopyButtons = (turn) => {
  const answer = turn.querySelector(".turn-answer.prose");
  if (!answer) {
    return;
  }
  turn.querySelector("[data-copy-place]")?.replaceChildren(copyButton(turn, answer.innerText.trim()));
  answer.querySelectorAll("pre").forEach((block) => {
    const frame = document.createElement("div");
    frame.className = "code-block";
    block.replaceWith(frame);
    frame.append(block, copyButton(turn, block.textContent));
  });
};

// When the answer is complete, the server's own rendering replaces the plain text.
const replaceTurn = async (turn, attaches) => {
  const answer = await fetch(turn.dataset.turn, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("article[data-turn]");
  if (answer.redirected || !next) {
    throw new Error("no turn"); // the session ended elsewhere: this is the log-in page
  }
  const hadFocus = "stopped" in turn.dataset || turn.contains(document.activeElement);
  keepBottom(() => turn.replaceWith(next));
  if (hadFocus) {
    next.querySelector("[data-again]")?.focus({ preventScroll: true });
  }
  enableLive(next);
  addCopyButtons(next);
  if (!document.querySelector(".turn.is-open")) {
    document.querySelector(".conversation-title[aria-current] ~ .conversation-open")?.remove();
  }
  if (next.matches(".is-open") && attaches < attachesMax) {
    follow(next, attaches + 1);
  }
};

const follow = (turn, attaches = 1) => {
  const state = turn.querySelector("[data-state]");
  const note = turn.querySelector("[data-note]");
  const shown = turn.querySelector("[data-text]");
  const reload = turn.querySelector("[data-reload]");
  reload.hidden = true;
  let text = "";

  const broken = () => {
    state.textContent = turn.dataset.lost;
    reload.hidden = false;
  };

  const events = new EventSource(`${turn.dataset.turn}/events`);
  events.addEventListener("state", (event) => {
    state.textContent = JSON.parse(event.data).text;
  });
  events.addEventListener("sources", (event) => {
    const found = JSON.parse(event.data);
    state.textContent = found.state;
    turn.querySelector("[data-model]").textContent = found.model ?? "";
    note.textContent = found.note ?? "";
    note.hidden = !found.note;
    keepBottom(() => showSources(turn.querySelector("[data-sources]"), found.items));
  });
  events.addEventListener("token", (event) => {
    text += JSON.parse(event.data).text;
    keepBottom(() => { shown.textContent = text; });
  });
  events.addEventListener("done", () => {
    events.close();
    replaceTurn(turn, attaches).catch(broken);
  });
  // The browser reconnects by itself after a lost connection, and sends its position; a refusal is final.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) {
      broken();
    }
  });
};

enableLive(document);
document.querySelectorAll(".turn").forEach(addCopyButtons);
document.querySelectorAll(".turn.is-open").forEach((turn) => follow(turn));

// Stops without leaving the page: the stream reports the stop.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("stop" in form.dataset)) {
    return;
  }
  event.preventDefault();
  const button = form.querySelector("button");
  const turn = form.closest("[data-turn]");
  // Before the request: the stream may end before its answer arrives.
  turn.dataset.stopped = "";
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (answer.type !== "opaqueredirect") {
      throw new Error(`${answer.status}`);
    }
  } catch {
    delete turn.dataset.stopped;
    button.disabled = false;
    turn.querySelector("[data-state]").textContent = turn.dataset.stopFailed;
  }
});

document.querySelectorAll("[data-ask]").forEach((form) => {
  const box = form.querySelector("textarea");
  const button = form.querySelector("[type=submit]");
  const hasKeyboard = window.matchMedia("(pointer: fine)").matches;
  form.querySelector("[data-keys]").hidden = !hasKeyboard;

  // Enter ends a syllable that is still being composed and must not send it; some browsers signal this with 229.
  box.addEventListener("keydown", (event) => {
    const isComposing = event.isComposing || event.keyCode === 229;
    const sends = event.ctrlKey || event.metaKey || (hasKeyboard && !event.shiftKey && !event.altKey);
    if (event.key === "Enter" && !isComposing && sends) {
      event.preventDefault();
      if (box.value.trim() && !button.disabled) {
        form.requestSubmit();
      }
    }
  });

  // A browser that goes to a place on the page takes the focus away from the box.
  window.addEventListener("load", () => requestAnimationFrame(() => {
    if (hasKeyboard && document.activeElement === document.body) {
      box.focus({ preventScroll: true });
    }
  }));

  // Also when the browser restores an earlier choice.
  const answerer = form.querySelector("[name='Input.Answerer']");
  const warning = form.querySelector("[data-pretrained-warning]");
  const warn = () => {
    if (answerer && warning) {
      warning.hidden = answerer.selectedOptions[0].dataset.pretrained !== "true";
    }
  };
  answerer?.addEventListener("change", warn);

  form.addEventListener("submit", () => { button.disabled = true; });
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    warn();
  });
});

// The whole address of a shared conversation, to be copied as it is shown.
document.querySelectorAll("[data-share-link]").forEach((link) => { link.textContent = link.href; });
