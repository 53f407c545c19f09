"use strict";
// Starts the deck, and gives every embedded page the room that its slide has.
(() => {
  const settings = JSON.parse(document.getElementById("bpv-deck").textContent);
  const { width, height } = settings;
  const SMALLEST = 0.55; // of an embedded page's own size; below, nobody reads it
  const COMFORTABLE = 0.62;
  const TALLEST = 4000; // px
  const NEGLIGIBLE = 0.01; // change of scale
  const MOST_CHANGES = 12;
  const pages = new WeakMap(); // frame: what its page said last, and how it is drawn

  const roomFor = (holder) => {
    const section = holder.closest("section");
    const others = section.scrollHeight - holder.offsetHeight;
    return Math.max(height - others, height * 0.45);
  };

  // A page too high for its slide is drawn wider and scaled down, and its picture becomes less high: of both a little
  // reads better than much of one. What the page says decides, not when it says it: however slow a machine is, the
  // slide looks the same in the end.
  const scaleFor = ({ natural, least }, room) => {
    const shared = Math.max(COMFORTABLE, Math.sqrt(room / natural));
    return Math.max(SMALLEST, Math.min(1, shared, room / least));
  };

  const fit = (frame) => {
    const holder = frame.parentElement;
    const page = pages.get(frame);
    const across = holder.clientWidth;
    if (!page || across === 0) return;
    const room = roomFor(holder);
    if (page.said.fills) {
      Object.assign(frame.style, { width: "100%", height: `${room}px`, transform: "none" });
      holder.style.height = `${room}px`;
      return;
    }
    const isOfThisWidth = Math.abs(page.said.width - Math.round(across / page.scale)) <= 1;
    const wished = scaleFor(page.said, room);
    const mayGrow = page.changes < MOST_CHANGES; // no endless to and fro where a page is higher at the larger of two widths
    if (isOfThisWidth && Math.abs(wished - page.scale) > NEGLIGIBLE && (wished < page.scale || mayGrow)) {
      page.scale = wished;
      page.changes += 1;
    }
    const width = Math.round(across / page.scale);
    const scale = across / width;
    frame.style.width = `${width}px`;
    const tall = Math.min(page.said.height, TALLEST);
    frame.style.height = `${tall}px`;
    frame.style.transform = `scale(${scale})`;
    holder.style.height = `${tall * scale}px`;
    const share = Math.floor(room / scale);
    if (share === page.told) return;
    page.told = share;
    frame.contentWindow.postMessage(JSON.stringify({ backpropviz: "room", height: share }), "*");
  };

  const isHeights = (said) => said?.backpropviz === "height" && [said.height, said.natural, said.least].every((px) => px > 0);

  window.addEventListener("message", (event) => {
    let said = null;
    try {
      said = JSON.parse(event.data);
    } catch {
      return; // somebody else's message
    }
    if (!isHeights(said)) return;
    for (const frame of document.querySelectorAll(".bpv-frame-holder iframe")) {
      if (frame.contentWindow !== event.source) continue;
      const page = pages.get(frame) ?? { scale: 1, changes: 0, told: null };
      page.said = said;
      pages.set(frame, page);
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
  Reveal.on("slidechanged", ({ currentSlide }) => {
    for (const frame of currentSlide.querySelectorAll(".bpv-frame-holder iframe")) {
      if (pages.has(frame)) pages.get(frame).changes = 0;
      fit(frame);
    }
  });
})();
