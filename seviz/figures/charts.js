// What the page and a report do with Plotly figures alike. window.SEVIZ_PRINT is `PRINT` of
// seviz.figures.printable; window.sevizPlotly is a promise of plotly.js.

// A figure's `meta.narrow` is {below, height, layout}: what it is laid out by where it has fewer pixels.
window.sevizNarrow = ({ layout }, width) => width > 0 && width < (layout.meta?.narrow?.below ?? 0);
window.sevizFitted = ({ data, layout }, width) => {
  if (!window.sevizNarrow({ layout }, width)) return { data, layout };
  const other = layout.meta.narrow;
  const merged = Object.entries(other.layout).map(([key, part]) => [key, { ...layout[key], ...part }]);
  return { data, layout: { ...layout, height: other.height, ...Object.fromEntries(merged) } };
};

// A layout on a page of these colours and this type.
window.sevizThemed = (layout, { ink, grid, family, size }) => ({
  ...layout,
  ...Object.fromEntries(Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key))
    .map(([key, axis]) => [key, { gridcolor: grid, zerolinecolor: grid, linecolor: grid, ...axis }])),
  autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
  font: { size, ...layout.font, color: ink, family },
  hoverlabel: { align: "left", namelength: -1, font: { family }, ...layout.hoverlabel },
});

// A figure on paper, as seviz.figures.printable makes it in Python.
window.sevizPrintable = ({ data, layout }, { title, source, ground, width }) => {
  const type = window.SEVIZ_PRINT;
  const { ink, muted, grid, grounds, family, standoff, edge, least, letter, line } = type;
  const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  // Plotly does not break lines.
  function lines(text, size) {
    const most = Math.max(8, Math.floor((width - 2 * edge) / (letter * size)));
    const found = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const letters = [...word];
      for (let start = 0; start < letters.length; start += most) {
        const part = letters.slice(start, start + most).join("");
        const last = found.at(-1);
        if (last !== undefined && [...last].length + 1 + [...part].length <= most) found[found.length - 1] = `${last} ${part}`;
        else found.push(part);
      }
    }
    return found.map(plain);
  }
  width = Math.max(Math.round(width), least);
  const [first, below] = [lines(title, type.title), lines(source, type.source)];
  const pixels = (first.length * type.title + (1 + below.length) * type.source) * line;
  const above = Math.round(pixels) + 2 * edge;
  const axes = Object.fromEntries(Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name)).map(([name, axis]) =>
    [name, { gridcolor: grid, zerolinecolor: grid, linecolor: grid, ...axis, ...(axis.title?.text && { title: { standoff, ...axis.title } }) }]));
  const { l = 80, r = 80, t = 100, b = 80 } = layout.margin ?? {};
  const own = layout.height ?? 450, height = own + above + edge;
  // A legend that is placed by the figure's edges is kept off the head.
  const legend = layout.legend?.yref === "container" && { legend: { ...layout.legend, y: (layout.legend.y * own + edge) / height } };
  return { data, layout: {
    ...layout, ...axes, ...legend, width, height,
    title: {
      text: first.map((text) => `<b>${text}</b>`).join("<br>"), font: { size: type.title, color: ink },
      subtitle: { text: below.join("<br>"), font: { size: type.source, color: muted } },
      x: 0, xref: "container", xanchor: "left",
      y: 1 - (edge + type.title) / height, yref: "container", yanchor: "bottom", pad: { l: edge },
    },
    margin: { ...layout.margin, l: l + edge, r: r + edge, t: t + above, b: b + edge },
    font: { size: type.size, ...layout.font, color: ink, family },
    paper_bgcolor: grounds[ground], plot_bgcolor: grounds.transparent,
  } };
};

// A printed figure as a file: an SVG, which needs nothing else, or a PNG of two pixels for one.
window.sevizPicture = async (figure, words, format) => {
  const Plotly = await window.sevizPlotly;
  const { data, layout } = window.sevizPrintable(figure, words);
  const drawn = await Plotly.toImage({ data, layout }, { format: "svg", imageDataOnly: true, width: layout.width, height: layout.height });
  // The page has a <base>, so Plotly names the figure's own parts by the page's address.
  const whole = drawn.replace(/url\((&quot;|["']?)[^)#]*#/g, "url($1#");
  const titled = new DOMParser().parseFromString(whole, "image/svg+xml");
  const name = titled.createElementNS("http://www.w3.org/2000/svg", "title");
  name.textContent = words.title;
  titled.documentElement.prepend(name);
  const svg = new Blob([new XMLSerializer().serializeToString(titled)], { type: "image/svg+xml" });
  return format === "svg" ? svg : pixels(svg, layout.width, layout.height);

  async function pixels(blob, width, height) {
    const address = URL.createObjectURL(blob);
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }
};

// Saves a figure's picture; words: as of sevizPrintable.
window.sevizSave = async (figure, words, format) => {
  const name = "seviz-" + (words.title.toLowerCase().match(/[a-z0-9]+/g) ?? ["chart"]).slice(0, 6).join("-");
  const href = URL.createObjectURL(await window.sevizPicture(figure, words, format));
  Object.assign(document.createElement("a"), { href, download: `${name}.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // once the browser has read it
};
