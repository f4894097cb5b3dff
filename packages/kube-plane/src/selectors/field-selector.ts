// Field selectors: `metadata.name=x,status.phase!=y`. Follows k8s.io/apimachinery/pkg/fields.
import { faults } from '../faults.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  /** `values` has the selectable fields of one object; an absent field counts as the empty string. */
  matches(values: Readonly<Record<string, string>>): boolean;
  /** The value that `field` must have, when the selector pins it with `=`. */
  pinned(field: string): string | undefined;
}

/**
 * Parses a field selector; an empty text selects everything.
 * @throws KubeStatus 400, worded as the API server does.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements = splitTerms(text).map((term) => parseTerm(term, text));
  return {
    requirements,
    matches: (values) =>
      requirements.every(
        ({ field, operator, value }) => ((values[field] ?? '') === value) === (operator === '='),
      ),
    pinned: (field) =>
      requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value,
  };
}

/**
 * Refuses fields that the kind does not offer.
 * @throws KubeStatus 400 `field label not supported: …`.
 */
export function assertSelectable(selector: FieldSelector, fields: readonly string[]): void {
  const unknown = selector.requirements.find(({ field }) => !fields.includes(field));
  if (unknown) throw faults.badRequest(`field label not supported: ${unknown.field}`);
}

/** Splits at commas that no backslash protects; empty terms do not count. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^,\\])+/gs) ?? [];
}

function parseTerm(term: string, whole: string): FieldRequirement {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  if (!match) {
    throw faults.badRequest(
      `unable to parse field selector: invalid selector: '${whole}'; can't understand '${term}'`,
    );
  }
  const [, field = '', sign, value = ''] = match;
  return { field, operator: sign === '!=' ? '!=' : '=', value: unescapeValue(value) };
}

/** `\,`, `\=` and `\\` stand for the second character; nothing else may be escaped or stand unescaped. */
function unescapeValue(value: string): string {
  if (/^(?:\\.|[^\\=])*=/s.test(value)) {
    throw faults.badRequest(
      'unable to parse field selector: invalid field selector: unescaped character in value: =',
    );
  }
  const wrong = /\\(?![\\,=])./.exec(value.replaceAll('\\\\', ''));
  if (wrong) {
    throw faults.badRequest(
      `unable to parse field selector: invalid field selector: invalid escape sequence: ${wrong[0]}`,
    );
  }
  return value.replaceAll(/\\([\\,=])/g, '$1');
}
