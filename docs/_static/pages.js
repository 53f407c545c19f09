// What the pages of the site do by themselves. Every playing picture gets the height that it says it needs at its width;
// one that fills whatever it has, as on a telephone, a height that goes with its width.
"use strict";
window.addEventListener("message", (event) => {
  let said = null;
  try {
    said = JSON.parse(event.data);
  } catch {
    return; // somebody else's message
  }
  if (said?.backpropviz !== "height" || !(said.natural > 0)) return;
  for (const frame of document.querySelectorAll("iframe.bpv-embedded")) {
    if (frame.contentWindow !== event.source) continue;
    const height = said.fills ? 1.5 * frame.clientWidth : said.natural;
    frame.style.height = `${Math.min(Math.ceil(height), 4000)}px`;
  }
});

// What scrolls sideways is reached with the keyboard too.
const reach = () => {
  for (const block of document.querySelectorAll("article :is(pre, .math-wrapper, .table-wrapper)"))
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    else block.removeAttribute("tabindex");
};
window.addEventListener("resize", reach);
reach();

// What an address carries goes on to the picture that reads it: playground.html#expr=x*y&x=2, or the settings of a network.
const passOn = () => {
  if (!window.location.hash.includes("=")) return;
  const frames = [...document.querySelectorAll("iframe.bpv-embedded")];
  const frame = frames.at(/[#&](expr|step|mode|select)=/.test(window.location.hash) ? 0 : -1);
  if (!frame) return;
  frame.loading = "eager";
  frame.src = frame.src.split("#")[0] + window.location.hash;
  frame.scrollIntoView({ block: "center" });
};
window.addEventListener("hashchange", passOn);
passOn();
