// The page “Questions”: its search box hides what does not hold all words that are typed, and the
// buttons go to the experiments, as a link would.
const field = element.querySelector("input"), told = element.querySelector("[role=status]");
const asked = [...element.querySelectorAll("article")];
// As people type: “quantization” finds “quantisation”, and “gradcam” finds “Grad-CAM”.
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/iz(?=[aei])/g, "is");
const texts = asked.map((article) => plain(article.textContent)).map((text) => `${text} ${text.replace(/-/g, "")}`);

const search = () => {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  asked.forEach((article, i) => { article.hidden = !words.every((word) => texts[i].includes(word)); });
  for (const part of element.querySelectorAll("section")) part.hidden = !part.querySelector("article:not([hidden])");
  const count = asked.filter((article) => !article.hidden).length;
  if (!words.length) told.textContent = "";
  else if (count) told.textContent = `${count} of ${asked.length} match.`;
  else told.textContent = `No question matches “${field.value.trim()}”: try another word, such as prune.`;
};
field.addEventListener("input", search);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-link]");
  if (!button) return;
  window.seviz.go(button.dataset.link);
  scrollTo(0, 0);
});
