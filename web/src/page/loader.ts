"use strict";
// Compressed parts of the page take their own shape again: data, style and the module, in the order in which they stand.
void (async () => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=/?@^_`{|}~";
  const digits = new Map([...alphabet].map((sign, digit) => [sign, digit]));
  const bytesOf = (text: string) => {
    const padding = (5 - (text.length % 5)) % 5;
    const padded = text + "~".repeat(padding);
    const bytes = new DataView(new ArrayBuffer((padded.length / 5) * 4));
    for (let at = 0; at < padded.length; at += 5) {
      let word = 0;
      for (let place = at; place < at + 5; place += 1) word = word * 85 + (digits.get(padded[place]) ?? 0);
      bytes.setUint32((at / 5) * 4, word);
    }
    return bytes.buffer.slice(0, bytes.byteLength - padding);
  };
  try {
    for (const packed of document.querySelectorAll<HTMLScriptElement>("script[data-becomes]")) {
      const stream = new Blob([bytesOf(packed.textContent)]).stream().pipeThrough(new DecompressionStream("deflate"));
      const kinds = packed.dataset.becomes!.split(" ");
      packed.remove();
      for (const [place, text] of (await new Response(stream).text()).split("\0").entries()) {
        const made = document.createElement(kinds[place] === "text/css" ? "style" : "script");
        made.type = kinds[place];
        made.textContent = text;
        if (packed.id) made.id = packed.id;
        document.head.append(made);
      }
    }
  } catch (problem) {
    console.error(problem);
    const page = document.getElementById("bpv-page");
    if (page) page.textContent = "This page could not start here. It needs a browser of 2023 or later.";
  }
})();
