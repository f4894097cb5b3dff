// What the values of a document may be: an ordered list of rules, of which the first broken one is told,
// in the order in which AWS looks.
import type { PolicyDocument, Statement } from '../document.ts';
import { parseInstant } from '../instant.ts';
import type { Path } from './place.ts';
import { principalFault } from './principal-name.ts';
import { resourceFault } from './resource-name.ts';
import { GrammarError } from './structure.ts';
import { type Wording, wordings } from './wording.ts';

interface Place {
  readonly statement: Statement;
  readonly path: Path;
  readonly document: PolicyDocument;
  readonly wording: Wording;
}

type Rule = (place: Place) => void;

/** Throws the first GrammarError among the rules, each asked for every statement in turn. */
export function checkRules(document: PolicyDocument): void {
  checkSids(document);
  const wording = wordings[document.kind];
  for (const rule of rules) {
    for (const [index, statement] of document.statements.entries()) {
      rule({ statement, path: ['Statement', index], document, wording });
    }
  }
}

const rules: readonly Rule[] = [checkDates, checkRequired, checkResources, checkActions, checkPrincipals];

function checkSids({ statements, kind }: PolicyDocument): void {
  const seen = new Set<string>();
  for (const [index, { sid }] of statements.entries()) {
    if (!sid) continue;
    const path = ['Statement', index, 'Sid'];
    if (kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
      throw new GrammarError(
        'invalid-sid',
        'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
        path,
      );
    }
    if (seen.has(sid)) {
      throw new GrammarError('repeated-sid', 'Statement IDs (SID) in a single policy must be unique.', path);
    }
    seen.add(sid);
  }
}

function checkDates({ statement, path }: Place): void {
  for (const { operator, key, values } of statement.conditions) {
    if (!/^(?:\w+:)?Date/.test(operator)) continue;
    const index = values.findIndex((value) => parseInstant(value) === undefined);
    if (index < 0) continue;
    throw new GrammarError(
      'invalid-date',
      'The policy failed legacy parsing',
      [...path, 'Condition', operator, key, index],
      `"${values[index]}" is no ISO 8601 date and no number of seconds`,
    );
  }
}

function checkRequired({ statement, path, wording }: Place): void {
  const present: Readonly<Record<string, boolean>> = {
    Action: statement.action.patterns.length > 0,
    Resource: statement.resource !== undefined,
    Principal: statement.principal !== undefined,
  };
  const field = wording.required.find((name) => !present[name]);
  if (field) throw new GrammarError('missing-field', wording.missing(field), path);
}

function checkResources({ statement, path, document }: Place): void {
  const { resource } = statement;
  if (!resource) return;
  for (const [index, pattern] of resource.patterns.entries()) {
    const message = resourceFault(pattern);
    if (!message) continue;
    const at = [...path, resource.negated ? 'NotResource' : 'Resource', index];
    const worded = document.kind === 'resource' ? 'Policy has invalid resource' : message;
    throw new GrammarError('invalid-resource', worded, at, message);
  }
}

function checkActions({ statement, path, document }: Place): void {
  const { action } = statement;
  for (const [index, pattern] of action.patterns.entries()) {
    const message = document.kind === 'trust' ? assumeFault(pattern) : actionFault(pattern);
    if (!message) continue;
    const at = [...path, action.negated ? 'NotAction' : 'Action', index];
    const worded = document.kind === 'resource' ? 'Policy has invalid action' : message;
    throw new GrammarError('invalid-action', worded, at, message);
  }
}

const assumeActions = new Set(
  'assumerole assumerolewithsaml assumerolewithwebidentity tagsession setsourceidentity setcontext'.split(
    ' ',
  ),
);

function actionFault(pattern: string): string | undefined {
  const [vendor = '', name, ...rest] = pattern.split(':');
  if (pattern === '*') return undefined;
  if (name === undefined) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (rest.length > 0) return 'Actions/Condition can contain only one colon.';
  return vendor === '*' || /^[A-Za-z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
}

function assumeFault(pattern: string): string | undefined {
  const [vendor, name = '', ...rest] = pattern.split(':');
  const known = /[*?]/.test(name) || assumeActions.has(name.toLowerCase());
  return vendor === 'sts' && rest.length === 0 && known
    ? undefined
    : 'AssumeRole policy may only specify STS AssumeRole actions.';
}

function checkPrincipals({ statement, path, wording }: Place): void {
  const { principal } = statement;
  if (!principal || principal.everyone) return;
  const field = principal.negated ? 'NotPrincipal' : 'Principal';
  const lists = { AWS: principal.aws, Service: principal.service, Federated: principal.federated };
  for (const [type, names] of Object.entries(lists)) {
    for (const [index, name] of names.entries()) {
      const detail = principalFault(type, name);
      if (!detail) continue;
      const at = [...path, field, type, index];
      throw new GrammarError('invalid-principal', wording.invalidPrincipal(type, name), at, detail);
    }
  }
}
