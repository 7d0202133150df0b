// Draws a report's charts with the plotly.js and the figures that are packed in the page.
// Nothing is fetched: scripts and texts alone are what this page has.
(() => {
  const charts = [...document.querySelectorAll(".chart")];
  const say = (text) => charts.forEach((chart) => { if (!chart.dataset.drawn) chart.textContent = text; });
  if (!window.DecompressionStream) {
    say("This browser can't unpack the chart; the tables and sentences of this report need nothing.");
    return;
  }
  async function unpacked(id) {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  window.sevizPlotly = unpacked("packed-plotly").then((code) => {
    const script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
    return window.Plotly;
  });
  const source = document.querySelector(".of").textContent;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const PAPER = 680; // CSS pixels between the margins of A4
  let figures = [];

  const coloured = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // `paper` draws in light colours and as wide as a sheet.
  function draw(Plotly, chart, paper = false) {
    const width = paper ? PAPER : chart.offsetWidth;
    const { data, layout } = window.sevizFitted(figures[Number(chart.dataset.chart)], width);
    const { ink, grid } = window.SEVIZ_PRINT;
    const colours = paper ? { ink, grid } : { ink: coloured("--ink"), grid: coloured("--line") };
    const { family } = paper ? window.SEVIZ_PRINT : { family: getComputedStyle(document.body).fontFamily };
    const themed = window.sevizThemed(layout, { ...colours, family, size: window.SEVIZ_PRINT.size });
    const touch = matchMedia("(pointer: coarse)").matches;
    chart.style.height = layout.height + "px";
    const config = { responsive: false, displayModeBar: false, showSendToCloud: false, plotlyServerURL: "" };
    return Plotly.react(chart, data, { ...themed, autosize: false, width, dragmode: touch ? false : "zoom" }, config);
  }
  function files(chart) {
    const row = document.createElement("div");
    row.className = "chart-files";
    for (const format of ["svg", "png"]) {
      const figure = () => figures[Number(chart.dataset.chart)];
      const title = chart.getAttribute("aria-label");
      const save = () => window.sevizSave(figure(), { title, source, ground: "white", width: chart.offsetWidth }, format);
      row.append(Object.assign(document.createElement("button"), { type: "button", textContent: `Save ${format.toUpperCase()}`, onclick: save }), " ");
    }
    chart.after(row);
  }
  async function start() {
    const Plotly = await window.sevizPlotly;
    figures = JSON.parse(await unpacked("packed-charts"));
    for (const chart of charts) {
      chart.textContent = "";
      await draw(Plotly, chart);
      chart.dataset.drawn = true;
      files(chart);
      await new Promise((next) => setTimeout(next)); // what is drawn shows before the next
    }
    const again = (paper) => charts.forEach((chart) => draw(Plotly, chart, paper));
    dark.addEventListener("change", () => again(false));
    addEventListener("beforeprint", () => again(true));
    addEventListener("afterprint", () => again(false));
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return; // a phone's address bar came or went
      width = innerWidth;
      again(false);
    });
    document.documentElement.dataset.drawn = true;
  }
  start().catch((error) => { console.error(error); say(`This chart could not be drawn: ${error.message}`); });
})();
