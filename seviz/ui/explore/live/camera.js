// Runs the camera: a frame goes to the server as soon as the one before was answered, and the
// camera is off as soon as the tab, or the browser's own, is not to be seen.
const FIRST_SIDE = 128; // pixels of the first frame; its answer says which side suits the network
const PATIENCE = 60_000; // milliseconds until an answer is given up
const RECENT = 20; // frames from which the pace is told
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const CALM_PAUSE = 1000, PACE_PAUSE = 500; // milliseconds between two drawings
const OTHERWISE = "upload a photograph in the field Photograph instead.";
const INSECURE = `A browser lends its camera only to pages at https:// or on this machine, and this one is neither: ask for its https:// address, or ${OTHERWISE}`;
const REASONS = {
  NotAllowedError: `The browser may not use the camera: allow it in the settings of this page, beside its address, or ${OTHERWISE}`,
  NotFoundError: `There is no camera: connect one, or ${OTHERWISE}`,
  NotReadableError: `The camera is in use elsewhere: close the other program, or ${OTHERWISE}`,
};

const live = element.querySelector(".live"), video = element.querySelector("video");
const shown = part("picture").querySelector("canvas"), work = document.createElement("canvas");
const [startButton, stopButton, keepButton] = ["start", "stop", "keep"].map(part);
const say = (text) => { part("status").textContent = text; };
const inSight = () => live.getClientRects().length > 0 && !document.hidden;

let stream = null; // of the camera, while it is on
let side = FIRST_SIDE, number = 0;
let waiting = null, answered = null; // a frame under way, and the last one that was answered
let times = [], drawn = 0, told = 0, given = 0; // given: the timer that gives an answer up

const lends = () => window.isSecureContext && navigator.mediaDevices?.getUserMedia;

// Says that there is no camera before anybody tries to start it.
async function seek() {
  if (!lends()) { say(INSECURE); return; }
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!stream) say(devices.some(({ kind }) => kind === "videoinput") ? "" : REASONS.NotFoundError);
}

async function start() {
  say("");
  if (!lends()) { say(INSECURE); return; }
  startButton.disabled = true;
  try {
    const facing = { facingMode: "environment", width: { ideal: 640 }, height: { ideal: 480 } };
    await run(await navigator.mediaDevices.getUserMedia({ video: facing, audio: false }));
  } catch (error) {
    stop(REASONS[error.name] ?? `The camera can’t be started (${error.name}): try another browser, or ${OTHERWISE}`);
  } finally {
    startButton.disabled = false;
  }
}

async function run(opened) {
  stream = opened;
  if (!inSight()) { stop(); return; } // the tab was left while the browser asked for permission
  for (const track of stream.getTracks()) {
    track.addEventListener("ended", () => stop(`The camera was taken away: connect it again, or ${OTHERWISE}`));
  }
  [times, drawn, told] = [[], 0, 0];
  Object.assign(line, { of: "", frames: [] });
  turn(true);
  say("The camera is on.");
  video.srcObject = stream;
  await video.play();
  next();
}

// Turns buttons and picture to a camera that is on or off; the focus stays where it can be.
function turn(on) {
  const focused = [startButton, stopButton].includes(document.activeElement);
  startButton.hidden = on;
  stopButton.hidden = !on;
  if (focused) (on ? stopButton : startButton).focus();
  if (on) part("shown").hidden = false;
  video.hidden = !on;
  shown.hidden = on || !answered;
}

function stop(why = "The camera is off.") {
  if (answered) {
    Object.assign(shown, { width: answered.side, height: answered.side });
    shown.getContext("2d").putImageData(answered.image, 0, 0);
  }
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = waiting = video.srcObject = null;
  clearTimeout(given);
  turn(false);
  part("shown").hidden = !answered;
  say(why);
}

// Sends the next picture of the camera: never the same one twice.
function next() {
  const running = stream;
  const go = () => { if (stream && running === stream) send(); };
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(go); else requestAnimationFrame(go);
}

function send() {
  const image = capture();
  waiting = { number: ++number, side, image, pixels: encode(image.data), at: performance.now() };
  given = setTimeout(() => stop("The server did not answer; start the camera again."), PATIENCE);
  trigger("submit", { number, side, pixels: waiting.pixels });
}

// Returns the middle square of what the camera sees, as small as the network wants it.
function capture() {
  const { videoWidth: width, videoHeight: height } = video, cut = Math.min(width, height);
  Object.assign(work, { width: side, height: side });
  const pen = work.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(video, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  return pen.getImageData(0, 0, side, side);
}

// Writes RGBA bytes as the base64 of their RGB bytes.
function encode(rgba) {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from];
    rgb[to++] = rgba[from + 1];
    rgb[to++] = rgba[from + 2];
  }
  const letters = [];
  for (let at = 0; at < rgb.length; at += 0x6000) letters.push(String.fromCharCode(...rgb.subarray(at, at + 0x6000)));
  return btoa(letters.join(""));
}

function take(said) {
  if (!waiting || said.number !== waiting.number) return; // of a camera that was stopped meanwhile
  clearTimeout(given);
  if (said.refused) { stop(said.refused); return; }
  const now = performance.now();
  times = [...times, { now, whole: now - waiting.at, network: said.milliseconds }].slice(-RECENT);
  [answered, waiting, side] = [waiting, null, said.side];
  keepButton.disabled = false;
  live.dataset.answered = Number(live.dataset.answered ?? 0) + 1;
  remember(said);
  if (!CALM.matches || now - drawn >= CALM_PAUSE) { drawn = now; drawAnswer(said); }
  if (now - told >= PACE_PAUSE && times.length > 1) { told = now; tellPace(); }
  next();
}

function tellPace() {
  const mean = (name) => times.reduce((sum, time) => sum + time[name], 0) / times.length;
  const rate = (1000 * (times.length - 1)) / (times.at(-1).now - times[0].now);
  part("pace").textContent = `${rate.toFixed(rate < 10 ? 1 : 0)} frames a second · ${mean("whole").toFixed(0)} ms a frame, of which the network ${mean("network").toFixed(0)} ms`;
}

seek();
navigator.mediaDevices?.addEventListener("devicechange", seek);
startButton.addEventListener("click", start);
stopButton.addEventListener("click", () => stop());
keepButton.addEventListener("click", () => {
  const kept = { number: answered.number, side: answered.side, pixels: answered.pixels };
  if (stream) stop("The camera is off; this frame is the photograph now, which all tabs explain.");
  trigger("apply", kept);
});
const left = () => { if (stream && !inSight()) stop(); };
new ResizeObserver(left).observe(live);
document.addEventListener("visibilitychange", left);
window.addEventListener("pagehide", () => { if (stream) stop(); });
watch("value", () => { if (props.value) take(JSON.parse(props.value)); });
