// Progress of downloads and checks, without reloading. Without this script the page's own link reloads it.

const pauseMilliseconds = 1000;
const pauseAfterFailureMilliseconds = 5000;
const lost = document.querySelector("[data-models-lost]");
// Razor writes a data attribute without a value as an empty attribute.
const shown = [...document.querySelectorAll("[data-job]")].filter((place) => place.dataset.job);

// Buttons and headings depend on the state: when it changes, the server renders the page again.
const isAsShown = (jobs) => jobs.length === shown.length
  && shown.every((place) => jobs.some((job) => job.model === place.dataset.job && job.state === place.dataset.state));

const show = (job) => {
  const place = shown.find((one) => one.dataset.job === job.model);
  place.querySelector("[data-text]").textContent = job.text;
  const bar = place.querySelector("progress");
  if (bar && job.total > 0) {
    bar.max = job.total;
    bar.value = job.done;
  }
};

const look = async () => {
  let pause = pauseMilliseconds;
  try {
    const answer = await fetch("/admin/models?handler=Progress", { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const jobs = await answer.json();
    lost.hidden = true;
    if (!isAsShown(jobs)) {
      location.reload();
      return;
    }
    jobs.forEach(show);
  } catch {
    lost.hidden = false;
    pause = pauseAfterFailureMilliseconds;
  }
  setTimeout(look, pause);
};

setTimeout(look, pauseMilliseconds);
