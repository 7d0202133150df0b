// A click on the sheet of a block's pictures selects the gate whose picture is there.
element.addEventListener("click", (event) => {
  const image = event.target.closest("img[data-block]");
  if (!image) return;
  const { block, columns, gates, rows } = image.dataset;
  const { left, top, width, height } = image.getBoundingClientRect();
  const column = Math.floor((event.clientX - left) / width * columns);
  const channel = Math.floor((event.clientY - top) / height * rows) * columns + column;
  if (channel >= 0 && channel < gates) trigger("select", { name: block, channel });
});
