// Drawing several entries at random: different ones, or with repetition when the count is negative.
import type { SlotMap, Slotted } from './slot-map.ts';

/** Answers of draws with repetition are bounded. */
const MAX_DRAWS = 1_000_000;

export function drawMany<V>(map: SlotMap<V>, count: number, fraction: () => number): Slotted<V>[] {
  if (count < 0) {
    const drawn: Slotted<V>[] = [];
    for (let draw = 0; draw < Math.min(-count, MAX_DRAWS); draw++) {
      const node = map.random(fraction);
      if (node) drawn.push(node);
    }
    return drawn;
  }
  if (count >= map.size) return [...map.nodes()];
  if (count * 3 > map.size) return shuffled([...map.nodes()], fraction).slice(0, count);
  const drawn = new Set<Slotted<V>>();
  while (drawn.size < count) {
    const node = map.random(fraction);
    if (node) drawn.add(node);
  }
  return [...drawn];
}

function shuffled<T>(items: T[], fraction: () => number): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(fraction() * (at + 1));
    const [a, b] = [items[at], items[other]];
    if (a !== undefined && b !== undefined) [items[at], items[other]] = [b, a];
  }
  return items;
}
