// Searches the gallery: a card stays when its words, topic and gate all fit.
"use strict";
const form = document.querySelector(".gallery-search");
if (form) {
  const cards = [...document.querySelectorAll(".gallery > li")];
  const told = form.querySelector("output");
  const fits = (card, { words, topic, gate }) =>
    words.every((word) => card.dataset.words.includes(word)) &&
    (!topic || card.dataset.topics.split("|").includes(topic)) &&
    (!gate || card.dataset.gates.split("|").includes(gate));
  const search = () => {
    const asked = Object.fromEntries(new FormData(form));
    asked.words = asked.words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) card.hidden = !fits(card, asked);
    const shown = cards.filter((card) => !card.hidden).length;
    told.textContent = shown ? `${shown} of ${cards.length} examples` : "No example fits: choose a wider search.";
  };
  form.addEventListener("input", search);
  form.addEventListener("submit", (event) => event.preventDefault());
  search();
}
