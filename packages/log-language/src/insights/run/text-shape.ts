// The shape of a text: what varies from event to event (times, addresses, identifiers, numbers) gives way to
// tokens such as `<Time-1>`, numbered in their order.

const kinds = [
  [
    'Time',
    String.raw`\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?`,
  ],
  ['Time', String.raw`\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}(?: [+-]\d{4})?`],
  ['Time', String.raw`\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`],
  ['UUID', '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'],
  ['IP', String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`],
  ['Number', String.raw`[+-]?\d+(?:\.\d+)?(?![\w-])`],
  // A word with digits in it.
  ['ID', String.raw`(?=[A-Za-z_-]{0,40}\d)[\w-]+`],
] as const;

const dynamic = new RegExp(kinds.map(([, source]) => `(?<![\\w.-])(${source})(?![\\w])`).join('|'), 'g');

export function patternOf(text: string): string {
  let tokens = 0;
  return text.replace(dynamic, (...match: unknown[]) => {
    tokens += 1;
    const kind = kinds[match.slice(1, kinds.length + 1).findIndex((group) => group !== undefined)];
    return `<${kind?.[0] ?? 'Token'}-${tokens}>`;
  });
}

const severities = [
  ['Fatal', /\b(?:fatal|panic|emerg(?:ency)?|critical|crit)\b/i],
  ['Error', /\b(?:error|err|exception|fail(?:ed|ure)?)\b/i],
  ['Warning', /\b(?:warning|warn)\b/i],
  ['Info', /\b(?:info|information|notice)\b/i],
  ['Debug', /\bdebug\b/i],
  ['Trace', /\btrace\b/i],
] as const;

/** The gravest level that a text names, or `None`. */
export function severityOf(text: string): string {
  return severities.find(([, words]) => words.test(text))?.[0] ?? 'None';
}
