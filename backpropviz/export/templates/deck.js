"use strict";
// Starts the deck, and gives every embedded page the room that its slide has.
(() => {
  const settings = JSON.parse(document.getElementById("bpv-deck").textContent);
  const { width, height } = settings;
  const SMALLEST = 0.55; // of an embedded page's own size; below, nobody reads it
  const wished = new WeakMap();

  const roomFor = (holder) => {
    const section = holder.closest("section");
    const others = section.scrollHeight - holder.offsetHeight;
    return Math.max(height - others, height * 0.45);
  };

  // A page says how high it is at its present width. Where that is too high, it is drawn wider and scaled down.
  const fit = (frame) => {
    const holder = frame.parentElement;
    const said = wished.get(frame);
    const across = holder.clientWidth;
    if (!said || across === 0) return;
    const room = roomFor(holder);
    const scale = said.scale * Math.min(1, room / (said.height * said.scale));
    const next = said.round > 6 ? said.scale : Math.min(1, Math.max(SMALLEST, scale));
    const moved = Math.abs(next - said.scale) > 0.01;
    if (moved) Object.assign(said, { scale: next, round: said.round + 1 });
    frame.style.width = `${across / said.scale}px`;
    frame.style.height = `${said.height}px`;
    frame.style.transform = `scale(${said.scale})`;
    holder.style.height = `${said.height * said.scale}px`;
  };

  window.addEventListener("message", (event) => {
    let told = null;
    try {
      told = JSON.parse(event.data);
    } catch {
      return; // somebody else's message
    }
    if (told?.backpropviz !== "height" || !(told.height > 0)) return;
    for (const frame of document.querySelectorAll(".bpv-frame-holder iframe")) {
      if (frame.contentWindow !== event.source) continue;
      const said = wished.get(frame) ?? { scale: 1, round: 0 };
      said.height = Math.min(told.height, 4000);
      wished.set(frame, said);
      fit(frame);
    }
  });

  Reveal.initialize({
    ...settings,
    plugins: [RevealNotes],
    hash: true,
    center: false,
    margin: 0.04,
    postMessage: true,
    preloadIframes: true,
    pdfSeparateFragments: false,
  });
  Reveal.on("slidechanged", ({ currentSlide }) => currentSlide.querySelectorAll(".bpv-frame-holder iframe").forEach(fit));
})();
