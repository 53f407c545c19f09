"use strict";
// Starts the deck, and gives every embedded page the room that its slide has.
(() => {
  const settings = JSON.parse(document.getElementById("bpv-deck").textContent);
  const SMALLEST = 0.55; // of an embedded page's own size; below, nobody reads it
  const COMFORTABLE = 0.62;
  const TALLEST = 4000; // px
  const NEGLIGIBLE = 0.01; // change of scale
  const MOST_CHANGES = 12;
  const UPRIGHT = 0.5; // width of a slide on a screen that is higher than wide, as a share of its usual width
  const MUCH_SMALLER = 0.75; // than it is; a page that fills its slide is then drawn at the screen's own size
  const pages = new WeakMap(); // frame: what its page said last, and how it is drawn

  // A slide has the shape of an upright screen, so that a telephone shows it as large as it is wide.
  const sizeNow = () => {
    const { innerWidth, innerHeight } = window;
    if (innerWidth >= innerHeight) return { width: settings.width, height: settings.height };
    const width = Math.round(settings.width * UPRIGHT);
    return { width, height: Math.round((width * innerHeight) / innerWidth) };
  };

  const roomFor = (holder) => {
    const { height } = Reveal.getConfig();
    // A slide in a scrolled deck is higher than what is on it.
    const { firstElementChild: first, lastElementChild: last } = holder.closest("section");
    const others = last.offsetTop + last.offsetHeight - first.offsetTop - holder.offsetHeight;
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
      // What is drawn much smaller would have type and buttons that are as much too small.
      const seen = holder.getBoundingClientRect().width / across;
      const own = seen < MUCH_SMALLER ? seen : 1;
      const size = { width: `${100 * own}%`, height: `${room * own}px`, transform: `scale(${1 / own})` };
      Object.assign(frame.style, size);
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
    const theme = document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
    frame.contentWindow.postMessage(JSON.stringify({ backpropviz: "room", height: share, theme }), "*");
  };

  // Its page may have spoken while a slide had no room yet.
  const shown = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target.firstElementChild)));

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
      shown.observe(frame.parentElement);
      fit(frame);
    }
  });

  const SCROLLED = 0.8; // of a slide's height, so that a reader finds the line again
  // What is higher than its slide is read before the slide is turned. Graphs take what room there is.
  const turn = (direction) => {
    const slide = Reveal.getCurrentSlide();
    const left = direction > 0 ? slide.scrollHeight - slide.clientHeight - slide.scrollTop : slide.scrollTop;
    const isFitted = slide.querySelector(".bpv-frame-holder") !== null;
    const isScrolled = left > 2 && !isFitted && !Reveal.availableFragments()[direction > 0 ? "next" : "prev"];
    if (isScrolled) slide.scrollBy({ top: direction * SCROLLED * slide.clientHeight });
    else if (direction > 0) Reveal.next();
    else Reveal.prev();
  };

  Reveal.initialize({
    ...settings,
    ...sizeNow(),
    keyboard: { 33: () => turn(-1), 34: () => turn(1) },
    plugins: [RevealNotes],
    hash: true,
    center: false,
    margin: 0.04,
    postMessage: true,
    preloadIframes: true,
    pdfSeparateFragments: false,
  });
  window.addEventListener("resize", () => {
    const [now, wished] = [Reveal.getConfig(), sizeNow()];
    if (now.width !== wished.width || now.height !== wished.height) Reveal.configure(wished);
  });
  Reveal.on("resize", () => {
    for (const frame of document.querySelectorAll(".bpv-frame-holder iframe")) fit(frame);
  });
  Reveal.on("slidechanged", ({ currentSlide }) => {
    // Keys and the screen belong to the slide that is seen, not to a graph of one that is not.
    if (document.fullscreenElement?.tagName === "IFRAME") void document.exitFullscreen();
    const focused = document.activeElement;
    if (focused?.tagName === "IFRAME" && !currentSlide.contains(focused)) focused.blur();
    for (const frame of currentSlide.querySelectorAll(".bpv-frame-holder iframe")) {
      if (pages.has(frame)) pages.get(frame).changes = 0;
      fit(frame);
    }
  });
})();
