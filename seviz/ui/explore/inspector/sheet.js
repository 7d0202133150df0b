// The inspector on narrow pages: a sheet that comes up with a selection. On every page it is dimmed
// until the gate that was selected is here, and arrow keys move the selection.
const sheet = document.querySelector("#inspector");
const page = document.querySelector("#explore");
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIELDS = "input, textarea, select, [role=tab], [role=listbox], [role=slider], video";

function close() { sheet.classList.remove("open"); }
element.querySelector("button").addEventListener("click", close);

window.addEventListener("seviz:select", ({ detail }) => {
  if (!detail) return; // the server's own choice
  sheet.classList.add("open");
  sheet.classList.add("busy");
});

document.addEventListener("keydown", (event) => {
  const list = event.target.matches?.("[role=combobox][aria-expanded=true]"); // Escape closes this
  if (event.key === "Escape" && !list) close();
  const typing = event.target.closest?.(FIELDS) || event.ctrlKey || event.metaKey || event.altKey;
  if (!MOVES[event.key] || typing || !page.offsetParent) return;
  const move = new CustomEvent("seviz:move", { detail: MOVES[event.key], cancelable: true });
  if (!window.dispatchEvent(move)) event.preventDefault();
});
