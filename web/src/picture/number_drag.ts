// A number in the picture under a pointer or a finger: to the right it grows, to the left it falls.
import type { Lifetime } from "../page/lifetime.js";
import { bounded, nearest } from "../page/dom.js";
import type { View } from "../page/view.js";

const LEAST_DRAG = 4; // pixels; less is a click

/** A number that can be changed, by one step for a pixel. */
export interface Dial {
  value: number;
  step: number;
  change(value: number): void;
}

/** Let drags on a stage change what `find` finds under the pointer; what it does not find is left to others. */
export function dragNumbers(lifetime: Lifetime, stage: HTMLElement, find: (event: PointerEvent) => Dial | null): void {
  let held: Dial | null = null;
  let from = 0;
  let hasMoved = false;
  const first = { capture: true }; // before the node itself is taken
  lifetime.listen(
    stage,
    "pointerdown",
    (event) => {
      hasMoved = false;
      held = event.button === 0 ? find(event) : null;
      if (held) event.stopPropagation(); // the node stays where it is
      from = event.clientX;
    },
    first,
  );
  lifetime.listen(
    stage,
    "pointermove",
    (event) => {
      if (!held) return;
      event.stopPropagation();
      const way = event.clientX - from;
      if (!hasMoved && Math.abs(way) < LEAST_DRAG) return;
      if (!hasMoved) stage.setPointerCapture(event.pointerId);
      hasMoved = true;
      held.change(Number((held.value + Math.round(way) * held.step).toPrecision(12)));
    },
    first,
  );
  for (const name of ["pointerup", "pointercancel"]) lifetime.listen(stage, name, () => (held = null), first);
  // What ends a drag is no click.
  lifetime.listen(stage, "click", (event) => hasMoved && event.stopImmediatePropagation(), first);
}

/** The number above an input can be dragged wherever the input has a slider, and as far; not in an exercise. */
export function dragInputs(view: View): void {
  const { lifetime, stage, model } = view;
  dragNumbers(lifetime, stage.element, ({ target }) => {
    const name = nearest(target, ".bpv-value")?.closest<SVGElement>("[data-node]")?.dataset.node ?? "";
    const value = model.get("inputs")?.[name];
    const range = view.session.spec.ranges[name];
    if (typeof value !== "number" || !range || model.get("sheet")) return null;
    const [low, high, step] = range;
    const change = (wanted: number) =>
      view.write("inputs", { ...model.get("inputs"), [name]: bounded(wanted, low, high) });
    return { value, step, change };
  });
}
