// Regular expressions as forwarders write them, which are those of Rust, compiled with those of JavaScript: what the
// two write differently is translated, and what cannot be is refused.

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  lower: 'a-z',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** Compiles `text`. Throws when it is no regular expression, or one that only Rust has. */
export function compilePattern(text: string): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(text);
  const flags = leading?.[1] ?? '';
  const body = text.slice(leading?.[0].length ?? 0);
  if (/\(\?[a-zA-Z]*-?[a-zA-Z]*[:)]/.test(body.replaceAll('(?:', ''))) {
    throw new Error(`flags in the middle of a regular expression are not implemented: ${text}`);
  }
  const translated = body
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
    .replaceAll(/\\([AzpP])(?!\{)/g, (whole, letter: string) => {
      if (letter === 'A') return '^';
      return letter === 'z' ? '$' : whole;
    });
  const unique = [...new Set(flags)].join('');
  try {
    return new RegExp(translated, `${unique}u`);
  } catch {
    // Escapes that mean nothing are errors with `u`, and mean themselves without it.
    return new RegExp(translated, unique);
  }
}
