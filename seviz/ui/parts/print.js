// Prints the page as it is on the screen, scaled to the paper's width, and in light colours.
(() => {
  const PAPER = 718; // CSS pixels between the margins of A4
  const root = document.documentElement;
  let dark = false;
  addEventListener("beforeprint", () => {
    root.style.setProperty("--print-width", innerWidth + "px");
    root.style.setProperty("--print-zoom", Math.min(1, PAPER / innerWidth));
    dark = document.body.classList.contains("dark");
    document.body.classList.remove("dark"); // charts take the page's colours anew
  });
  addEventListener("afterprint", () => document.body.classList.toggle("dark", dark));
})();
