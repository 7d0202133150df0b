// The sheet of a block's pictures, of which the present gate's is framed. The one under the pointer, or
// that the arrow keys have come to, is shown large with its number; a click or Enter selects it.
const MOVES = {
  ArrowLeft: () => -1, ArrowRight: () => 1,
  ArrowUp: ({ columns }) => -columns, ArrowDown: ({ columns }) => columns,
};
let reached = null; // the channel that the keys have come to

// Returns what the sheet says of itself; null where there is none.
function sheetOf() {
  const image = element.querySelector("img[data-block]");
  if (!image) return null;
  const [columns, rows, gates, width, height] = ["columns", "rows", "gates", "width", "height"].map((of) => Number(image.dataset[of]));
  return { image, block: image.dataset.block, columns, rows, gates, width, height };
}

function presentIn({ block }) {
  const [, name, channel] = /^\S+ (.*)\[(\d+)\]$/.exec(window.seviz.gateShown ?? "") ?? [];
  return name === block ? Number(channel) : null;
}

function frame(kind, channel, { columns, rows }) {
  const cell = element.querySelector(`.sheet-cell.${kind}`);
  cell.hidden = channel === null;
  if (cell.hidden) return;
  const share = (part, of) => `${(100 * part) / of}%`;
  Object.assign(cell.style, {
    left: share(channel % columns, columns), top: share(Math.floor(channel / columns), rows),
    width: share(1, columns), height: share(1, rows),
  });
}

function mark() {
  const sheet = sheetOf();
  if (!sheet) return;
  const present = presentIn(sheet), region = element.querySelector(".block-sheet");
  frame("present", present, sheet);
  frame("reached", reached, sheet);
  const at = reached ?? present ?? 0;
  region.setAttribute("aria-valuenow", at);
  region.setAttribute("aria-valuetext", `${sheet.block}[${at}]`);
}

// Returns the channel under a pointer; null between and beside the pictures.
function channelAt(event, { image, columns, rows, gates }) {
  const { left, top, width, height } = image.getBoundingClientRect();
  const column = Math.floor((event.clientX - left) / width * columns);
  const channel = Math.floor((event.clientY - top) / height * rows) * columns + column;
  return column >= 0 && column < columns && channel >= 0 && channel < gates ? channel : null;
}

function enlarge(channel, pointer, { image, block, width, height, columns, gates }) {
  const parts = [image.getAttribute("src"), width, height, columns, gates];
  window.seviz.showPicture({ name: block, channel }, element, pointer, parts);
}

function select(channel, { block }) {
  window.seviz.gateAsked(`${block}[${channel}]`);
  trigger("select", { name: block, channel });
}

element.addEventListener("click", (event) => {
  const sheet = event.target.closest("img[data-block]") && sheetOf();
  const channel = sheet ? channelAt(event, sheet) : null;
  if (channel !== null) select(channel, sheet);
});
element.addEventListener("pointermove", (event) => {
  const sheet = event.pointerType !== "touch" && sheetOf();
  const channel = sheet ? channelAt(event, sheet) : null;
  if (channel === null) window.seviz.hidePicture();
  else enlarge(channel, event, sheet);
});
element.addEventListener("pointerleave", () => window.seviz.hidePicture());

// Brings the keys to a channel, and shows it once the page no longer scrolls to it.
function reach(channel, sheet) {
  reached = channel;
  mark();
  const cell = element.querySelector(".sheet-cell.reached");
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  requestAnimationFrame(() => {
    if (reached !== channel) return;
    const { right, top } = cell.getBoundingClientRect();
    enlarge(channel, { clientX: right, clientY: top }, sheet);
  });
}
element.addEventListener("keydown", (event) => {
  const sheet = event.target.matches(".block-sheet") && sheetOf();
  if (!sheet || event.ctrlKey || event.metaKey || event.altKey) return;
  const from = reached ?? presentIn(sheet) ?? 0, move = MOVES[event.key];
  if (event.key === "Enter" || event.key === " ") select(from, sheet);
  else if (event.key === "Home") reach(0, sheet);
  else if (event.key === "End") reach(sheet.gates - 1, sheet);
  else if (move) {
    const to = from + move(sheet);
    if (to >= 0 && to < sheet.gates) reach(to, sheet);
  } else return;
  event.preventDefault();
});
element.addEventListener("focusin", (event) => {
  const sheet = event.target.matches(".block-sheet:focus-visible") && sheetOf();
  if (sheet) reach(presentIn(sheet) ?? 0, sheet);
});
element.addEventListener("focusout", () => { reached = null; window.seviz.hidePicture(); mark(); });

window.addEventListener("seviz:gate", mark);
watch("value", () => requestAnimationFrame(mark));
mark();
