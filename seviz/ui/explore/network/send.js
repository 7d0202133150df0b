// Sends one file of weights to the server, or shards with their index, and with them at most one text
// of class names.
const MOST = __MOST__, MB = 1e6;
const input = element.querySelector("input");
const zone = element.querySelector(".drop");
const status = element.querySelector("[role=status]");
const say = (text) => { status.textContent = text; };
const isText = (file) => /\.txt$/i.test(file.name);
const isShard = (file) => /\.safetensors$/i.test(file.name);
const isIndex = (file) => /\.safetensors\.index\.json$/i.test(file.name);
const ONE = "Choose one .safetensors file, or shards with their index (*.safetensors.index.json) in "
  + "one choice, and with them at most one .txt file of class names.";

function refusal(files) {
  const weights = files.filter((file) => !isText(file));
  const odd = weights.find((file) => !isShard(file) && !isIndex(file));
  if (weights.length === 1 && odd) {
    return `${odd.name} is not a .safetensors file; seviz convert makes one of a file of torch.save.`;
  }
  const indexes = weights.filter(isIndex).length, shards = weights.filter(isShard).length;
  const whole = indexes === 1 ? shards > 0 : shards === 1;
  if (odd || !whole || indexes > 1 || files.length - weights.length > 1) return ONE;
  const size = weights.reduce((sum, file) => sum + file.size, 0);
  return size > MOST * MB ? `At most ${MOST} MB in one uploaded network.` : "";
}

async function take(chosen) {
  const files = [...chosen];
  if (!files.length || zone.ariaBusy === "true") return;
  const refused = refusal(files);
  if (refused) { say(refused); return; }
  zone.ariaBusy = "true";
  try {
    const sent = [];
    for (const file of files) {
      const tell = (share) => say(`Sending ${file.name}: ${Math.floor(share * 100)} %`);
      sent.push(await window.seviz.send(file, isText(file) ? "names" : "weights", {
        kind: isText(file) ? "" : "network=file", tell }));
    }
    window.seviz.sent = sent;
    say("");
    trigger("select", { count: sent.length });
  } catch (error) {
    say(error.message);
  } finally {
    zone.ariaBusy = "false";
    input.value = "";
  }
}

window.seviz.takeDrops(element, take);
