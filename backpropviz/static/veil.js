// Numbers that are hidden: from a class that shall guess them first, or from a learner who shall fill them in.

export const VEILED = { text: "?", full: "?", hidden: true };
const OF_SOURCE = new Set(["contribution", "before", "after", "push"]);

/** A narration context in which hidden numbers are question marks; isHidden(kind, node) decides. */
export function veiledContext(context, structure, isHidden) {
  const number = (kind, node, slot) => {
    const found = context.number(kind, node, slot);
    if (found === undefined || found === null) return found;
    if (OF_SOURCE.has(kind)) return isHidden("gradient", structure.sources[structure.edgeOf(node, slot)]) ? VEILED : found;
    return (kind === "value" || kind === "gradient" || kind === "tangent") && isHidden(kind, node) ? VEILED : found;
  };
  return { ...context, number };
}

/**
 * What a lecturer hides, as the model's trait `hidden`: {gradients, nodes, shown}: all gradients or none, both numbers
 * of single nodes, and what has been revealed since, as "kind name".
 */
export class Veil {
  constructor(model) {
    this.model = model;
  }

  get state() {
    const { gradients = false, nodes = [], shown = [] } = this.model.get("hidden") ?? {};
    return { gradients, nodes, shown };
  }

  get isDrawn() {
    const { gradients, nodes } = this.state;
    return gradients || nodes.length > 0;
  }

  hides(kind, name) {
    const { gradients, nodes, shown } = this.state;
    const wanted = nodes.includes(name) || (gradients && kind !== "value");
    return wanted && !shown.includes(`${kind === "value" ? "value" : "gradient"} ${name}`);
  }

  /** The next hidden number in the order of the story, as "kind name"; null when nothing is hidden. */
  next(session) {
    const { nodes, spec } = session;
    for (const { records } of spec.timeline) {
      for (const [record, node] of records) {
        const kind = { evaluate: "value", seed: "gradient", settle: "gradient", push: "gradient" }[record];
        if (kind && this.hides(kind, nodes[node].name)) return `${kind} ${nodes[node].name}`;
      }
    }
    return null;
  }
}
