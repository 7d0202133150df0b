// Keeps answers from being lost as Gradio's stream of answers closes.
// The server closes the stream when all is answered. A question that it takes just then is answered
// to nobody, as the browser believes the stream to be open. So the browser learns of the end only
// when no question waits; until then the stream goes on with what a new one brings. A question that
// is asked before the browser has heard of the end waits until it has, and then opens a stream.
(() => {
  const plain = window.fetch;
  const HEAD = /^data: \{"msg":"(\w+)","event_id":(?:"([^"]+)")?/;
  const joining = new Set(); // questions under way to the server, each as a promise
  const waiting = new Set(); // event ids of those that the server has taken and not answered yet
  const early = new Set(); // event ids of answers that were here before the server's receipt
  // What stops a question; one that the server has not taken yet has no id, which it would refuse.
  const NAMELESS = /\/(cancel|reset)$/;
  const HEARD = 1000; // milliseconds in which the browser has heard of the end for sure
  let ending = null; // a promise from the end on until the browser has heard of it

  function join(...asked) {
    const receipt = ending ? ending.then(() => plain(...asked)) : plain(...asked);
    const taken = receipt.then((response) => response.clone().json()).then(({ event_id: id }) => {
      if (id && !early.delete(id)) waiting.add(id);
    }, () => {}).then(() => new Promise((done) => setTimeout(done))); // Gradio, too, then knows the id
    joining.add(taken);
    taken.then(() => joining.delete(taken));
    return receipt;
  }

  // Pass a stream's messages on, but for its end; tells whether the server said that it ends.
  async function pass(reader, out) {
    const encoder = new TextEncoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return false;
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) {
        const [, kind, id] = message.match(HEAD) ?? [];
        if (kind === "close_stream") return true;
        if (kind === "process_completed" && !waiting.delete(id)) early.add(id);
        out.enqueue(encoder.encode(message + "\n\n"));
      }
    }
  }

  async function further(request) {
    while (joining.size) await Promise.all(joining);
    const response = waiting.size ? await plain(request.clone()) : null;
    return response?.ok ? response : null;
  }

  async function stream(request) {
    const first = await plain(request.clone());
    if (!first.ok) return first;
    let reader;
    const body = new ReadableStream({
      async start(out) {
        let ends = false;
        for (let part = first; part; part = ends && await further(request)) {
          reader = part.body.pipeThrough(new TextDecoderStream()).getReader();
          ends = await pass(reader, out);
        }
        if (ends) {
          ending = new Promise((heard) => { // Gradio's client aborts the request as it hears of the end
            if (request.signal.aborted) heard();
            request.signal.addEventListener("abort", heard, { once: true });
            setTimeout(heard, HEARD);
          }).then(() => { ending = null; });
          out.enqueue(new TextEncoder().encode('data: {"msg":"close_stream","event_id":null}\n\n'));
        }
        out.close();
      },
      cancel: () => reader.cancel(),
    });
    return new Response(body, first);
  }

  window.fetch = async (asked, options) => {
    const { pathname } = new URL(asked.url ?? asked, location);
    if (pathname.endsWith("/queue/join")) return join(asked, options);
    if (pathname.endsWith("/queue/data")) return stream(new Request(asked, options));
    if (NAMELESS.test(pathname) && !JSON.parse(options.body).event_id) return new Response("{}");
    return plain(asked, options);
  };
})();
