// Uploading: files are dropped, pasted or chosen; progress is shown while they are sent and while they are read.
// Without this script the form sends the chosen files and the list tells their state when it is loaded anew.

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
  const sizes = new Intl.NumberFormat("ko", { maximumFractionDigits: 1 });
  const sizeOf = (bytes) => (bytes < 1e6 ? `${sizes.format(bytes / 1e3)} kB` : `${sizes.format(bytes / 1e6)} MB`);

  let sending = false;

  const fault = (files) => {
    const large = files.find((file) => file.size > fileBytesMax);
    if (large) {
      return `${large.name}: 파일이 너무 큽니다. 파일 하나에 ${sizeOf(fileBytesMax)}까지 올릴 수 있습니다.`;
    }
    if (files.length > filesMax) {
      return `한 번에 ${filesMax}개까지 올릴 수 있습니다. 나누어 올려 주세요.`;
    }
    return files.reduce((sum, file) => sum + file.size, 0) > bytesMax ? `한 번에 ${sizeOf(bytesMax)}까지 올릴 수 있습니다. 나누어 올려 주세요.` : "";
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
      drop.textContent = "빼기";
      drop.setAttribute("aria-label", `${file.name} 빼기`);
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

  const said = {
    400: "로그인 상태가 바뀌었습니다. 페이지를 새로 고친 뒤 파일을 다시 골라 주세요.",
    401: "로그인이 끝났습니다. 새 창에서 로그인하고 이 페이지를 새로 고친 뒤 다시 올려 주세요.",
    413: "보낸 파일이 너무 큽니다. 나누어 올려 주세요.",
    507: "서버에 저장 공간이 부족해 받지 않았습니다. 관리자에게 알려 주세요. 고른 파일은 그대로 있습니다.",
    429: "요청이 너무 많습니다. 잠시 뒤에 다시 눌러 주세요.",
  };

  const send = () => {
    const data = new FormData(form); // before the field is closed, which would leave its files out
    const request = new XMLHttpRequest();
    const setSending = (value) => {
      sending = value;
      field.disabled = value;
      list.inert = value;
      button.disabled = value;
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest"); // a session that has ended is answered with 401 and not with the log-in page
    let told = "";
    request.upload.addEventListener("progress", (event) => {
      bar.hidden = false;
      bar.max = event.total || 1;
      bar.value = event.loaded;
      const tenth = Math.floor((10 * event.loaded) / (event.total || 1)) * 10; // it is read aloud: not each percent
      const next = event.loaded < event.total ? `보내는 중입니다. ${tenth}%` : "받은 파일을 저장하고 있습니다.";
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
        // An error page, told below by its status.
      }
      if (answer?.address) {
        location.assign(answer.address);
      } else {
        broken(said[request.status] ?? `파일을 보내지 못했습니다(${request.status}). 고른 파일은 그대로 있으니 다시 눌러 주세요.`);
      }
    });
    ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => broken("서버와 연결이 끊겼습니다. 고른 파일은 그대로 있으니 다시 눌러 주세요.")));
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
    // A folder is no file, and would break the request.
    add([...event.dataTransfer.items].filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()));
  });
  document.addEventListener("paste", (event) => {
    // What is pasted into a field is meant for it: copied cells carry a picture too.
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

// Rows that are being worked on look after themselves; one that is done is fetched anew, with its title, its pages and its warnings.
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
    // Where nothing moves it asks less and less often.
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
      if (words.textContent !== state.text) {
        words.textContent = state.text;
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
          told.textContent = `${row.dataset.title}: ${state.text}`;
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
