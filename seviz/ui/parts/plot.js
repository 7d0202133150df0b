// Draws a Plotly figure with plotly.py's own plotly.js, and sends clicks back as `select`.
// `element`, `props`, `trigger` and `watch` are Gradio's; plot.py puts PLOTLY_SRC in front.
const host = element.querySelector(".plot-host");
const plot = document.createElement("div");
plot.className = "plot";
const frame = document.createElement("div");
frame.className = "selected-cell";
frame.hidden = true;
host.replaceChildren(plot, frame);
const tools = window.sevizChartTools(plot);
tools.clear();

const root = (window.gradio_config?.root || document.baseURI).replace(/\/+$/, "");
const config = {
  responsive: true, displaylogo: false, displayModeBar: false,
  showSendToCloud: false, plotlyServerURL: "",
};
// One download for all plots of the page; Gradio's own plotly.js, if any, is left in place.
window.sevizPlotly ??= new Promise((resolve, reject) => {
  const theirs = window.Plotly;
  const script = document.createElement("script");
  script.src = root + PLOTLY_SRC;
  script.onload = () => { const ours = window.Plotly; if (theirs) window.Plotly = theirs; resolve(ours); };
  script.onerror = () => reject(new Error("plotly.js could not be loaded"));
  document.head.appendChild(script);
});

const TOUCH = matchMedia("(pointer: coarse)").matches;

function themed(layout) {
  const style = getComputedStyle(element);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const [ink, grid] = [colour("--body-text-color", "#222"), colour("--border-color-primary", "#ddd")];
  const size = parseInt(colour("--type-chart", "12px"));
  return {
    ...window.sevizThemed(layout, { ink, grid, family: style.fontFamily, size }),
    // A finger on a chart scrolls the page; `meta.selects` is a lasso or a select (box).
    dragmode: TOUCH ? false : layout.meta?.selects ?? "zoom",
  };
}

// A figure as it was drawn, in nobody's colours, with that part of each axis that people see.
function seen({ data, layout }) {
  const axes = Object.entries(plot.layout).filter(([key]) => /^[xy]axis/.test(key)).map(([key, { range, autorange }]) =>
    [key, { ...layout[key], ...(range && { range: [...range], autorange }) }]);
  return { data, layout: { ...layout, ...Object.fromEntries(axes) } };
}

let narrow = false; // whether the figure is laid out for a narrow host
function fitted(figure) {
  narrow = window.sevizNarrow(figure, host.offsetWidth);
  return window.sevizFitted(figure, host.offsetWidth);
}

// One plot of the page is drawn after the other, and the browser may show each before the next.
window.sevizDrawing ??= Promise.resolve();
let wired = false;
let turns = () => false; // tells whether the drawn figure should be laid out for another width
function draw() {
  window.sevizDrawing = window.sevizDrawing.then(async () => {
    const Plotly = await window.sevizPlotly;
    if (!props.value) {
      Plotly.purge(plot);
      frameCell(plot, frame);
      tools.clear();
      for (const name of ["role", "aria-label"]) plot.removeAttribute(name);
      plot.style.height = "0";
      wired = false;
      return;
    }
    const figure = fitted(JSON.parse(props.value));
    const below = figure.layout.meta?.narrow?.below;
    plot.style.height = figure.layout.height + "px";
    plot.setAttribute("role", "figure"); // no “img”: what it holds can be clicked
    plot.setAttribute("aria-label", figure.layout.meta?.label ?? "");
    await Plotly.react(plot, figure.data, themed(figure.layout), config);
    plot.figureOnPaper = () => seen(figure);
    plot.dataset.drawn = Number(plot.dataset.drawn || 0) + 1;
    tools.drawn(!wired);
    frameCell(plot, frame);
    turns = () => below && host.offsetWidth > 0 && (host.offsetWidth < below) !== narrow;
    if (wired) return;
    wired = true;
    plot.on("plotly_click", (event) => {
      document.activeElement?.blur(); // Plotly leaves it to a field, which arrow keys would go to
      choose(gateOf(event, plot));
    });
    plot.on("plotly_selected", (event) => {
      if (!plot.layout.meta?.selects) return;
      const places = (event?.points ?? []).map((point) => point.customdata?.[0]);
      if (places.length) trigger("select", { places: places.filter(Number.isInteger) });
    });
    plot.on("plotly_hover", ({ points, event }) => window.seviz.showPicture(gateAt(points[0]), plot, event));
    plot.on("plotly_unhover", () => window.seviz.hidePicture());
    plot.on("plotly_hover", ({ points: [{ customdata }] }) => {
      if (!plot.layout.meta?.selects || !customdata) return;
      window.dispatchEvent(new CustomEvent("seviz:hover", { detail: customdata[0] }));
    });
    plot.on("plotly_afterplot", () => frameCell(plot, frame));
  }).catch((error) => { console.error(error); plot.textContent = "This figure could not be drawn: " + error.message; })
    .then(() => new Promise((next) => setTimeout(next)));
}

// Selects a gate; while a key is held down the server is asked for the last one only.
let asking;
function choose(gate, moved = false) {
  if (!gate) return;
  announce(gate);
  clearTimeout(asking);
  asking = setTimeout(() => trigger("select", { ...gate, moved }), moved ? 120 : 0);
}

// Plotly names a figure's own gradients and clips by the page's address, as the page has a <base>:
// when the address changes, they are named anew.
const NAMED = ["style", "fill", "clip-path"];
window.addEventListener("seviz:address", () => {
  const page = location.href.split("#")[0];
  if (plot._context) plot._context._baseUrl = page;
  for (const name of NAMED) {
    for (const part of plot.querySelectorAll(`[${name}*="url("]`)) {
      const text = part.getAttribute(name).replace(/url\((["']?)[^#)]*#/g, `url($1${page}#`);
      part.setAttribute(name, text);
    }
  }
});

window.addEventListener("seviz:select", () => frameCell(plot, frame));
window.addEventListener("seviz:move", (event) => {
  const gate = plot.offsetParent && !event.defaultPrevented && neighbourOf(plot, ...event.detail);
  if (!gate) return;
  event.preventDefault(); // one plot moves the selection; the others follow it
  choose(gate, true);
});

draw();
watch("value", draw);
new ResizeObserver(() => {
  if (turns()) draw();
  else if (wired && plot.offsetWidth > 0) window.sevizPlotly.then((Plotly) => Plotly.Plots.resize(plot));
}).observe(plot);
new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ["class"] });
