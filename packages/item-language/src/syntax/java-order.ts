// The order in which Java's HashSet hands out strings: DynamoDB lists unused placeholders in it.

/** `strings` as a HashSet would list them that was made for `capacity` of them. */
export function javaSetOrder(strings: readonly string[], capacity: number): readonly string[] {
  let slots = 16;
  while (slots * 0.75 < capacity) slots *= 2;
  return strings
    .map((text) => ({ text, slot: slotOf(text, slots) }))
    .sort((left, right) => left.slot - right.slot)
    .map(({ text }) => text);
}

function slotOf(text: string, slots: number): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & (slots - 1);
}
