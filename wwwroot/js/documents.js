// Uploading: files are dropped, pasted or chosen; progress is shown while they are sent and while they are read.
// Without this script the form sends the chosen files and the list tells their state when it is loaded anew.

const pauseMilliseconds = 1500;
const pauseAfterFailureMilliseconds = 5000;
const form = document.querySelector("[data-upload]");

const setUp = () => {
  const field = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const list = form.querySelector("[data-chosen]");
  const state = form.querySelector("[data-upload-state]");
  const bar = form.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const bytesMax = Number(form.dataset.bytesMax);
  const sizes = new Intl.NumberFormat("ko", { maximumFractionDigits: 1 });
  const sizeOf = (bytes) => (bytes < 1e6 ? `${sizes.format(bytes / 1e3)} kB` : `${sizes.format(bytes / 1e6)} MB`);

  const showChosen = () => {
    list.replaceChildren(...[...field.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} (${sizeOf(file.size)})`;
      return item;
    }));
    const total = [...field.files].reduce((sum, file) => sum + file.size, 0);
    state.textContent = total > bytesMax ? `한 번에 ${sizeOf(bytesMax)}까지 올릴 수 있습니다. 나누어 올려 주세요.` : "";
    button.disabled = total > bytesMax;
  };

  const add = (files) => {
    const all = new DataTransfer();
    [...field.files, ...files].forEach((file) => all.items.add(file));
    field.files = all.files;
    showChosen();
  };

  const send = () => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      bar.hidden = false;
      bar.max = event.total || 1;
      bar.value = event.loaded;
      state.textContent = event.loaded < event.total ? `보내는 중입니다. ${Math.floor((100 * event.loaded) / event.total)}%` : "받은 파일을 저장하고 있습니다.";
    });
    const broken = (text) => {
      bar.hidden = true;
      button.disabled = false;
      state.textContent = text;
    };
    request.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // An error page, told below by its status.
      }
      if (answer?.address) {
        location.assign(answer.address);
      } else {
        broken(answer?.error ?? `파일을 보내지 못했습니다(${request.status}). 고른 파일은 그대로 있으니 다시 눌러 주세요.`);
      }
    });
    request.addEventListener("error", () => broken("서버와 연결이 끊겼습니다. 고른 파일은 그대로 있으니 다시 눌러 주세요."));
    button.disabled = true;
    request.send(new FormData(form));
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
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length > 0) {
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

// Rows that are being worked on look after themselves; when one is done the server writes its row anew.
const working = () => [...document.querySelectorAll("[data-progress]")];

const look = async () => {
  const rows = working();
  if (rows.length === 0) {
    return;
  }
  let pause = pauseMilliseconds;
  try {
    const ids = rows.map((row) => `id=${row.dataset.progress}`).join("&");
    const answer = await fetch(`/documents?handler=Progress&${ids}`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const states = new Map((await answer.json()).map((state) => [`${state.id}`, state]));
    rows.forEach((row) => {
      const state = states.get(row.dataset.progress);
      if (!state) {
        row.remove();
        return;
      }
      row.querySelector("[data-text]").textContent = state.text;
      const bar = row.querySelector("progress");
      if (state.isOpen && state.total > 0) {
        bar.max = state.total;
        bar.value = state.done;
      } else if (state.isOpen) {
        bar.removeAttribute("value");
      } else {
        bar.remove();
        delete row.dataset.progress;
        row.classList.toggle("is-failed", state.isFailed);
        if (row.dataset.reloads === "true") {
          location.reload();
        }
      }
    });
  } catch {
    pause = pauseAfterFailureMilliseconds;
  }
  setTimeout(look, pause);
};

setTimeout(look, pauseMilliseconds);
