// Sorts a table by a click on a column's head: up, then down, then back to its order.
// `element` is Gradio's. Cells that have no text of a number carry it as data-value.
const ORDERS = ["none", "ascending", "descending"];

function valueOf(row, column) {
  const cell = row.cells[column];
  const value = cell.dataset.value ?? cell.textContent.trim();
  return value === "" || Number.isNaN(Number(value)) ? value : Number(value);
}

function compare(a, b) {
  if (a === "" || b === "") return (a === "") - (b === ""); // what is not known comes last
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

element.addEventListener("click", (event) => {
  const head = event.target.closest("th[aria-sort]");
  if (!head || !event.target.closest("button[data-column]")) return;
  const order = ORDERS[(ORDERS.indexOf(head.getAttribute("aria-sort")) + 1) % ORDERS.length];
  const column = Number(event.target.closest("button").dataset.column);
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows];
  rows.forEach((row, place) => { row.dataset.place ??= place; });
  const sign = order === "descending" ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [valueOf(a, column), valueOf(b, column)];
    const known = x !== "" && y !== "";
    const by = order === "none" ? 0 : compare(x, y) * (known ? sign : 1);
    return by || a.dataset.place - b.dataset.place;
  });
  body.append(...rows);
  for (const other of head.closest("thead").querySelectorAll("th[aria-sort]")) {
    other.setAttribute("aria-sort", other === head ? order : "none");
  }
});
