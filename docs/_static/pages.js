// What the pages of the site do by themselves. Every playing picture gets the height that it says it needs at its width.
"use strict";
window.addEventListener("message", (event) => {
  let said = null;
  try {
    said = JSON.parse(event.data);
  } catch {
    return; // somebody else's message
  }
  if (said?.backpropviz !== "height" || !(said.height > 0)) return;
  for (const frame of document.querySelectorAll("iframe.bpv-embedded"))
    if (frame.contentWindow === event.source) frame.style.height = `${Math.min(Math.ceil(said.height), 4000)}px`;
});

// What scrolls sideways is reached with the keyboard too.
const reach = () => {
  for (const block of document.querySelectorAll("article pre"))
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    else block.removeAttribute("tabindex");
};
window.addEventListener("resize", reach);
reach();
