// What if one input moved by h? The gradient predicts the change; the function tells it; a slice shows both.
import { bounded, makeElement, makeSelect, makeSvg } from "../page/dom.js";
import type { View } from "../page/view.js";
import { entryOf, inputEntries, type InputEntry, withEntry } from "../story/input_entries.js";
import { gradientSymbol } from "../story/narration.js";
import { ArrayNumber, formatNumber, roundedText, parseNumber } from "../story/numerals.js";
import { VEILED } from "../story/number_sources.js";
import type { Hiding } from "./aids.js";
import { symbolNodes } from "./explanation.js";

const WIDTH = 520;
const HEIGHT = 220;
const EDGE = { left: 62, right: 16, top: 14, bottom: 30 };
const MOST_SAMPLES = 161;
const MOST_WORK = 60_000; // nodes computed for one slice

const INSIDE = {
  x: EDGE.left,
  y: EDGE.top,
  width: WIDTH - EDGE.left - EDGE.right,
  height: HEIGHT - EDGE.top - EDGE.bottom,
};

type Scale = (value: number) => number;
type Point = [x: number, y: number];

/** What is told of an input: where it is, and what the function does there. */
interface Told {
  name: string;
  at: number;
  value: number;
  slope: number | null; // null where it is hidden
  moved: number;
  height: Scale;
}

/** What is drawn of it: both ends of the tangent line, and the value it predicts; null where the slope is hidden. */
interface Slice {
  left: number;
  right: number;
  bottom: number;
  top: number;
  points: Point[];
  tangent: Point[];
  predicted: number | null;
}

function scaleOf(low: number, high: number, from: number, to: number) {
  const span = high - low || 1;
  return (value: number) => from + ((value - low) / span) * (to - from);
}

function line(className: string, points: Point[]) {
  const place = ([x, y]: Point) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return makeSvg("polyline", { class: className, points: points.map(place).join(" ") });
}

/** The panel. */
export class NudgePanel {
  input: HTMLSelectElement;
  field: HTMLInputElement;
  slider: HTMLInputElement;
  h: number;
  words: HTMLDListElement;
  chart: HTMLDivElement;
  element: HTMLElement;
  entries: InputEntry[] = [];

  constructor(
    readonly view: View,
    private readonly aids: Hiding,
  ) {
    this.input = makeSelect("Nudge", [], "bpv-select-nudge");
    this.field = makeElement("input", {
      type: "text",
      class: "bpv-field bpv-nudge-field",
      "aria-label": "h",
      inputmode: "decimal",
    });
    this.field.value = "0.1";
    this.slider = makeElement("input", {
      type: "range",
      class: "bpv-slider",
      "aria-label": "Size of the nudge",
      min: -1,
      max: 1,
      step: 0.01,
    });
    this.slider.value = "0.1";
    this.slider.style.setProperty("--bpv-share", "0.55");
    this.h = 0.1;
    const head = makeElement(
      "div",
      { class: "bpv-aid-head" },
      "Move ",
      this.input,
      " by h = ",
      this.field,
      this.slider,
    );
    this.words = makeElement("dl", { class: "bpv-nudge-words" });
    this.chart = makeElement("div", { class: "bpv-nudge-chart" });
    const body = makeElement("div", { class: "bpv-nudge-body" }, this.words, this.chart);
    this.element = makeElement("section", { class: "bpv-nudge", "aria-label": "What if" }, head, body);
    const { lifetime } = view;
    lifetime.listen(this.input, "change", () => this.show());
    lifetime.listen(this.slider, "input", () => this.take(Number(this.slider.value), this.slider));
    lifetime.listen(this.field, "input", () => this.take(parseNumber(this.field.value), this.field));
  }

  isOffered() {
    return Boolean(this.view.session?.compiled);
  }

  build() {
    this.entries = inputEntries(this.view.session, this.view.model.get("inputs") ?? {});
    const names = this.entries.map(({ label }) => label);
    const former = this.input.value;
    this.input.replaceChildren(...names.map((name) => makeElement("option", { value: name, text: name })));
    if (names.includes(former)) this.input.value = former;
    if (this.element.isConnected) this.show();
  }

  take(h: number | null, from: HTMLInputElement) {
    this.field.setAttribute("aria-invalid", String(h === null));
    this.field.classList.toggle("bpv-invalid", h === null);
    if (h === null) return;
    this.h = h;
    if (from !== this.field) this.field.value = String(h).replaceAll("-", "−");
    if (from !== this.slider) this.slider.value = String(h);
    this.slider.style.setProperty("--bpv-share", ((bounded(h, -1, 1) + 1) / 2).toFixed(4));
    this.show();
  }

  show() {
    const { session, model } = this.view;
    const entry = this.entries.find(({ label }) => label === this.input.value);
    if (!session.compiled || !entry) return;
    const { structure, compiled, nodes } = session;
    const isHidden = this.aids.hides("gradient", entry.node);
    if (this.aids.hides("value", structure.output)) {
      this.words.replaceChildren();
      this.say(`The value of ${nodes[structure.output].name} is hidden.`);
      return;
    }
    const inputs = model.get("inputs") ?? {};
    const name = entry.label;
    const at = entryOf(inputs, entry);
    const here = compiled.run(inputs);
    const height = (x: number) => Number(compiled.run(withEntry(inputs, entry, x)).primals[structure.output]);
    const adjoint = here.adjoints[entry.node];
    const slope = typeof adjoint === "number" ? adjoint : adjoint.data[entry.place ?? 0];
    const value = Number(here.primals[structure.output]);
    const moved = height(at + this.h);
    const [predicted, actual] = [slope * this.h, moved - value];
    const symbol = symbolNodes(gradientSymbol(name, session.context.notation, nodes[structure.output].name));
    const text = (number: number) => (isHidden ? VEILED.text : formatNumber(number));
    const told = `·h = ${text(slope)}·${this.bracketed(this.h)} = ${text(predicted)}`;
    const rows: [label: string, words: (string | HTMLElement)[], kind: string][] = [
      ["Predicted change", [...symbol, told], "slope"],
      ["Actual change", [formatNumber(actual)], "value"],
      ["Difference", [text(actual - predicted)], ""],
    ];
    this.words.replaceChildren(
      ...rows.flatMap(([label, words, kind]) => [
        makeElement("dt", { text: label }),
        makeElement("dd", { class: kind ? `bpv-is-${kind}` : "" }, ...words),
      ]),
    );
    this.draw({ name, at, value, slope: isHidden ? null : slope, moved, height });
  }

  private say(text: string) {
    this.chart.replaceChildren(makeElement("p", { class: "bpv-aid-hint", text }));
  }

  bracketed(number: number) {
    return number < 0 ? `(${formatNumber(number)})` : formatNumber(number);
  }

  private draw(told: Told) {
    const slice = this.sliceOf(told);
    if (slice.points.length < 2 || !Number.isFinite(slice.predicted ?? told.value)) {
      this.say("Not finite here: there is no slice to draw.");
      return;
    }
    const { name, at, value, moved } = told;
    const { left, right, bottom, top, predicted } = slice;
    const x = scaleOf(left, right, EDGE.left, WIDTH - EDGE.right);
    const y = scaleOf(bottom, top, HEIGHT - EDGE.bottom, EDGE.top);
    const place = ([across, up]: Point): Point => [x(across), y(up)];
    const to = at + this.h;
    const clip = `${this.view.stage.prefix}-slice`;
    const inner = makeSvg("g", { "clip-path": `url(#${clip})` }, line("bpv-slice-curve", slice.points.map(place)));
    const dots = [dot("bpv-slice-here", x(at), y(value))];
    if (predicted !== null) {
      inner.append(line("bpv-slice-tangent", slice.tangent.map(place)));
      const gap: Point[] = [
        [to, moved],
        [to, predicted],
      ];
      if (Number.isFinite(moved)) inner.append(line("bpv-slice-gap", gap.map(place)));
      dots.push(dot("bpv-slice-predicted", x(to), y(predicted)));
    }
    if (Number.isFinite(moved)) dots.push(dot("bpv-slice-moved", x(to), y(moved)));
    const { nodes, structure } = this.view.session;
    const alone = `${nodes[structure.output].name} along ${name}`;
    const label = predicted === null ? alone : `${alone}, with its tangent line`;
    this.chart.replaceChildren(
      makeSvg(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "bpv-slice", role: "img", "aria-label": label },
        makeSvg("clipPath", { id: clip }, makeSvg("rect", INSIDE)),
        ...axes(slice, x, y, name),
        inner,
        ...dots,
      ),
    );
  }

  /** The function along the input, as far as it is finite, and the room that it takes with its tangent. */
  private sliceOf({ name, at, value, slope, moved, height }: Told): Slice {
    const { session } = this.view;
    const [lowest, highest] = session.spec.ranges[name] ?? [at - 4, at + 4];
    const half = Math.max((highest - lowest) / 8, Math.abs(this.h) * 1.6);
    const [left, right] = [at - half, at + half];
    const primals = session.nodes.map((_, node) => session.number("value", node));
    const work = primals.reduce<number>((sum, each) => sum + (each instanceof ArrayNumber ? each.data.length : 1), 0);
    const count = bounded(Math.floor(MOST_WORK / work), 21, MOST_SAMPLES);
    const samples = Array.from({ length: count }, (_, place) => left + ((right - left) * place) / (count - 1));
    const points = samples.map((x): Point => [x, height(x)]).filter(([, y]) => Number.isFinite(y));
    const predicted = slope === null ? null : value + slope * this.h;
    const tangent = [left, right].map((x): Point => [x, value + (slope ?? NaN) * (x - at)]);
    const heights = [...points.map(([, y]) => y), predicted ?? value, Number.isFinite(moved) ? moved : value];
    const [bottom, top] = [Math.min(...heights), Math.max(...heights)];
    const room = (top - bottom) * 0.08 || 1;
    return { left, right, bottom: bottom - room, top: top + room, points, tangent, predicted };
  }
}

function dot(className: string, cx: number, cy: number) {
  return makeSvg("circle", { class: className, r: 4.5, cx: cx.toFixed(1), cy: cy.toFixed(1) });
}

function axes({ left, right, bottom, top }: Slice, x: Scale, y: Scale, name: string) {
  const base = HEIGHT - EDGE.bottom;
  const text = (words: string, at: number, row: number, anchor: string) =>
    makeSvg("text", { class: "bpv-slice-text", x: at, y: row, "text-anchor": anchor, text: words });
  return [
    line("bpv-slice-axis", [
      [EDGE.left, EDGE.top],
      [EDGE.left, base],
      [WIDTH - EDGE.right, base],
    ]),
    text(roundedText(left), x(left), base + 18, "start"),
    text(roundedText(right), x(right), base + 18, "end"),
    text(name, (EDGE.left + WIDTH - EDGE.right) / 2, base + 18, "middle"),
    text(roundedText(bottom), EDGE.left - 8, y(bottom), "end"),
    text(roundedText(top), EDGE.left - 8, y(top) + 10, "end"),
  ];
}
