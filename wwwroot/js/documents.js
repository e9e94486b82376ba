// Uploading: files are dropped, pasted or chosen; the page shows progress while they are sent and while they are read.
// Without this script the form sends the chosen files and the list shows their state after a reload.

const pauseMilliseconds = 1500;
const pauseMillisecondsMax = 15000;
const pauseGrowth = 1.5;
const form = document.querySelector("[data-upload]");

const setUp = () => {
  const field = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const list = form.querySelector("[data-chosen]");
  const state = form.querySelector("[data-upload-state]");
  const bar = form.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const bytesMax = Number(form.dataset.bytesMax);
  const fileBytesMax = Number(form.dataset.fileBytesMax);
  const filesMax = Number(form.dataset.filesMax);
  const sizes = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const sizeOf = (bytes) => (bytes < 1e6 ? `${sizes.format(bytes / 1e3)} kB` : `${sizes.format(bytes / 1e6)} MB`);

  // The page's own words, with the values filled in.
  const say = (name, ...values) => values.reduce((text, value, at) => text.replace(`{${at}}`, () => value), form.dataset[name]);

  let sending = false;

  const fault = (files) => {
    const large = files.find((file) => file.size > fileBytesMax);
    if (large) {
      return say("fileTooLarge", large.name, sizeOf(fileBytesMax));
    }
    if (files.length > filesMax) {
      return say("tooManyFiles", filesMax);
    }
    return files.reduce((sum, file) => sum + file.size, 0) > bytesMax ? say("tooLarge", sizeOf(bytesMax)) : "";
  };

  const choose = (files) => {
    const all = new DataTransfer();
    files.forEach((file) => all.items.add(file));
    field.files = all.files;
    showChosen();
  };

  const showChosen = () => {
    const files = [...field.files];
    list.replaceChildren(...files.map((file, at) => {
      const item = document.createElement("li");
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-sm btn-outline-secondary";
      drop.textContent = say("remove");
      drop.setAttribute("aria-label", say("removeOf", file.name));
      drop.addEventListener("click", () => {
        choose(files.filter((_, other) => other !== at));
        field.focus();
      });
      item.append(`${file.name} (${sizeOf(file.size)}) `, drop);
      return item;
    }));
    state.textContent = fault(files);
    button.disabled = sending || state.textContent !== "";
  };

  const add = (files) => {
    if (!sending) {
      choose([...field.files, ...files]);
    }
  };

  const send = () => {
    const data = new FormData(form); // before the field is disabled, which would leave its files out
    const request = new XMLHttpRequest();
    const setSending = (value) => {
      sending = value;
      field.disabled = value;
      list.inert = value;
      button.disabled = value;
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest"); // an ended session is answered with 401 instead of the log-in page
    let told = "";
    request.upload.addEventListener("progress", (event) => {
      bar.hidden = false;
      bar.max = event.total || 1;
      bar.value = event.loaded;
      const tenth = Math.floor((10 * event.loaded) / (event.total || 1)) * 10; // screen readers read it aloud: not every percent
      const next = event.loaded < event.total ? say("sending", tenth) : say("storing");
      if (next !== told) {
        told = next;
        state.textContent = next;
      }
    });
    const broken = (text) => {
      bar.hidden = true;
      setSending(false);
      state.textContent = text;
    };
    request.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // An error page, handled below by its status.
      }
      if (answer?.refused?.length > 0) {
        // More than a notice can name: each is listed here before the page is left.
        const refused = form.querySelector("[data-refused]");
        refused.replaceChildren(...answer.refused.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
        refused.hidden = false;
        form.querySelector("[data-refused-next]").hidden = false;
        choose([]);
        broken(say("refusedFiles", answer.refused.length));
      } else if (answer?.address) {
        location.assign(answer.address);
      } else {
        broken(form.dataset[`status-${request.status}`] ?? say("failed", request.status));
      }
    });
    ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => broken(say("lost"))));
    setSending(true);
    request.send(data);
  };

  form.querySelector("[data-drop-hint]").hidden = false;
  field.addEventListener("change", showChosen);
  ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  }));
  ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("is-over")));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    // A folder is not a file, and would break the request.
    add([...event.dataTransfer.items].filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()));
  });
  document.addEventListener("paste", (event) => {
    // A paste into a field is meant for the field: copied cells carry a picture too.
    const isField = event.target.closest?.("input:not([type=file]), textarea, select");
    if (!isField && event.clipboardData?.files.length > 0) {
      event.preventDefault();
      form.closest("details")?.setAttribute("open", "");
      add(event.clipboardData.files);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
};

if (form) {
  setUp();
}

// Rows in progress update themselves; a finished row is fetched again, with its title, its pages and its warnings.
const working = () => [...document.querySelectorAll("[data-progress]")];

const renew = async (ids) => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  ids.forEach((id) => {
    const next = page.querySelector(`[data-document="${id}"]`);
    if (next) {
      document.querySelector(`[data-document="${id}"]`)?.replaceWith(next);
    }
  });
};

let pause = pauseMilliseconds;
let last = "";

const look = async () => {
  const rows = working();
  if (rows.length === 0) {
    return;
  }
  if (document.hidden) {
    setTimeout(look, pauseMillisecondsMax);
    return;
  }
  try {
    const ids = rows.map((row) => `id=${row.dataset.progress}`).join("&");
    const answer = await fetch(`/documents?handler=Progress&${ids}`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const body = await answer.text();
    // Polls less and less often while nothing changes.
    pause = body === last ? Math.min(pause * pauseGrowth, pauseMillisecondsMax) : pauseMilliseconds;
    last = body;
    const states = new Map(JSON.parse(body).map((state) => [`${state.id}`, state]));
    const ended = [];
    rows.forEach((row) => {
      const state = states.get(row.dataset.progress);
      if (!state) {
        row.remove();
        return;
      }
      const words = row.querySelector("[data-text]");
      if (words.innerHTML !== state.html) {
        words.innerHTML = state.html;
      }
      const bar = row.querySelector("progress");
      if (state.isOpen && state.total > 0) {
        bar.max = state.total;
        bar.value = state.done;
      } else if (state.isOpen) {
        bar.removeAttribute("value");
      } else {
        bar.remove();
        ended.push(row.dataset.progress);
        delete row.dataset.progress;
        row.classList.toggle("is-failed", state.isFailed);
        const told = document.querySelector("[data-progress-told]");
        if (told) {
          told.textContent = `${row.dataset.title}: ${words.textContent}`;
        }
        if (row.dataset.reloads === "true") {
          location.reload();
        }
      }
    });
    if (ended.length > 0) {
      await renew(ended);
    }
  } catch {
    pause = pauseMillisecondsMax;
  }
  setTimeout(look, pause);
};

setTimeout(look, pauseMilliseconds);
