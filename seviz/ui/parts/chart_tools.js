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
  let onGround = "white"; // what pictures are drawn on

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
    const ground = made("select", "", { ariaLabel: "Ground of the picture" });
    for (const name of Object.keys(window.SEVIZ_PRINT.grounds)) ground.append(made("option", `on ${name}`, { value: name }));
    ground.value = onGround;
    ground.onchange = () => { onGround = ground.value; };
    for (const format of ["png", "svg"]) {
      bar.append(made("button", `Save ${format.toUpperCase()}`, { type: "button", onclick: () => save(format) }));
    }
    bar.append(ground);
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
  // Where a figure is from: what it says itself, and the version and day.
  function source({ layout }) {
    const said = layout.meta?.source;
    return [...(said ? [said] : []), window.SEVIZ_VERSION, new Date().toISOString().slice(0, 10)].join(" · ");
  }
  function save(format) {
    const figure = plot.figureOnPaper();
    window.sevizSave(figure, { title: label(), source: source(figure), ground: onGround, width: plot.offsetWidth }, format);
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
