// Draws what a frame brought: the answers, the atlas of its gates, and the selected gate's line.
const LONGEST = 100; // frames of the line
const part = (name) => element.querySelector(`.live-${name}`);
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const atlas = part("atlas");
const line = { of: "", frames: [] }; // of: the network, arms and gate; frames: [with, compared] each

// Draws an answer; its line was told of it before, by `remember`.
function drawAnswer(said) {
  part("answers").innerHTML = said.answers; // made and escaped by the server
  drawAtlas(said);
  drawLine(said);
}

function drawAtlas({ blocks, levels, colours, scale, gate }) {
  layAtlas(blocks);
  const table = bytesOf(colours), gates = bytesOf(levels);
  let from = 0;
  for (const canvas of atlas.querySelectorAll("canvas")) {
    paint(canvas, gates.subarray(from, from + canvas.width), table);
    from += canvas.width;
  }
  paint(part("scale").querySelector("canvas"), Uint8Array.from({ length: 256 }, (_, i) => i), table);
  part("low").textContent = brief(scale[0]);
  part("high").textContent = brief(scale[1]);
  markCell(gate);
}

// Lays a row for each block, a pixel for each channel, where the network is another one.
function layAtlas(blocks) {
  const wanted = JSON.stringify(blocks);
  if (atlas.dataset.blocks === wanted) return;
  atlas.dataset.blocks = wanted;
  atlas.replaceChildren(...blocks.map(([name, channels]) => {
    const row = document.createElement("div"), label = document.createElement("span");
    const cells = document.createElement("div"), canvas = document.createElement("canvas");
    row.dataset.name = name;
    label.textContent = name;
    Object.assign(canvas, { width: channels, height: 1 });
    cells.append(canvas);
    row.append(label, cells);
    return row;
  }));
}

function paint(canvas, gates, table) {
  const pixels = new ImageData(gates.length, 1);
  gates.forEach((level, i) => pixels.data.set([...table.subarray(3 * level, 3 * level + 3), 255], 4 * i));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function markCell(gate) {
  atlas.querySelector("i")?.remove();
  const [block, channel] = gate ? gate.of.slice(-2) : [];
  const canvas = [...atlas.children].find((row) => row.dataset.name === block)?.querySelector("canvas");
  if (!canvas) return;
  const mark = document.createElement("i");
  mark.style.left = `${(100 * (channel + 0.5)) / canvas.width}%`;
  canvas.after(mark);
}

// Adds an answer to the line; another gate, arm or network begins a new one.
function remember({ gate }) {
  const of = JSON.stringify(gate?.of ?? null);
  if (of !== line.of) Object.assign(line, { of, frames: [] });
  if (gate) line.frames.push(gate.s);
  if (line.frames.length > LONGEST) line.frames.shift();
}

function drawLine({ gate, scale }) {
  const values = line.frames.flat().filter((s) => s !== null);
  const low = Math.min(scale[0], ...values), high = Math.max(scale[1], ...values);
  const ends = `axis from ${brief(low)} to ${brief(high)}`;
  part("legend").replaceChildren(...(gate ? [...legend(gate), ends] : ["No gate of this network is selected."]));
  ["intact", "other"].forEach((name, row) => {
    const at = (s, i) => `${((100 * i) / (LONGEST - 1)).toFixed(2)},${(40 * (1 - (s - low) / (high - low))).toFixed(2)}`;
    const points = line.frames.flatMap(({ [row]: s = null }, i) => (s === null ? [] : [at(s, i)]));
    part(name).setAttribute("points", points.join(" "));
    part(name).setAttribute("class", `live-${name} ${gate?.arms[row] ?? ""}`);
  });
  part("line").dataset.frames = line.frames.length;
}

function legend({ name, s, titles, arms }) {
  return [name, ...titles.map((title, row) => {
    const key = document.createElement("span"), value = s[row];
    key.className = `live-key ${arms[row]}`;
    key.textContent = `${title} ${value === null ? "has none" : value.toFixed(3)}`;
    return key;
  })];
}

function brief(value) {
  return String(Number(value.toFixed(2))).replace("-", "−");
}

atlas.addEventListener("click", (event) => {
  const canvas = event.target.closest("canvas");
  if (!canvas) return;
  const { left, width } = canvas.getBoundingClientRect();
  const channel = Math.floor((canvas.width * (event.clientX - left)) / width);
  const gate = { name: canvas.closest("[data-name]").dataset.name, channel: Math.min(Math.max(channel, 0), canvas.width - 1) };
  announce(gate);
  trigger("select", gate);
});
