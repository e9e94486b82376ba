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
