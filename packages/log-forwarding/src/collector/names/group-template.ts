// The template of a group's name: text with fields in braces, `{.log_type||.kubernetes.namespace_name||"none"}`, of
// which the first that the record has is taken.
import { isRecord } from '@pergola/kernel';
import { parseFieldPath, readField } from '../filters/field-path.ts';

const braces = /\{([^}]*)\}/g;

/** The name for `record`. A field that is missing or an object gives way to the next, at last to the text in quotes. */
export function renderGroupTemplate(template: string, record: object): string {
  return template.replaceAll(braces, (_, choices: string) => firstOf(choices, record));
}

function firstOf(choices: string, record: object): string {
  for (const choice of choices.split('||')) {
    if (/^"[^"]*"$/.test(choice)) return choice.slice(1, -1);
    const value = isRecord(record) ? readField(record, parseFieldPath(choice)) : undefined;
    if (value !== undefined && value !== null && typeof value !== 'object') return String(value);
  }
  return '';
}

/** The fields that a template reads. */
export function templateFields(template: string): string[] {
  return [...template.matchAll(braces)].flatMap(([, choices = '']) =>
    choices.split('||').filter((choice) => choice.startsWith('.')),
  );
}
