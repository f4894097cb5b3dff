// `$(NAME)` in commands, arguments and values, as Kubernetes expands it: `$$` is `$`, an unknown name
// stays as it stands. Follows third_party/forked/golang/expansion.

/** `text` with references to `values` replaced. */
export function expandReferences(text: string, values: ReadonlyMap<string, string>): string {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character !== '$' || next === '') {
      out += character;
    } else if (next === '$') {
      out += '$';
      at++;
    } else if (next === '(') {
      const end = text.indexOf(')', at);
      if (end < 0) return `${out}${text.slice(at)}`;
      out += values.get(text.slice(at + 2, end)) ?? text.slice(at, end + 1);
      at = end;
    } else {
      out += character;
    }
  }
  return out;
}
