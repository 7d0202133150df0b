// Keeps the page's state in its address: `seviz.keep({key: value})` changes some keys of it.
// Pages, tabs, networks and photographs are steps that people can go back from; other keys are not.
window.seviz ??= {};
const STEPS = ["page", "tab", "model", "photo"];

// What people did since the page was opened or they went back: a deed is one step to go back from,
// whatever follows from it.
let deed = "none"; // then "new", then "kept"
for (const kind of ["pointerdown", "keydown", "drop", "change"]) {
  addEventListener(kind, () => { deed = "new"; }, true);
}
addEventListener("popstate", () => { deed = "none"; });

window.seviz.keep = (changes, replaces = false) => {
  const query = new URLSearchParams(location.search);
  const before = query.toString();
  // A class is followed in one network; another has other classes.
  if (!replaces && deed !== "none" && changes.model && changes.model !== query.get("model")) changes.target = "";
  for (const [key, value] of Object.entries(changes)) {
    if (!SEVIZ_KEYS.includes(key)) continue;
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    if (text) query.set(key, text); else query.delete(key);
  }
  if (query.toString() === before) return;
  const step = !replaces && deed === "new" && Object.keys(changes).some((key) => STEPS.includes(key));
  if (step) deed = "kept";
  const address = `${location.pathname}?${readable(query)}`;
  history[step ? "pushState" : "replaceState"](history.state, "", address);
  shown = location.search;
  window.dispatchEvent(new Event("seviz:address"));
};
addEventListener("popstate", () => window.dispatchEvent(new Event("seviz:address")));

// A visitor's own photograph is in this browser's history alone, and in no link: back and forward
// lead to it as long as the server has it. Gradio's data of a file is what the field holds.
window.seviz.rememberOwn = (key, photo) => history.replaceState({ ...history.state, [key]: photo }, "");
window.seviz.ownPhoto = (key) =>
  new URLSearchParams(location.search).get(key) === "own" ? history.state?.[key] : undefined;

// Go to what a query names, as back and forward do; what it does not name stays as it is.
window.seviz.go = (changes) => {
  const query = new URLSearchParams(location.search);
  query.delete("target"); // of the photograph before, or of another network
  for (const [key, value] of new URLSearchParams(changes)) if (SEVIZ_KEYS.includes(key)) query.set(key, value);
  history.pushState(history.state, "", `${location.pathname}?${readable(query)}`);
  deed = "none";
  shown = location.search;
  takeOpen();
  for (const name of ["seviz:address", "seviz:return"]) window.dispatchEvent(new Event(name));
};

// The open page and each page's open tab. Tabs tell of themselves too when Gradio lays them out:
// until the address has been read, that is no choice and changes nothing.
const open = { page: "explore", tabs: {}, known: false };
let shown = location.search, waiting = 0, told = "";

function takeOpen() {
  const query = new URLSearchParams(location.search);
  const once = { "data-gate": "gate", "lab-sides": "networks" }[query.get("tab")]; // now pages
  if (once) { query.set("page", once); query.delete("tab"); }
  open.page = query.get("page") || "explore";
  if (query.get("tab")) open.tabs[open.page] = query.get("tab");
}

function keepOpen(replaces) {
  window.seviz.keep({ page: open.page, tab: open.tabs[open.page] }, replaces);
}

// A page was opened, or a tab of it. A button may open both, which is one step to go back from.
// Returns whether it is open still: Gradio tells late of a page that people have left meanwhile.
window.seviz.opened = (page, tab) => {
  const button = document.querySelector(`[data-tab-id="${tab ?? page}"]`);
  if (button?.ariaSelected === "false") return false;
  if (tab) open.tabs[page] = tab; else open.page = page;
  clearTimeout(waiting);
  if (open.known) waiting = setTimeout(keepOpen, 50);
  const place = `${open.page} ${open.tabs[open.page]}`;
  if (place !== told) window.dispatchEvent(new Event("seviz:opened"));
  told = place;
  return true;
};

// Whether a page is open, and a tab of it, where one is given.
window.seviz.isOpen = (page, tab) => [page, tab ?? page].every((name) =>
  document.querySelector(`[data-tab-id="${name}"]`)?.ariaSelected === "true");

// The address has been read: from now on it follows what is opened.
window.seviz.follow = () => {
  takeOpen();
  keepOpen(open.known = true);
};

// Gradio's <base> would make a link to a term of the glossary one to another address.
document.addEventListener("click", (event) => {
  const name = event.target.closest?.('a[href^="#"]')?.getAttribute("href");
  if (name === "#about") { // the page, which is not there until it is opened
    event.preventDefault();
    document.querySelector('#pages [data-tab-id="about"]').click();
    scrollTo(0, 0);
    return;
  }
  const term = name && document.getElementById(name.slice(1));
  if (!term) return;
  event.preventDefault();
  const folded = term.closest("details");
  if (folded) folded.open = true;
  location.hash = name;
  term.scrollIntoView();
});

// Such a link changes the address too, but nothing that is kept in it.
window.addEventListener("popstate", () => {
  if (location.search === shown) return;
  shown = location.search;
  takeOpen();
  window.dispatchEvent(new CustomEvent("seviz:return"));
});

// Brackets, commas and the like may stand in a query as they are, which people can read.
window.seviz.readable = readable;
function readable(query) {
  return query.toString().replace(/%5B/g, "[").replace(/%5D/g, "]").replace(/%2C/g, ",")
    .replace(/%3D/g, "=").replace(/%3B/g, ";").replace(/%3A/g, ":").replace(/%40/g, "@");
}
