// Images in texts: chosen, pasted or dropped, they are uploaded and their Markdown is put at the cursor. Without this script a page uploads one.

const words = document.currentScript.dataset;
const imagesMax = 10;
const say = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, at) => values[at]);

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-image-field]").forEach((field) => {
  const text = document.getElementById(field.dataset.imageField);
  const chosen = field.querySelector("input");
  const state = field.querySelector("[role=status]");
  const bar = field.querySelector("progress");
  let last = Promise.resolve();

  const insert = (markdown) => {
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(before === "" || /\s$/.test(before) ? markdown : ` ${markdown}`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const refusal = (request) => {
    if (request.getResponseHeader("Content-Type")?.startsWith("text/plain")) {
      return request.responseText;
    }
    return words[`status-${request.status}`] ?? say("failed", request.status);
  };

  // Resolves to what is told when it is over.
  const send = (image) => new Promise((resolve) => {
    if (image.size > Number(words.bytesMax)) {
      resolve(`${image.name}: ${words["status-413"]}`);
      return;
    }
    const form = new FormData();
    form.append("__RequestVerificationToken", text.form.elements.__RequestVerificationToken.value);
    form.append("file", image, image.name);
    const request = new XMLHttpRequest();
    request.open("POST", words.images);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest"); // an ended session is answered with 401 instead of the log-in page
    request.upload.addEventListener("progress", (event) => {
      bar.max = event.total || 1;
      bar.value = event.loaded;
    });
    request.addEventListener("load", () => {
      if (request.status !== 201) {
        resolve(`${image.name}: ${refusal(request)}`);
        return;
      }
      insert(JSON.parse(request.responseText).markdown);
      resolve(say("added", image.name));
    });
    ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => resolve(say("lost"))));
    state.textContent = say("sending", image.name);
    bar.hidden = false;
    request.send(form);
  });

  const sendAll = async (images) => {
    const told = images.length > imagesMax ? [say("tooMany", imagesMax)] : [];
    for (const image of images.slice(0, imagesMax)) {
      told.push(await send(image));
    }
    bar.hidden = true;
    state.textContent = told.join(" ");
  };

  // One after another, in the order in which they were added.
  const add = (files) => {
    const images = [...files]; // the field empties its list
    last = last.then(() => sendAll(images));
  };

  field.querySelector("[data-image-page]").hidden = true;
  field.querySelector("[data-image-choice]").hidden = false;
  chosen.addEventListener("change", () => {
    add(chosen.files);
    chosen.value = "";
  });
  text.addEventListener("paste", (event) => {
    // A word processor offers its text also as a picture: then the text is meant.
    if (event.clipboardData.files.length > 0 && !event.clipboardData.types.includes("text/plain")) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  const isOfFiles = (event) => event.dataTransfer.types.includes("Files");
  text.addEventListener("dragover", (event) => {
    if (isOfFiles(event)) {
      event.preventDefault();
      text.classList.add("is-drop-target");
    }
  });
  ["dragleave", "dragend", "drop"].forEach((name) => text.addEventListener(name, () => text.classList.remove("is-drop-target")));
  text.addEventListener("drop", (event) => {
    if (isOfFiles(event)) {
      event.preventDefault();
      add(event.dataTransfer.files);
    }
  });
}));

// The toolbar: the element of the package writes most marks; this writes the others. Without this script there is none.
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("markdown-toolbar").forEach((bar) => {
  const text = document.getElementById(bar.getAttribute("for"));

  // As if typed, so that it can be undone.
  const write = (markdown, start, end, selectionStart, selectionEnd) => {
    text.focus();
    text.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, markdown)) {
      text.setRangeText(markdown, start, end, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    text.setSelectionRange(selectionStart, selectionEnd);
  };

  const acts = {
    // With stars: CommonMark reads the package's _ within a word, as before a Korean particle, as a letter.
    "type-italic": () => {
      const { selectionStart: start, selectionEnd: end, value } = text;
      const isMarked = /(^|[^*])\*$/.test(value.slice(0, start)) && /^\*($|[^*])/.test(value.slice(end));
      if (isMarked && start !== end) {
        write(value.slice(start, end), start - 1, end + 1, start - 1, end - 1);
      } else {
        write(`*${value.slice(start, end)}*`, start, end, start + 1, end + 1);
      }
    },
    table: () => {
      const { selectionEnd: end, value } = text;
      const gap = end === 0 ? "" : value.slice(0, end).endsWith("\n\n") ? "" : value.slice(0, end).endsWith("\n") ? "\n" : "\n\n";
      const first = words.column.replace("{0}", 1);
      const start = end + gap.length + "| ".length;
      write(`${gap}| ${first} | ${words.column.replace("{0}", 2)} |\n| --- | --- |\n|  |  |\n`, end, end, start, start + first.length);
    },
    image: () => document.getElementById(`${text.id}-images`).click(),
  };

  bar.hidden = false;
  bar.addEventListener("click", (event) => acts[event.target.closest("[data-writes]")?.dataset.writes]?.());
}));

// Drafts: a new text is saved on the server while it is written, after a pause in typing. Without this script a button saves it.
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-draft-field]").forEach((field) => {
  const pauseMilliseconds = 1500;
  const waitMillisecondsMax = 4000;
  const form = field.closest("form");
  const state = field.querySelector("[role=status]");
  const remove = field.querySelector("[data-draft-delete]");
  let timer = 0;
  let changes = 0;
  let saved = 0;
  let saving = null;
  let isWaiting = false;
  let isLeaving = false;

  // A word is read aloud only when it changes.
  const tell = (text) => {
    if (state.textContent !== text) {
      state.textContent = text;
    }
  };

  const sendDraft = async () => {
    const at = changes;
    try {
      const answer = await fetch(words.drafts, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "XMLHttpRequest" }, signal: AbortSignal.timeout(waitMillisecondsMax),
      });
      if (!answer.ok) {
        tell(words[`draft-${answer.status}`] ?? words.draftFailed);
        return;
      }
      saved = at;
      remove.hidden = false;
      tell(words.draftSaved);
    } catch {
      tell(words.draftFailed);
    }
  };

  // One request at a time, so that an older text never replaces a newer one.
  const save = async () => {
    clearTimeout(timer);
    await saving;
    if (saved !== changes) {
      saving = sendDraft();
      await saving;
    }
  };

  field.querySelector("[data-draft-save]").hidden = true;
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") {
      return;
    }
    changes += 1;
    clearTimeout(timer);
    timer = setTimeout(save, pauseMilliseconds);
  });

  // The last words are saved before the text is posted, in case the post is refused. Nothing is sent after it: that would bring the draft back.
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) {
      return;
    }
    if (isLeaving || event.submitter === remove || saved === changes) {
      clearTimeout(timer);
      isLeaving = true;
      // Its question whether to delete is asked after this.
      setTimeout(() => {
        isLeaving = !event.defaultPrevented;
      });
      return;
    }
    event.preventDefault();
    if (isWaiting) {
      return;
    }
    isWaiting = true;
    await save();
    await new Promise((resolve) => setTimeout(resolve)); // a form ignores a submission within its own submit event
    isWaiting = false;
    isLeaving = true;
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });

  addEventListener("beforeunload", (event) => {
    if (!isLeaving && saved !== changes) {
      event.preventDefault();
    }
  });
}));
