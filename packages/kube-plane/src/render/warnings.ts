// Warning headers, bounded so that no answer's head grows beyond what clients read: as k8s.io/apiserver does it,
// long texts are cut once all are too much together, and what is still too much is left out.

const TOTAL_RUNES_MAX = 4096;
const CUT_RUNES = 256;

/** The header values for the texts, each text once, in order. */
export function warningHeaders(texts: readonly string[]): string[] {
  const runes = [...new Set(texts)].filter((text) => text !== '').map((text) => Array.from(text));
  const total = runes.reduce((sum, text) => sum + text.length, 0);
  if (total <= TOTAL_RUNES_MAX) return runes.map((text) => headerOf(text));
  let left = TOTAL_RUNES_MAX;
  const kept: string[] = [];
  for (const text of runes) {
    const cut = text.slice(0, CUT_RUNES);
    if (cut.length > left) break;
    left -= cut.length;
    kept.push(headerOf(cut));
  }
  return kept;
}

/** RFC 7234 warn-text, as k8s.io/apimachinery/pkg/util/net NewWarningHeader. */
function headerOf(runes: readonly string[]): string {
  const printable = runes
    .join('')
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/["\\]/g, '\\$&');
  return `299 - "${printable}"`;
}
