// A PDF document on its page: draws the pages with PDF.js, marks what was cited, and lets the text be selected and read aloud.
// Without this script the reading view below shows the same text with the same passage marked.

const pixelRatioMax = 2;
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
    // The content policy compiles no WebAssembly; PDF.js has the same decoders in JavaScript.
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
  let zoom = 0;
  let current = Math.min(Math.max(Number(root.dataset.page) || 1, 1), pdf.numPages);

  root.querySelector("[data-page-count]").textContent = `${pdf.numPages}`;
  field.max = pdf.numPages;

  const scaleOf = (page) => (view.clientWidth / page.getViewport({ scale: 1 }).width) * zoomSteps[zoom];

  const markOn = (place, number, viewport) => {
    marks.filter((mark) => mark.page === number).forEach((mark) => {
      // The server measured the page as it is displayed; the shares hold at any zoom.
      const box = document.createElement("span");
      box.className = "pdf-mark";
      box.style.left = `${(100 * mark.x) / mark.pageWidth}%`;
      box.style.top = `${(100 * mark.y) / mark.pageHeight}%`;
      box.style.width = `${(100 * mark.width) / mark.pageWidth}%`;
      box.style.height = `${(100 * mark.height) / mark.pageHeight}%`;
      place.append(box);
    });
    place.style.height = `${viewport.height}px`;
    place.style.width = `${viewport.width}px`;
  };

  const draw = async (number) => {
    const place = places.get(number);
    const wanted = `${zoom} ${view.clientWidth}`;
    if (!place || place.dataset.drawn === wanted) {
      return;
    }
    place.dataset.drawn = wanted;
    const page = await pdf.getPage(number);
    const viewport = page.getViewport({ scale: scaleOf(page) });
    const ratio = Math.min(window.devicePixelRatio || 1, pixelRatioMax);
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${number}쪽`);
    const layer = document.createElement("div");
    layer.className = "pdf-text";
    place.style.setProperty("--total-scale-factor", `${viewport.scale}`);
    place.style.setProperty("--scale-factor", `${viewport.scale}`);
    await page.render({ canvas, viewport, transform: ratio === 1 ? null : [ratio, 0, 0, ratio, 0, 0], annotationMode: pdfjs.AnnotationMode.ENABLE }).promise;
    await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport }).render();
    if (place.dataset.drawn === wanted) {
      place.replaceChildren(canvas, layer);
      markOn(place, number, viewport);
    }
  };

  // Far pages give their canvas back: a phone has no memory for five hundred of them.
  const forget = () => {
    places.forEach((place, number) => {
      if (place.dataset.drawn && Math.abs(number - current) > pagesKept) {
        delete place.dataset.drawn;
        place.replaceChildren();
      }
    });
  };

  const near = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      draw(Number(entry.target.dataset.number)).catch(fail);
    });
  }, { root: view, rootMargin: "50% 0px" });

  const read = new IntersectionObserver((entries) => {
    const visible = entries.filter((entry) => entry.isIntersecting).map((entry) => Number(entry.target.dataset.number));
    if (visible.length > 0) {
      current = Math.min(...visible);
      field.value = current;
      forget();
    }
  }, { root: view, rootMargin: "-45% 0px -45% 0px" });

  const layOut = async () => {
    const first = await pdf.getPage(1);
    const sample = first.getViewport({ scale: scaleOf(first) });
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
      // Until it is drawn a page is taken to be as large as the first.
      place.style.width = `${sample.width}px`;
      place.style.height = `${sample.height}px`;
    }
  };

  const goTo = async (number) => {
    current = Math.min(Math.max(number, 1), pdf.numPages);
    field.value = current;
    await draw(current);
    const place = places.get(current);
    const mark = place.querySelector(".pdf-mark");
    const top = place.offsetTop - view.offsetTop + (mark ? Math.max(0, mark.offsetTop - (view.clientHeight / 3)) : 0);
    view.scrollTo({ top });
  };

  // After a change of the scale the same place stays in view: what was cited may stand at the edge of a page.
  const layOutAgain = async () => {
    const share = view.scrollTop / view.scrollHeight;
    places.forEach((place) => { delete place.dataset.drawn; });
    await layOut();
    view.scrollTop = share * view.scrollHeight;
    await Promise.all([current - 1, current, current + 1].map(draw));
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
  field.addEventListener("change", () => goTo(Number(field.value) || current).catch(fail));

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
    // What was cited is marked on its page: that is where its reader wants to look, not at the same words below.
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

// The text below stays: a file that PDF.js cannot draw can still be read.
const fail = (error) => {
  const state = root.querySelector("[data-pdf-state]");
  state.textContent = "원본 쪽을 그리지 못했습니다. 아래의 글을 읽거나 파일을 내려받으세요.";
  state.hidden = false;
  root.dataset.failed = `${error?.message ?? error}`;
};

root.hidden = false;
begin().then(show).catch(fail);
