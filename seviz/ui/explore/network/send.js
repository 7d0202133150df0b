// Sends one file of weights to the server, and with it at most one text of class names.
const MOST = __MOST__, MB = 1e6;
const input = element.querySelector("input");
const zone = element.querySelector(".drop");
const status = element.querySelector("[role=status]");
const say = (text) => { status.textContent = text; };
const isText = (file) => /\.txt$/i.test(file.name);

function refusal(files) {
  const weights = files.filter((file) => !isText(file));
  if (weights.length !== 1 || files.length > 2) {
    return "Choose one .safetensors file, and with it at most one .txt file of class names.";
  }
  const [{ name, size }] = weights;
  if (!/\.safetensors$/i.test(name)) {
    return `${name} is not a .safetensors file; seviz convert makes one of a file of torch.save.`;
  }
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
