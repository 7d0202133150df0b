// Tells the style sheets how far the page is scrolled, in --scrolled, as far as they ask: FARTHEST.
(() => {
  const FARTHEST = 100; // pixels, more than the header is high
  let told = 0;
  const tell = () => {
    const scrolled = Math.min(scrollY, FARTHEST);
    if (scrolled === told) return;
    told = scrolled;
    document.documentElement.style.setProperty("--scrolled", `${scrolled}px`);
  };
  addEventListener("scroll", tell, { passive: true });
})();
