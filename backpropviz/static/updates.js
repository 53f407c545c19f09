// Numbers of an update w ← w − γ·g, beside those of the sweeps.

/** Learning rates by node of a timeline that ends in updates; null for any other. */
export function readRates(timeline) {
  const updates = timeline.flatMap(({ records }) => records).filter(([kind]) => kind === "update");
  return updates.length > 0 ? Object.fromEntries(updates.map(([, node, rate]) => [node, rate])) : null;
}

/**
 * A narration context that also knows where parameters move.
 * @param {object} context  as narrationContext gives it
 * @param {object | null} rates  learning rate by node; without any the context stays as it is
 * @param {object} told  the kernel's numbers, for arrays: `updated` and `moves` by node
 * @returns {object}
 */
export function withUpdates(context, rates, told = {}) {
  if (!rates) return context;
  return {
    ...context,
    number(kind, node, slot) {
      if (kind === "updated") {
        return told.updated?.[node] ?? context.number("value", node) - rates[node] * context.number("gradient", node);
      }
      if (kind === "move") return told.moves?.[node] ?? -rates[node] * context.number("gradient", node);
      return context.number(kind, node, slot);
    },
  };
}
