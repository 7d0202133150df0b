// The page “Questions”: its search box hides all questions but those that hold most of the words that
// are typed, and the buttons go to the experiments, as a link would.
const field = element.querySelector("input"), told = element.querySelector("[role=status]");
const asked = [...element.querySelectorAll("article")];
// As people type: “quantization” finds “quantisation”, and “gradcam” finds “Grad-CAM”.
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/iz(?=[aei])/g, "is");
const texts = asked.map((article) => plain(article.textContent)).map((text) => `${text} ${text.replace(/-/g, "")}`);

// Words that questions have whatever they are about.
const SMALL = new Set("a an and are can do does how i in is it my of should the to what when which why".split(" "));
// “Pruning” finds “prune”: of a word that stands nowhere, the end may differ.
const known = (word) => texts.some((text) => text.includes(word))
  ? word : word.slice(0, Math.max(4, word.length - 3));

const search = () => {
  const typed = plain(field.value).split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}<]+|[^\p{L}\p{N}>]+$/gu, ""));
  const words = typed.filter((word) => word && !SMALL.has(word)).map(known);
  const held = texts.map((text) => words.filter((word) => text.includes(word)).length);
  const most = Math.max(...held);
  asked.forEach((article, i) => { article.hidden = words.length > 0 && (!most || held[i] < most); });
  for (const part of element.querySelectorAll("section")) part.hidden = !part.querySelector("article:not([hidden])");
  const count = asked.filter((article) => !article.hidden).length;
  if (!words.length) told.textContent = "";
  else if (most === words.length) told.textContent = `${count} of ${asked.length} match.`;
  else if (most) told.textContent = `None holds all of these words; ${count} of ${asked.length} hold the most.`;
  else told.textContent = `No question matches “${field.value.trim()}”: try another word, such as prune.`;
};
field.addEventListener("input", search);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-link]");
  if (!button) return;
  window.seviz.go(button.dataset.link);
  scrollTo(0, 0);
});
