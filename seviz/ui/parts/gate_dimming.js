// The page “Gate” dims what is still of another gate than the one that is sought, until the new facts
// and pictures are there; for want of an answer, not for ever. `window.seviz.gateShown` is the
// network's key and the gate, with a space; a “seviz:gate” event tells of a change.
(() => {
  window.seviz ??= {};
  const LONGEST = 20_000; // milliseconds
  const HEADLINE = ["gate-headline", "gate-place"]; // which come with the answer that says what is shown
  const drawn = new Map(); // of which gate elements are, by their ids
  let asked = false, patient = false, timer = 0;
  window.seviz.gateShown = "";

  function dim() {
    const mark = (ids, former) => ids.forEach((id) => {
      document.getElementById(id)?.toggleAttribute("data-former", patient && former);
    });
    mark(HEADLINE, asked);
    for (const [ids, gate] of drawn) mark(ids, asked || gate !== window.seviz.gateShown);
  }
  function wait() {
    patient = true;
    clearTimeout(timer);
    timer = setTimeout(() => { patient = asked = false; dim(); }, LONGEST);
    dim();
  }

  // A gate was asked for, such as SE_4_6[17]; null for one beside the present one.
  window.seviz.gateAsked = (name) => {
    if (name && window.seviz.gateShown.endsWith(` ${name}`)) return;
    asked = true;
    wait();
  };
  // The server answered which gate the page shows.
  window.seviz.gateAnswered = (gate) => {
    const same = gate === window.seviz.gateShown;
    asked = false;
    window.seviz.gateShown = gate;
    if (same) return dim();
    wait();
    window.dispatchEvent(new Event("seviz:gate"));
  };
  // Elements are of a gate now.
  window.seviz.gateDrawn = (ids, gate) => { drawn.set(ids, gate); dim(); };
})();
