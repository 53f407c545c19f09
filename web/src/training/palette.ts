// The theme's colours for pictures made of pixels, which no style sheet reaches.

const CLASS_COLOURS = ["--bpv-slope", "--bpv-value", "--bpv-tangent", "--bpv-amber"];
const MORE_COLOURS = [
  [126, 87, 194],
  [216, 67, 121],
  [109, 124, 59],
  [0, 137, 209],
  [141, 110, 99],
  [96, 110, 128],
];
const WASH = 0.42; // how much of a colour a fully certain area shows

function readHex(text: string) {
  const digits = text.trim().slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** A colour between two: share 0 is the first, 1 the second. */
export function mixColours(first: number[], second: number[], share: number) {
  return first.map((part, index) => part + (second[index] - part) * share);
}

/** Colours of a root element, read again when its theme changes. */
export class Palette {
  root: HTMLElement;
  theme: string | null | undefined;
  styles!: CSSStyleDeclaration;
  paper!: number[];
  positive!: number[];
  negative!: number[];
  classes!: number[][];

  constructor(root: HTMLElement) {
    this.root = root;
    this.theme = null;
  }

  /** Take the colours of the present theme; a root that is not yet on the page has none. */
  follow() {
    if (this.theme === this.root.dataset.theme || !this.root.isConnected) return;
    this.theme = this.root.dataset.theme;
    this.styles = getComputedStyle(this.root);
    this.paper = this.parts("--bpv-paper");
    this.positive = this.parts("--bpv-value");
    this.negative = this.parts("--bpv-slope");
    this.classes = [...CLASS_COLOURS.map((name) => this.parts(name)), ...MORE_COLOURS];
  }

  /** A colour variable as red, green and blue. */
  parts(name: string) {
    return readHex(this.styles.getPropertyValue(name));
  }

  /** A colour variable as CSS writes it. */
  css(name: string) {
    return this.styles.getPropertyValue(name).trim();
  }

  /** The colour of a class for marks. */
  ofClass(index: number) {
    return `rgb(${this.classes[index % this.classes.length].join(" ")})`;
  }

  /** The colour of an area: share 0 is paper, 1 the class. */
  wash(index: number, share: number) {
    return mixColours(this.paper, this.classes[index % this.classes.length], WASH * share);
  }

  /** A colour for a number between −1 and 1: orange-red below, blue above. */
  signed(number: number, strength = 1) {
    const share = Math.min(1, Math.abs(number)) * strength;
    return mixColours(this.paper, number < 0 ? this.negative : this.positive, share);
  }
}
