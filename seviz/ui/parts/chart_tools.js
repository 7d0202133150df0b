// What stands under a chart, as one tab stop: its figures as a table, and the chart as a picture.
// Plotly's own tool bar would be up to nine stops, and lie over legends.
window.sevizChartTools = (plot) => {
  const tools = document.createElement("div");
  tools.className = "chart-tools";
  tools.innerHTML = `<button type="button" aria-expanded="false">Read as a table, save</button>
    <div class="chart-panel" hidden></div>`;
  const [button, panel] = tools.children;
  plot.after(tools);
  const label = () => plot.getAttribute("aria-label") || "Chart";
  let shown = 0; // which of the tables

  const made = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
  function tableOf({ heads, rows }) {
    const table = document.createElement("table");
    table.append(made("caption", label()));
    const cell = (row, tag, text, scope) => row.append(made(tag, text, scope ? { scope } : {}));
    const head = table.createTHead().insertRow();
    heads.forEach((text) => cell(head, text ? "th" : "td", text, text && "col"));
    const body = table.createTBody();
    for (const texts of rows) {
      const row = body.insertRow();
      texts.forEach((text, i) => cell(row, i ? "td" : "th", text, i ? "" : "row"));
    }
    return table;
  }
  function build() {
    const tables = window.sevizTables(plot);
    shown = Math.min(shown, Math.max(tables.length - 1, 0));
    const bar = made("div", "", { className: "chart-actions" });
    for (const format of ["png", "svg"]) {
      bar.append(made("button", `Save ${format.toUpperCase()}`, { type: "button", onclick: () => save(format) }));
    }
    const region = made("div", "", { className: "figures", tabIndex: 0, role: "region", ariaLabel: "Table: " + label() });
    if (tables.length > 1) {
      const choice = made("select", "", { ariaLabel: "Rows of" });
      tables.forEach((table, i) => choice.append(made("option", table.name, { value: i })));
      choice.value = shown;
      choice.onchange = () => { shown = Number(choice.value); region.replaceChildren(tableOf(tables[shown])); };
      bar.prepend(choice);
    }
    if (tables.length) region.append(tableOf(tables[shown]));
    panel.replaceChildren(bar, region);
  }
  function save(format) {
    const style = getComputedStyle(plot);
    const page = style.getPropertyValue("--page").trim() || "white";
    const filename = "seviz-" + (label().toLowerCase().match(/[a-z0-9]+/g) ?? ["chart"]).slice(0, 6).join("-");
    const figure = { data: plot.data, layout: { ...plot.layout, paper_bgcolor: page } };
    const size = { width: plot.offsetWidth, height: plot.offsetHeight };
    window.sevizPlotly.then((Plotly) => Plotly.downloadImage(figure, { format, filename, ...size, scale: format === "png" ? 2 : 1 }));
  }
  function open(yes) {
    button.setAttribute("aria-expanded", yes);
    panel.hidden = !yes;
    if (yes) build(); else panel.replaceChildren();
  }
  button.onclick = () => open(panel.hidden);
  tools.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  });

  // Plotly cuts labels off at the chart's edge: move what reaches beyond it back.
  function keepInside() {
    const edge = plot.getBoundingClientRect();
    for (const text of plot.querySelectorAll(".hoverlayer .hovertext")) {
      const box = text.getBoundingClientRect();
      const by = Math.max(edge.left - box.left, 0) || Math.min(edge.right - box.right, 0);
      if (by) text.style.translate = `${by}px 0`;
    }
  }
  return {
    drawn(first) {
      tools.hidden = false;
      button.setAttribute("aria-label", "Read as a table, save: " + label());
      if (!panel.hidden) build();
      if (first) plot.on("plotly_hover", keepInside);
    },
    clear() { open(false); tools.hidden = true; },
  };
};
