// Sends photographs, or one zip, to the server: a request for each, as it takes only so much in one.
const LIMITS = __LIMITS__;
const AT_ONCE = 3, MB = 1e6;
const input = element.querySelector("input");
const zone = element.querySelector(".drop");
const status = element.querySelector("[role=status]");
const say = (text) => { status.textContent = text; };

const send = (file, zip) => window.seviz.send(
  file, zip ? "zip" : "photo", { kind: zip ? "collection=zip" : "" });

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

window.seviz.takeDrops(element, take);
