// A PDF document on its page: draws the pages with PDF.js, marks the cited passage, and lets the text be selected and read aloud.
// Without this script the reading view below shows the same text with the same passage marked.

const pixelRatioMax = 2;
// The most that a phone's browser allows for one canvas; a larger one stays white without an error.
const canvasPixelsMax = 16_000_000;
const canvasSideMax = 16_000;
const zoomSteps = [1, 1.25, 1.5, 2, 3];
const pagesKept = 6;
const root = document.querySelector("[data-pdf]");
const library = new URL(root.dataset.library, location.href);

const begin = async () => {
  const pdfjs = await import(new URL(`pdf.min.mjs${library.search}`, library));
  pdfjs.GlobalWorkerOptions.workerSrc = new URL(`pdf.worker.min.mjs${library.search}`, library).href;
  const task = pdfjs.getDocument({
    url: root.dataset.pdf,
    cMapUrl: new URL("cmaps/", library).href,
    cMapPacked: true,
    standardFontDataUrl: new URL("standard_fonts/", library).href,
    wasmUrl: new URL("wasm/", library).href,
    // The content policy forbids WebAssembly; PDF.js has the same decoders in JavaScript.
    useWasm: false,
    enableXfa: false,
    isEvalSupported: false,
  });
  return { pdfjs, pdf: await task.promise };
};

const show = ({ pdfjs, pdf }) => {
  const view = root.querySelector("[data-pages]");
  const field = root.querySelector("[data-page-number]");
  const state = root.querySelector("[data-pdf-state]");
  const marks = JSON.parse(root.dataset.marks || "[]");
  const places = new Map();
  const nearby = new Set();
  const atTop = new Set();
  let drawing = Promise.resolve();
  let target = 0;
  let ledTo = -Infinity;
  let zoom = 0;
  let current = Math.min(Math.max(Number(root.dataset.page) || 1, 1), pdf.numPages);

  root.querySelector("[data-page-count]").textContent = `${pdf.numPages}`;
  field.max = pdf.numPages;

  const scaleOf = (page) => (view.clientWidth / page.getViewport({ scale: 1 }).width) * zoomSteps[zoom];

  const pixelRatioOf = ({ width, height }) => Math.min(
    window.devicePixelRatio || 1, pixelRatioMax, Math.sqrt(canvasPixelsMax / (width * height)), canvasSideMax / Math.max(width, height));

  const markOn = (place, number) => {
    marks.filter((mark) => mark.page === number).forEach((mark) => {
      // The server measured the page as displayed; the proportions are the same at any zoom.
      const box = document.createElement("span");
      box.className = "pdf-mark";
      box.style.left = `${(100 * mark.x) / mark.pageWidth}%`;
      box.style.top = `${(100 * mark.y) / mark.pageHeight}%`;
      box.style.width = `${(100 * mark.width) / mark.pageWidth}%`;
      box.style.height = `${(100 * mark.height) / mark.pageHeight}%`;
      place.append(box);
    });
  };

  // Some browsers keep the pixels of a removed canvas until it is collected: empty it first.
  const release = (canvas) => {
    canvas.width = 0;
    canvas.height = 0;
  };

  const empty = (place) => {
    place.querySelectorAll("canvas").forEach(release);
    place.replaceChildren();
    place.classList.remove("is-broken");
    delete place.dataset.drawn;
    delete place.dataset.failed;
  };

  const scaleWanted = () => `${zoom} ${view.clientWidth}`;

  const render = async (number, canvas, layer) => {
    const page = await pdf.getPage(number);
    const viewport = page.getViewport({ scale: scaleOf(page) });
    const ratio = pixelRatioOf(viewport);
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    const place = places.get(number);
    place.style.setProperty("--total-scale-factor", `${viewport.scale}`);
    place.style.setProperty("--scale-factor", `${viewport.scale}`);
    await page.render({ canvas, viewport, transform: ratio === 1 ? null : [ratio, 0, 0, ratio, 0, 0], annotationMode: pdfjs.AnnotationMode.ENABLE }).promise;
    await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport }).render();
    page.cleanup();
    return viewport;
  };

  const drawNow = async (number) => {
    const place = places.get(number);
    const wanted = scaleWanted();
    if (place.dataset.drawn === wanted) {
      return;
    }
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", root.dataset.pageLabel.replace("{0}", number));
    const layer = document.createElement("div");
    layer.className = "pdf-text";
    try {
      const viewport = await render(number, canvas, layer);
      if (wanted !== scaleWanted()) {
        release(canvas);
        return;
      }
      empty(place);
      place.append(canvas, layer);
      place.style.width = `${viewport.width}px`;
      place.style.height = `${viewport.height}px`;
      markOn(place, number);
    } catch (error) {
      // The other pages can still be drawn.
      release(canvas);
      empty(place);
      place.classList.add("is-broken");
      place.textContent = root.dataset.pageBroken.replace("{0}", number);
      place.dataset.failed = `${error?.message ?? error}`;
    }
    place.dataset.drawn = wanted;
  };

  // Draws one page at a time; a page that was scrolled past is skipped.
  const draw = (number) => {
    drawing = drawing.then(() => (number === current || nearby.has(number) ? drawNow(number) : null));
    return drawing;
  };

  // Distant pages release their canvas: a phone has no memory for five hundred of them.
  const forget = () => {
    places.forEach((place, number) => {
      if (place.dataset.drawn && !nearby.has(number) && Math.abs(number - current) > pagesKept) {
        empty(place);
      }
    });
  };

  const record = (set, entries) => entries.forEach((entry) => {
    const number = Number(entry.target.dataset.number);
    if (entry.isIntersecting) {
      set.add(number);
    } else {
      set.delete(number);
    }
  });

  const near = new IntersectionObserver((entries) => {
    record(nearby, entries);
    forget();
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      draw(Number(entry.target.dataset.number)).catch(fail);
    });
  }, { root: view, rootMargin: "50% 0px" });

  // The page at the top is the one being read: several short pages may be in view.
  const read = new IntersectionObserver((entries) => {
    record(atTop, entries);
    // After a button or a page number the requested page stays current: the last ones cannot reach the top.
    if (atTop.size > 0 && target === 0 && Math.abs(view.scrollTop - ledTo) > 1) {
      current = Math.min(...atTop);
      field.value = current;
      ledTo = -Infinity;
      forget();
    }
  }, { root: view, rootMargin: "0px 0px -90% 0px" });

  const sizeOfFirst = async () => {
    try {
      const first = await pdf.getPage(1);
      return first.getViewport({ scale: scaleOf(first) });
    } catch {
      const width = view.clientWidth * zoomSteps[zoom];
      return { width, height: width * Math.SQRT2 };
    }
  };

  const layOut = async () => {
    const sample = await sizeOfFirst();
    for (let number = 1; number <= pdf.numPages; number += 1) {
      let place = places.get(number);
      if (!place) {
        place = document.createElement("div");
        place.className = "pdf-page";
        place.dataset.number = `${number}`;
        places.set(number, place);
        view.append(place);
        near.observe(place);
        read.observe(place);
      }
      // Until a page is drawn, assume the size of the first page.
      if (place.dataset.drawn !== scaleWanted()) {
        place.style.width = `${sample.width}px`;
        place.style.height = `${sample.height}px`;
      }
    }
  };

  const goTo = async (number) => {
    const wanted = Math.min(Math.max(number, 1), pdf.numPages);
    target = wanted;
    current = wanted;
    field.value = wanted;
    await draw(wanted);
    if (target !== wanted) {
      return;
    }
    const place = places.get(wanted);
    const mark = place.querySelector(".pdf-mark");
    const top = place.offsetTop + (mark ? Math.max(0, mark.offsetTop - (view.clientHeight / 3)) : 0);
    view.scrollTo({ top });
    ledTo = view.scrollTop;
    target = 0;
    forget();
  };

  // After a change of the scale the same place stays in view: a citation may be at the edge of a page.
  const layOutAgain = async () => {
    const share = view.scrollTop / view.scrollHeight;
    places.forEach((place, number) => {
      if (number !== current && !nearby.has(number)) {
        empty(place);
      }
    });
    await layOut();
    view.scrollTop = share * view.scrollHeight;
    await Promise.all([current, ...nearby].map(draw));
  };

  const zoomTo = (step) => {
    zoom = Math.min(Math.max(step, 0), zoomSteps.length - 1);
    root.querySelector("[data-zoom-out]").disabled = zoom === 0;
    root.querySelector("[data-zoom-in]").disabled = zoom === zoomSteps.length - 1;
    return layOutAgain();
  };

  root.querySelector("[data-previous]").addEventListener("click", () => goTo(current - 1).catch(fail));
  root.querySelector("[data-next]").addEventListener("click", () => goTo(current + 1).catch(fail));
  root.querySelector("[data-zoom-in]").addEventListener("click", () => zoomTo(zoom + 1).catch(fail));
  root.querySelector("[data-zoom-out]").addEventListener("click", () => zoomTo(zoom - 1).catch(fail));
  field.addEventListener("change", () => goTo(Math.trunc(Number(field.value)) || current).catch(fail));

  const keepWidth = () => {
    let width = view.clientWidth;
    new ResizeObserver(() => {
      if (view.clientWidth !== width && view.clientWidth > 0) {
        width = view.clientWidth;
        layOutAgain().catch(fail);
      }
    }).observe(view);
  };

  const open = async () => {
    const cited = current;
    await layOut();
    await goTo(cited);
    // The citation is marked on its page: show the reader that page, not the same words below.
    if (marks.length > 0) {
      root.scrollIntoView();
      view.focus({ preventScroll: true });
    }
    keepWidth();
  };

  state.hidden = true;
  root.querySelector("[data-pdf-tools]").hidden = false;
  root.querySelector("[data-zoom-out]").disabled = true;
  open().catch(fail);
};

// The text below remains: a file that PDF.js cannot draw can still be read.
const fail = (error) => {
  const state = root.querySelector("[data-pdf-state]");
  state.textContent = root.dataset.broken;
  state.hidden = false;
  root.querySelector("[data-pdf-tools]").hidden = true;
  root.dataset.failed = `${error?.message ?? error}`;
};

root.hidden = false;
begin().then(show).catch(fail);
