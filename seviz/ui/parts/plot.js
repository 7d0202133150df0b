// Draws a Plotly figure with plotly.py's own plotly.js, and sends clicks back as `select`.
// `element`, `props`, `trigger` and `watch` are Gradio's; plot.py puts PLOTLY_SRC in front.
const host = element.querySelector(".plot-host");
const plot = document.createElement("div");
plot.className = "plot";
host.replaceChildren(plot);

const root = (window.gradio_config?.root || document.baseURI).replace(/\/+$/, "");
const config = {
  responsive: true, displaylogo: false, displayModeBar: "hover",
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

function themed(layout) {
  const style = getComputedStyle(element);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const text = colour("--body-text-color", "#222");
  const grid = colour("--border-color-primary", "#ddd");
  const axes = Object.fromEntries(Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key))
    .map(([key, axis]) => [key, { gridcolor: grid, zerolinecolor: grid, linecolor: grid, ...axis }]));
  return {
    ...layout, ...axes, autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { size: 12, ...layout.font, color: text, family: style.fontFamily },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: text, activecolor: text },
  };
}

let drawing = Promise.resolve();
let wired = false;
function draw() {
  drawing = drawing.then(async () => {
    const Plotly = await window.sevizPlotly;
    if (!props.value) {
      Plotly.purge(plot);
      for (const name of ["role", "aria-label"]) plot.removeAttribute(name);
      plot.style.height = "0";
      wired = false;
      return;
    }
    const figure = JSON.parse(props.value);
    plot.style.height = figure.layout.height + "px";
    plot.setAttribute("role", "figure"); // no “img”: it holds the mode bar's links
    plot.setAttribute("aria-label", figure.layout.meta?.label ?? "");
    await Plotly.react(plot, figure.data, themed(figure.layout), config);
    plot.dataset.drawn = Number(plot.dataset.drawn || 0) + 1;
    if (wired) return;
    wired = true;
    plot.on("plotly_click", (event) => {
      const point = event.points?.[0];
      if (!Array.isArray(point?.pointNumber)) return; // only cells of a heatmap are clickable
      trigger("select", { name: point.data.meta ?? null, position: point.pointNumber[1] });
    });
  }).catch((error) => { console.error(error); plot.textContent = "This figure could not be drawn: " + error.message; });
}

draw();
watch("value", draw);
new ResizeObserver(() => {
  if (wired && plot.offsetWidth > 0) window.sevizPlotly.then((Plotly) => Plotly.Plots.resize(plot));
}).observe(plot);
new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ["class"] });
