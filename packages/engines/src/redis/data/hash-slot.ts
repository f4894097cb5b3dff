// The slot of a key in a cluster: CRC16 (XMODEM) of the key, or of what stands between its first braces.

export const SLOT_COUNT = 16_384;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const tag = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (let at = 0; at < tag.length; at++) {
    crc = ((crc << 8) & 0xffff) ^ (table[((crc >> 8) ^ tag.charCodeAt(at)) & 0xff] ?? 0);
  }
  return crc % SLOT_COUNT;
}

/** `0-99,200` as pairs of first and last. */
export function slotRangesOf(text: string): [number, number][] {
  return text
    .split(',')
    .filter(Boolean)
    .map((range) => {
      const [first = '', last = first] = range.trim().split('-');
      return [Number(first), Number(last)];
    });
}
