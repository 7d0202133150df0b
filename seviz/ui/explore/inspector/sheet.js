// The inspector on narrow pages: a sheet that comes up with a selection. On every page it is dimmed
// until the gate that was selected is here, and arrow keys move the selection.
const sheet = document.querySelector("#inspector");
const page = document.querySelector("#explore");
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIELDS = "input, textarea, select, [role=tab], [role=listbox], [role=slider], video";

function close() { sheet.classList.remove("open"); }

// A finger hits a channel that is a pixel or two wide only nearly: it steps to the neighbours, as they
// stand in the atlas; where no plot in sight shows the channel, by number.
function moves(by) {
  return !window.dispatchEvent(new CustomEvent("seviz:move", { detail: by, cancelable: true }));
}
function step(by) {
  if (moves([by, 0])) return;
  const field = document.querySelector("#channel input");
  field.stepUp(by);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("blur"));
}
element.addEventListener("click", ({ target }) => {
  if (target.dataset.step) step(Number(target.dataset.step));
  else if ("about" in target.dataset) document.querySelector("#about-gate").click();
  else if (target.matches("button")) close();
});
sheet.addEventListener("click", ({ target }) => { if (target.closest("a")) close(); }); // it leads away

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
  if (moves(MOVES[event.key])) event.preventDefault();
});
