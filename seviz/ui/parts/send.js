// Sends a file to the server, in a request of its own, under a name that nobody else's upload has, as
// it is deleted when it has been read. kind: what the address says of it, such as "collection=zip";
// tell: called with the share that has been sent, 0 to 1. Returns the file as handlers take it.
window.seviz ??= {};
window.seviz.send = (file, ending, { kind = "", tell = () => {} } = {}) => {
  const form = new FormData(), request = new XMLHttpRequest();
  const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  form.append("files", file, `${id}.${ending}`);
  return new Promise((resolve, reject) => {
    const fail = (says) => reject(new Error(says ?? "The upload failed; try again."));
    request.upload.onprogress = (event) => tell(event.loaded / event.total);
    request.onerror = () => fail();
    request.onload = () => {
      let said = null;
      try { said = JSON.parse(request.responseText); } catch { /* a proxy's page */ }
      if (request.status !== 200 || !Array.isArray(said)) { fail(said?.detail); return; }
      resolve({ path: said[0], orig_name: file.name, size: file.size,
        meta: { _type: "gradio.FileData" } });
    };
    request.open("POST", `gradio_api/upload${kind && "?" + kind}`);
    request.send(form);
  });
};

// Lets files be chosen in, or dropped on, the field of class "drop" inside an element.
window.seviz.takeDrops = (element, take) => {
  const input = element.querySelector("input"), zone = element.querySelector(".drop");
  input.addEventListener("change", () => take(input.files));
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.remove("over"); });
  }
  zone.addEventListener("drop", (event) => take(event.dataTransfer.files));
};
