// The names of ACK's fields: `DBInstanceIdentifier` becomes `dbInstanceIdentifier`, `KmsKeyId` becomes `kmsKeyID`.
import { type Initialism, initialisms } from './initialisms.ts';

/** Names that Go keeps for itself end in `_` in ACK, and so do these fields. */
const kept = new Set(
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var'.split(
    ' ',
  ),
);

const known = new Map<string, string>();

/** The name of a field in a custom resource, from a member's name in AWS's model. */
export function fieldName(member: string): string {
  const found = known.get(member);
  if (found !== undefined) return found;
  const name = lowerCamel(member);
  known.set(member, name);
  return name;
}

/** The name of the reference that fills a field: `vpcSecurityGroupIDs` becomes `vpcSecurityGroupRefs`. */
export function referenceName(field: string, isList: boolean): string {
  const stem = field.replace(/(?:IDs|Ids|ARNs|Arns|Names|ID|Id|ARN|Arn|Name)$/, '');
  if (!isList) return `${stem}Ref`;
  return `${stem === field ? singular(stem) : stem}Refs`;
}

/** The plural that names a kind's resources: `DBProxy` becomes `dbproxies`. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.replace(/s$/, '');
}

function lowerCamel(member: string): string {
  const name = normalise(camel(normalise(member)));
  return kept.has(name) ? `${name}_` : name;
}

function normalise(name: string): string {
  let text = name;
  for (const initialism of initialisms) text = replaceInitialism(text, initialism);
  return text;
}

function replaceInitialism(text: string, { match, upper, lower }: Initialism): string {
  if (typeof match === 'string') {
    const started = text.startsWith(upper) ? lower + text.slice(upper.length) : text;
    const rest = started.startsWith(match) ? lower + started.slice(match.length) : started;
    return rest.includes(match) ? rest.replaceAll(match, upper) : rest;
  }
  return text.replace(match, (_found: string, ...rest: readonly unknown[]) =>
    rest.find((part) => typeof part === 'number') === 0 ? lower : upper,
  );
}

/** A small first letter, and a large one after whatever parts words. */
function camel(name: string): string {
  if (name === 'ID') return 'id';
  let text = '';
  let capital = false;
  for (const [index, letter] of name.split('').entries()) {
    if (/[A-Za-z]/.test(letter)) {
      text += capital ? letter.toUpperCase() : index === 0 ? letter.toLowerCase() : letter;
      capital = false;
    } else if (/[0-9]/.test(letter)) {
      text += letter;
      capital = true;
    } else {
      capital = '_ -.'.includes(letter);
    }
  }
  return text;
}
