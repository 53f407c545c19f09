// Shapes of arrays in C order; a scalar has shape [].

export type Shape = readonly number[];

/** How many entries an array of this shape has. */
export function entryCount(shape: Shape): number {
  let size = 1;
  for (const each of shape) size *= each;
  return size;
}

export function sameShape(one: Shape, other: Shape): boolean {
  return one.length === other.length && one.every((size, axis) => size === other[axis]);
}

/** The shape that all of these broadcast to. */
export function broadcastShape(...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const joint = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((size, axis) => {
      const place = rank - shape.length + axis;
      if (size === 1) return;
      if (joint[place] !== 1 && joint[place] !== size) {
        throw new Error(`shapes ${shapes.map(shapeText).join(" and ")} do not broadcast`);
      }
      joint[place] = size;
    });
  }
  return joint;
}

/** A shape as people write it: 4×2; a scalar has none. */
export function shapeText(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]})` : shape.join("×");
}
