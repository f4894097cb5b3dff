// Characters of XML text and attributes, both ways.

// oxlint-disable-next-line no-control-regex -- control characters are what must be escaped.
const special = /[&<>"\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028]/;
// oxlint-disable-next-line no-control-regex -- see above.
const specials = /[&<>"\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028]/g;

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text that survives any XML reader: a carriage return would else be read as a newline. Control characters become
 * references (`&#x1;`), as S3 writes them: strict readers refuse those, which is why S3 has `encoding-type=url`.
 */
export function escapeXml(text: string): string {
  return special.test(text) ? text.replace(specials, toReference) : text;
}

const references = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/gi;

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces the five named references of XML and numeric ones. Others stay as they are: documents declare none. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(references, (whole: string, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return characters[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function toReference(character: string): string {
  return named[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
}
