// Shows the picture that was made to open a gate, while one points at the gate in any chart.
// `window.seviz.sheets` holds for each block [address, width, height, columns, gates] of its sheet
// of pictures (sheets.py); the laboratory's charts are of other networks.
(() => {
  window.seviz ??= {};
  let card;

  function place(pointer) {
    const { offsetWidth: width, offsetHeight: height } = card;
    const right = pointer.clientX + 24 + width < innerWidth;
    const x = right ? pointer.clientX + 24 : pointer.clientX - 24 - width;
    const y = Math.min(Math.max(pointer.clientY - height - 12, 4), innerHeight - height - 4);
    Object.assign(card.style, { left: `${x}px`, top: `${y}px` });
  }

  // sheet: by default the one of the network that “Explore” shows.
  window.seviz.showPicture = (gate, chart, pointer, sheet = window.seviz.sheets?.[gate?.name]) => {
    if (gate?.channel == null || !sheet || gate.channel >= sheet[4] || chart.closest("#laboratory")) return window.seviz.hidePicture();
    const [address, width, height, columns] = sheet;
    if (!card) {
      card = document.createElement("figure");
      card.className = "gate-card";
      card.setAttribute("aria-hidden", "true"); // the chart's label says what it is; this follows the pointer
      card.append(document.createElement("span"), document.createElement("figcaption"));
      document.body.append(card);
    }
    const [picture, caption] = card.children;
    const [x, y] = [gate.channel % columns * width, Math.floor(gate.channel / columns) * height];
    Object.assign(picture.style, {
      width: `${width}px`, height: `${height}px`, backgroundImage: `url("${address}")`,
      backgroundPosition: `-${x}px -${y}px`,
    });
    caption.textContent = `made to open ${gate.name}[${gate.channel}]`;
    card.hidden = false;
    place(pointer);
  };
  window.seviz.hidePicture = () => { if (card) card.hidden = true; };
  addEventListener("scroll", window.seviz.hidePicture, { passive: true, capture: true });
})();
