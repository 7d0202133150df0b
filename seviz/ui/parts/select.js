// One selection for the page: the gate of a block's channel, marked in every plot that shows it.
// `window.seviz.selected` is {name, channel}; a “seviz:select” event tells every plot of a change.
window.seviz ??= {};

// Returns the gate under a point of a plot: a heatmap's cell, a block that is the point's id, or a
// point of a line whose `meta` names its block, and its custom data, if any, the channel.
function gateAt(point) {
  if (!point) return null;
  if (Array.isArray(point.pointNumber)) {
    const channel = channelsOf(point.fullData)[point.pointNumber[1]];
    return channel === undefined ? null : { name: point.fullData.meta, channel };
  }
  if (point.fullData?.meta?.block) return { name: point.fullData.meta.block, channel: point.customdata ?? null };
  return point.id ? { name: point.id, channel: null } : null;
}

// Returns the gate that a click is on. Where rows of cells are drawn, the click's own place decides:
// Plotly looks for points once in 50 ms, and of a click just after that it tells the last ones.
function gateOf(click, plot) {
  const gate = gateAt(click.points?.[0]);
  return gate?.channel == null || !rowsOf(plot).length ? gate : gateUnder(click.event.changedTouches?.[0] ?? click.event, plot);
}

// Returns the gate whose cell is under a pointer; null where none is.
function gateUnder(pointer, plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const { left, top } = plot.getBoundingClientRect();
  const x = xaxis.p2l(pointer.clientX - left - xaxis._offset);
  const y = yaxis.p2l(pointer.clientY - top - yaxis._offset);
  const row = rowsOf(plot).find(({ y0, dy = 1 }) => Math.abs(y - y0) <= dy / 2);
  const channel = row && channelsOf(row)[Math.round((x - row.x0) / row.dx)];
  return channel === undefined ? null : { name: row.meta, channel };
}

// Returns the trace of a block's row and the place of a channel in it; null where none is drawn.
function cellOf(plot, gate) {
  const row = rowsOf(plot).find((trace) => trace.meta === gate?.name);
  const place = row ? channelsOf(row).indexOf(gate.channel) : -1;
  return place < 0 ? null : { row, place };
}

function rowsOf(plot) {
  return (plot._fullData ?? []).filter((trace) => trace.type === "heatmap" && trace.meta);
}

// Returns the channels of a block's row from left to right: its custom data, or the first of it.
function channelsOf(row) {
  return row.meta ? Array.from(row.customdata?.[0] ?? [], (known) => known?.[0] ?? known) : [];
}

// Frames the cell of the selected gate; a cell thinner than 6 pixels gets a frame of that width.
function frameCell(plot, frame) {
  const cell = cellOf(plot, window.seviz.selected);
  const { xaxis, yaxis } = plot._fullLayout ?? {};
  frame.hidden = !cell || !xaxis?.l2p;
  if (frame.hidden) return;
  const { x0, dx, y0, dy = 1 } = cell.row;
  const centre = xaxis._offset + xaxis.l2p(x0 + cell.place * dx);
  const middle = yaxis._offset + yaxis.l2p(y0);
  const width = Math.max(Math.abs(xaxis.l2p(dx) - xaxis.l2p(0)), 6);
  const height = Math.abs(yaxis.l2p(dy) - yaxis.l2p(0));
  frame.hidden = centre < xaxis._offset - 1 || centre > xaxis._offset + xaxis._length + 1;
  Object.assign(frame.style, {
    left: `${centre - width / 2}px`, top: `${middle - height / 2}px`,
    width: `${width}px`, height: `${height}px`,
  });
}

// Returns the neighbour of the selected gate in the rows of a plot, or null at their ends.
function neighbourOf(plot, right, down) {
  const cell = cellOf(plot, window.seviz.selected);
  if (!cell) return null;
  const rows = rowsOf(plot);
  const row = rows[rows.indexOf(cell.row) + down];
  if (!row) return null;
  const [from, to] = [channelsOf(cell.row), channelsOf(row)];
  const place = down ? Math.floor(((cell.place + 0.5) * to.length) / from.length) : cell.place + right;
  return place in to ? { name: row.meta, channel: to[place] } : null;
}

// Tells every plot of the page, at once, which gate is selected.
function announce(gate) {
  window.seviz.selected = gate;
  window.dispatchEvent(new CustomEvent("seviz:select", { detail: gate }));
}
