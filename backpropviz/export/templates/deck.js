"use strict";
// Starts the deck, and gives every embedded page the room that its slide has.
(() => {
  const settings = JSON.parse(document.getElementById("bpv-deck").textContent);
  const { width, height } = settings;
  const SMALLEST = 0.55; // of an embedded page's own size; below, nobody reads it
  const COMFORTABLE = 0.62;
  const MOST_ROUNDS = 12;
  const PATIENCE = 150; // milliseconds
  const wished = new WeakMap();

  const roomFor = (holder) => {
    const section = holder.closest("section");
    const others = section.scrollHeight - holder.offsetHeight;
    return Math.max(height - others, height * 0.45);
  };

  const tell = (frame, room) => frame.contentWindow.postMessage(JSON.stringify({ backpropviz: "room", height: room }), "*");

  // A page says how high it is at its present width. Where that is too high, it is drawn wider and scaled down, and it
  // hears how much room it has, so that its picture can become less high: of both a little reads better than much of one.
  const fit = (frame) => {
    const holder = frame.parentElement;
    const said = wished.get(frame);
    const across = holder.clientWidth;
    if (!said || across === 0) return;
    const room = roomFor(holder);
    const needed = () => said.height * said.scale;
    if (said.round === 0 && needed() > room) said.scale = Math.max(COMFORTABLE, Math.sqrt(room / said.height));
    if (needed() > room && said.round < MOST_ROUNDS) {
      const share = Math.floor(room / said.scale);
      if (said.told === share) said.scale = Math.max(SMALLEST, (said.scale * room) / needed());
      else tell(frame, share);
      said.told = share;
      said.round += 1;
      setTimeout(() => fit(frame), PATIENCE); // a page that cannot become less high does not answer
    }
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
