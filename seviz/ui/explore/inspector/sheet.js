// The inspector on narrow pages: a sheet that comes up with a selection. On every page it is dimmed
// until the gate that was selected is here, and arrow keys move the selection.
const sheet = document.querySelector("#inspector");
const page = document.querySelector("#explore");
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIELDS = "input, textarea, select, [role=tab], [role=listbox], [role=slider], video";

function close() { sheet.classList.remove("open"); }
element.querySelector("button").addEventListener("click", close);

let waiting;
function wait(yes) {
  clearTimeout(waiting);
  sheet.classList.toggle("busy", yes);
  if (yes) waiting = setTimeout(wait, 20_000, false); // an answer that was refused never comes
}
window.addEventListener("seviz:select", (event) => {
  if (!event.detail) return; // the server's own choice
  sheet.classList.add("open");
  wait(true);
});
// Gradio's own clock of the wait ticks in the same element: it is no answer.
const isAnswer = ({ target }) => (target.closest ? target : target.parentElement)?.closest(".prose");
new MutationObserver((changes) => { if (changes.some(isAnswer)) wait(false); })
  .observe(sheet.querySelector("#facts"), { childList: true, subtree: true, characterData: true });

document.addEventListener("keydown", (event) => {
  const list = event.target.matches?.("[role=combobox][aria-expanded=true]"); // Escape closes this
  if (event.key === "Escape" && !list) close();
  const typing = event.target.closest?.(FIELDS) || event.ctrlKey || event.metaKey || event.altKey;
  if (!MOVES[event.key] || typing || !page.offsetParent) return;
  const move = new CustomEvent("seviz:move", { detail: MOVES[event.key], cancelable: true });
  if (!window.dispatchEvent(move)) event.preventDefault();
});
