// The nearest of some names, as Python's difflib.get_close_matches finds it (Ratcliff and Obershelp, 1988).

const LEAST_ALIKE = 0.6;

/** The nearest known name; null where nothing is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let best: { alike: number; each: string } | null = null;
  for (const each of known) {
    const alike = likeness(each, name);
    if (alike < LEAST_ALIKE) continue;
    if (!best || alike > best.alike || (alike === best.alike && each > best.each)) best = { alike, each };
  }
  return best?.each ?? null;
}

/** 2·(letters in matching blocks) over all letters. */
function likeness(left: string, right: string): number {
  return (2 * matching([...left], [...right])) / (left.length + right.length);
}

function matching(left: string[], right: string[]): number {
  let [from, to, size] = [0, 0, 0];
  let before: number[] = [];
  left.forEach((letter, i) => {
    const lengths: number[] = [];
    right.forEach((other, j) => {
      if (letter !== other) return;
      lengths[j] = (before[j - 1] ?? 0) + 1;
      if (lengths[j] > size) [from, to, size] = [i - lengths[j] + 1, j - lengths[j] + 1, lengths[j]];
    });
    before = lengths;
  });
  if (size === 0) return 0;
  return (
    size + matching(left.slice(0, from), right.slice(0, to)) + matching(left.slice(from + size), right.slice(to + size))
  );
}
