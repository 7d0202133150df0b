// Reads a drawn Plotly figure as tables of text: {heads, rows}, the first cell of a row its head.
// A trace's `meta` may be {column, key: "customdata", value: "customdata", marks}: the name of its
// column, what stands for x (or y) and for the value, and a sign after each value. A figure's own
// `meta.column` names what the cells of its heatmaps hold, where their colours mean something else.
window.sevizTables = (() => {
  const plain = (text) => String(text ?? "").replace(/<br\s*\/?>/g, " ").replace(/<[^>]*>/g, "");
  function written(value, format) {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value !== "number") return plain(value);
    if (format?.endsWith("%")) return (100 * value).toFixed(1).replace("-", "−") + " %";
    return String(Number(value.toPrecision(4))).replace("-", "−");
  }
  // What the figure says of a trace's axis; Plotly's own defaults name axes that have no name.
  const axis = (plot, trace, letter) =>
    plot.layout[(trace[letter + "axis"] ?? letter).replace(letter, letter + "axis")] ?? {};
  const hints = (trace) => (typeof trace.meta === "object" ? trace.meta : null) ?? {};

  // A heatmap of one row is a block's channels; any other is a map, row by row.
  function cells(trace, title) {
    if (trace.z.length > 1) {
      const columns = Array.from(trace.z[0], (_, i) => written(i));
      return { name: title, heads: ["row", ...columns],
        rows: Array.from(trace.z, (row, i) => [written(i), ...Array.from(row, (v) => written(v))]) };
    }
    const values = Array.isArray(trace.text) ? trace.text[0] : trace.z[0];
    const channels = trace.customdata?.[0] ?? [];
    return { name: plain(trace.meta), heads: ["channel", title], rows: Array.from(values, (value, i) =>
      [written(channels[i]?.[0] ?? channels[i] ?? i), written(value)]) };
  }

  // Plotly has counted a histogram's bins.
  function bins(plot, trace, place) {
    const title = plain(axis(plot, trace, "y").title?.text);
    return { name: "", heads: ["from", "to", title], rows: plot.calcdata[place].map((bin) =>
      [written(bin.ph0), written(bin.ph1), written(bin.s)]) };
  }

  // Lines and bars: one column a trace where every trace has a place once, one row a point otherwise.
  function series(plot, traces) {
    const byRows = (t) => t.orientation === "h" || Boolean(axis(plot, t, "y").ticktext?.length > 3);
    const letters = (t) => (byRows(t) ? ["y", "x"] : ["x", "y"]);
    const lists = traces.map((trace) => {
      const [key, value] = letters(trace);
      const { tickvals, ticktext } = axis(plot, trace, key);
      const tick = (at) => ticktext?.[tickvals?.indexOf(at)] ?? (byRows(trace) && ticktext?.[Math.round(at)]);
      // Points that have no place of their own are numbered.
      const keys = trace[hints(trace).key ?? key] ?? Array.from(trace[value], (_, i) => i);
      const values = hints(trace).value ? trace[hints(trace).value] : trace[value];
      const format = axis(plot, trace, value).tickformat ?? hints(trace).format;
      const named = (at) => (typeof at === "number" && !hints(trace).key && tick(at)) || at;
      return Array.from(keys, (at, i) => [
        written(named(at)),
        [written(values[i], format), hints(trace).marks?.[i]].filter(Boolean).join(" "),
      ]).filter(([at]) => at !== "");
    });
    const title = (letter) => plain(axis(plot, traces[0], letter).title?.text);
    const [key, value] = letters(traces[0]).map(title);
    const names = traces.map((t) => plain(hints(t).column ?? t._input?.name) || value || "value");
    if (lists.some((list) => new Set(list.map(([at]) => at)).size < list.length)) {
      return { name: "", heads: ["", key, value],
        rows: lists.flatMap((list, i) => list.map((pair) => [names[i], ...pair])) };
    }
    const maps = lists.map((list) => new Map(list));
    const keys = [...new Set(lists.flat().map(([at]) => at))];
    return { name: "", heads: [key, ...names],
      rows: keys.map((at) => [at, ...maps.map((map) => map.get(at) ?? "")]) };
  }

  return function tables(plot) {
    const full = plot._fullData.filter((trace) => trace.visible === true);
    const heatmaps = full.filter((trace) => trace.type === "heatmap");
    const bar = heatmaps.find((trace) => trace.colorbar?.title?.text)?.colorbar.title.text;
    const lines = full.filter((t) => ["scatter", "bar"].includes(t.type) && (t.x ?? t.y)
      && (t.hoverinfo !== "skip" || hints(t).column));
    return [
      ...heatmaps.map((trace) => cells(trace, plain(plot.layout.meta?.column ?? bar) || "value")),
      ...full.filter((t) => t.type === "histogram").map((t) => bins(plot, t, plot._fullData.indexOf(t))),
      ...(lines.length ? [series(plot, lines)] : []),
    ];
  };
})();
