// Policy documents as IAM tells them: as parts of a URL.

export function decodeDocument(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:%7B|%0A|%20|%09)/i.test(value)) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
