// Sends photographs, or one zip, to the server: a request for each, as the server takes only so much
// in one, under a name that nobody else's upload has, as it is deleted when it has been read.
const LIMITS = __LIMITS__;
const AT_ONCE = 3, MB = 1e6;
const input = element.querySelector("input");
const zone = element.querySelector(".drop");
const status = element.querySelector("[role=status]");
const say = (text) => { status.textContent = text; };

async function send(file, zip) {
  const form = new FormData();
  const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  form.append("files", file, `${id}.${zip ? "zip" : "photo"}`);
  const answer = await fetch(`gradio_api/upload${zip ? "?collection=zip" : ""}`, {
    method: "POST", body: form });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? "The upload failed; try again.");
  return { path: said[0], orig_name: file.name, size: file.size,
    meta: { _type: "gradio.FileData" } };
}

function refusal(files, zips) {
  if (zips.length && files.length > 1) return "Choose one zip, or photographs, and not both.";
  if (zips[0]?.size > LIMITS.zip * MB) return `At most ${LIMITS.zip} MB in one zip of photographs.`;
  if (files.length > LIMITS.photos) {
    return `At most ${LIMITS.photos} photographs in one collection; these are ${files.length}.`;
  }
  return "";
}

async function take(chosen) {
  const files = [...chosen], zips = files.filter((file) => /\.zip$/i.test(file.name));
  if (!files.length || zone.ariaBusy === "true") return;
  const refused = refusal(files, zips);
  if (refused) { say(refused); return; }
  const large = files.filter((file) => !zips.length && file.size > LIMITS.file * MB);
  const waiting = files.filter((file) => !large.includes(file)), sent = new Array(waiting.length);
  let next = 0, done = 0, failed = "";
  zone.ariaBusy = "true";
  say(`Sending ${waiting.length} …`);
  const work = async () => {
    while (next < waiting.length && !failed) {
      const i = next++;
      try { sent[i] = await send(waiting[i], zips.length > 0); } catch (error) { failed = error.message; }
      done += 1;
      say(`Sending ${done} of ${waiting.length} …`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  zone.ariaBusy = "false";
  input.value = "";
  const there = sent.filter(Boolean);
  const left = large.length ? ` Left out, as larger than ${LIMITS.file} MB: ${large.map((f) => f.name).join(", ")}.` : "";
  say(failed ? `${failed} ${there.length} were sent.` : left.trim());
  if (!there.length) return;
  window.seviz.sent = there;
  trigger("select", { count: there.length });
}

input.addEventListener("change", () => take(input.files));
for (const kind of ["dragenter", "dragover"]) {
  zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) {
  zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.remove("over"); });
}
zone.addEventListener("drop", (event) => take(event.dataTransfer.files));
