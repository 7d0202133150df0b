// Mends Gradio's controls for the keyboard and for screen readers.
(() => {
  const combobox = (target) => target instanceof Element && target.matches("input[role=combobox]");
  const shut = (box) => box.getAttribute("aria-expanded") !== "true";

  // Select boxes open by a click, a key that says so, or typing: not where Tab only passes by.
  // Gradio opens them, and begins to read what is typed, at the event of their focus: it is told
  // of the focus when they are to open. What is typed then replaces the choice. When the focus goes,
  // Gradio takes the choice anew and asks the server: it is told of no more than it has heard of.
  let told = null;
  function open(box) {
    told = box;
    box.dispatchEvent(new FocusEvent("focus"));
    box.select();
  }
  // Gradio heeds a key a moment later, which opens the list again where the focus has gone meanwhile.
  function leave(box) {
    if (box === document.activeElement || shut(box)) return;
    const other = told;
    told = box;
    box.dispatchEvent(new FocusEvent("blur"));
    told = other;
  }
  addEventListener("focus", (event) => {
    if (combobox(event.target) && event.isTrusted) event.stopImmediatePropagation();
  }, true);
  let last = ""; // key, since the last click
  addEventListener("pointerdown", () => { last = ""; }, true);
  addEventListener("blur", (event) => {
    const box = event.target;
    if (!combobox(box)) return;
    if (told !== box) event.stopImmediatePropagation();
    else if (event.isTrusted) setTimeout(() => leave(box), 100);
    told = null;
    // Gradio drops the focus as Enter chooses: the next key would go to nobody.
    if (last !== "Enter" || event.relatedTarget) return;
    setTimeout(() => { if (document.activeElement === document.body) box.focus(); });
  }, true);
  addEventListener("click", ({ target }) => {
    if (!combobox(target) || !shut(target)) return;
    open(target);
    setTimeout(() => target.select()); // Chromium sets its cursor after the click
  }, true);
  addEventListener("keydown", (event) => {
    const { target: box, key } = event;
    last = key;
    if (box.type === "radio") joinRadios(box.closest("fieldset")); // before the key moves the focus
    if (!combobox(box)) return;
    if (["Tab", "Shift", "Control", "Alt", "Meta"].includes(key)) {
      event.stopImmediatePropagation(); // Gradio opens its list at any key
      // Chromium gives a list that scrolls a stop of its own, and loses it as the list closes.
      for (const list of document.querySelectorAll(".option-list")) list.tabIndex = -1;
    } else if (shut(box) && key !== "Escape") {
      open(box);
      if (key === "Enter") event.stopImmediatePropagation(); // it would choose what is chosen
    }
  }, true);

  // A number field that people only pass through asks nothing: a late answer to it would undo what
  // they choose next.
  const entered = new WeakMap(); // fields' values as people came, or at the last Enter
  const isNumber = (target) => target instanceof Element && target.matches("input[type=number]");
  const note = ({ type, target, key }) => {
    if (isNumber(target) && (type === "focus" || key === "Enter")) entered.set(target, target.value);
  };
  addEventListener("focus", note, true);
  addEventListener("keydown", note, true);
  addEventListener("blur", (event) => {
    if (isNumber(event.target) && entered.get(event.target) === event.target.value) event.stopImmediatePropagation();
  }, true);

  // Gradio finds plain text only: another spelling of a network becomes that of the list as one types
  // (seresnet50, se_resnet50: SE-ResNet-50).
  const GAP = "[-_.·\\s]";
  addEventListener("input", ({ target: box }) => {
    if (!combobox(box) || !box.closest("#model")) return;
    const typed = box.value.toLowerCase();
    if (SEVIZ_NETWORKS.some((title) => title.toLowerCase().includes(typed))) return;
    const letters = typed.replace(new RegExp(GAP, "g"), "").replace(/[^\w]/g, "\\$&");
    const spelled = new RegExp(letters.match(/\\?./g)?.join(GAP + "*") ?? "^", "i");
    const found = SEVIZ_NETWORKS.map((title) => title.match(spelled)?.[0]).find(Boolean);
    if (found) box.value = found;
  }, true);

  // Radio buttons of one field share a name, so that they are one stop and arrows move in them.
  function joinRadios(field) {
    const radios = field.querySelectorAll("input[type=radio]");
    for (const radio of radios) if (radio.name !== radios[0].name) radio.name = radios[0].name;
  }

  // What Gradio leaves to be done whenever it draws something.
  function mend() {
    document.querySelectorAll("fieldset").forEach(joinRadios);
    // Gradio's status of events is the key of a text that it does not have.
    document.querySelectorAll("[role=status].sr-only").forEach((status) => {
      const text = status.firstChild;
      if (text?.data?.startsWith("common.")) text.data = text.data === "common.error" ? "Error" : "Done";
    });
    // It names the button that removes a choice by the choice's number.
    document.querySelectorAll(".token > [role=button]").forEach((button) => {
      button.title = button.ariaLabel = "Remove " + button.parentElement.textContent.trim();
    });
    // Its tables of Markdown scroll where the page is narrow: by keyboard too, as a stop.
    document.querySelectorAll("#study-card table").forEach((table) => { table.tabIndex = 0; });
    // Its footer's icons repeat the words beside them.
    document.querySelectorAll("footer img:not([alt=''])").forEach((image) => { image.alt = ""; });
  }
  // Charts change thousands of nodes: it is done once for all changes of a tenth of a second.
  let waiting = 0;
  function later() {
    waiting ||= setTimeout(() => { waiting = 0; mend(); }, 100);
  }
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(later).observe(document.documentElement, all);
})();
