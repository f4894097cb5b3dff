// The command `parse`: fields out of text by wildcards, regular expressions, logfmt, CSV or a path in JSON.
import type { Evaluate } from '../functions/function.ts';
import { parseJson } from '../functions/general.ts';
import { compileRegex } from '../functions/regex.ts';
import type { CommandOf, Extraction } from '../syntax/command.ts';
import { QueryFailure } from '../syntax/token.ts';
import { structure, toText, type Value } from '../values/value.ts';
import { compileExpression } from './compile-expression.ts';
import { parseCsv, parseLogfmt } from './line-formats.ts';
import { Outputs } from './outputs.ts';
import { walkInto } from './path.ts';
import type { Stage, StageContext } from './stage.ts';

/** Takes values out of a text; undefined when the text does not match. */
type TakeOut = (text: string) => readonly Value[] | undefined;

export function compileExtraction(
  command: CommandOf<'parse'>,
  { compilation, outputs }: StageContext,
): Stage {
  const evaluate = compileExpression(command.field, compilation);
  const { names, extract } = extractor(command);
  const slots = names.map((name) => compilation.scope.define(name));
  outputs.addExtracted(names.map((name) => Outputs.alias(name, command)));
  if (command.extraction.mode === 'regex' && command.extraction.multi) {
    return multiple(command.extraction, evaluate, slots);
  }
  return (next) => (row) => {
    const value = evaluate(row);
    const text =
      typeof value === 'object' && value.kind === 'structure' ? JSON.stringify(value.json) : toText(value);
    const found = text === undefined ? undefined : extract(text);
    for (const [index, slot] of slots.entries()) row.values[slot] = found?.[index];
    next(row);
  };
}

interface Extractor {
  readonly names: readonly string[];
  readonly extract: TakeOut;
}

function extractor({ extraction }: CommandOf<'parse'>): Extractor {
  switch (extraction.mode) {
    case 'glob':
      return { names: extraction.aliases, extract: globExtract(extraction.pattern) };
    case 'regex':
      return regexExtractor(extraction);
    case 'logfmt':
      return { names: [extraction.alias], extract: (text) => [structure(parseLogfmt(text))] };
    case 'csv':
      return { names: extraction.aliases, extract: parseCsv };
    case 'json': {
      const steps = extraction.path.split('.');
      return {
        names: [extraction.alias],
        extract: (text) => {
          const json = parseJson(text);
          return json === undefined ? undefined : [walkInto(structure(json), steps)];
        },
      };
    }
  }
}

/** The shortest text for each star; the last one reaches to the end when nothing follows it. */
function globExtract(pattern: string): TakeOut {
  const [first = '', ...rest] = pattern.split('*');
  return (text) => {
    const start = text.indexOf(first);
    if (start < 0) return undefined;
    let position = start + first.length;
    const found: string[] = [];
    for (const [index, literal] of rest.entries()) {
      const toEnd = literal === '' && index === rest.length - 1;
      const end = toEnd ? text.length : text.indexOf(literal, position);
      if (end < 0) return undefined;
      found.push(text.slice(position, end));
      position = end + literal.length;
    }
    return found;
  };
}

type RegexExtraction = Extract<Extraction, { readonly mode: 'regex' }>;

function regexExtractor(extraction: RegexExtraction): Extractor {
  const { regex, groups } = groupsOf(extraction);
  return {
    names: groups.map(({ name }) => name),
    extract: (text) => {
      const match = regex.exec(text);
      return match ? groups.map(({ index }) => match[index]) : undefined;
    },
  };
}

interface Group {
  readonly name: string;
  readonly index: number;
}

/** Named groups, or with aliases the groups in order. */
function groupsOf({ regex: node, aliases }: RegexExtraction): {
  readonly regex: RegExp;
  readonly groups: readonly Group[];
} {
  const regex = compileRegex(node.source, node.flags, node);
  // An alternative that matches nothing tells how many groups there are, and their names.
  const shape = new RegExp(`${regex.source}|`, regex.flags).exec('') ?? [];
  const count = shape.length - 1;
  const named = 'groups' in shape && shape.groups ? Object.keys(shape.groups) : [];
  if (aliases.length > 0) {
    if (aliases.length > count) throw new QueryFailure('there are more aliases than groups', node);
    return { regex, groups: aliases.map((name, index) => ({ name, index: index + 1 })) };
  }
  if (named.length === 0) throw new QueryFailure('the regular expression has no named groups', node);
  const order = groupNames(regex.source);
  return { regex, groups: named.map((name) => ({ name, index: order.indexOf(name) + 1 })) };
}

/** The names of all capturing groups in order; empty for those without. */
function groupNames(source: string): string[] {
  const bare = source.replace(/\\[\s\S]/g, '  ').replace(/\[[^\]]*\]/g, (set) => ' '.repeat(set.length));
  return [...bare.matchAll(/\((?!\?)|\(\?<(?![=!])([^>]+)>/g)].map(([, name = '']) => name);
}

/** A row for each match; a row without the fields when there is none. */
function multiple(extraction: RegexExtraction, evaluate: Evaluate, slots: readonly number[]): Stage {
  const { regex, groups } = groupsOf(extraction);
  const all = new RegExp(regex.source, `${regex.flags}g`);
  return (next) => (row) => {
    const text = toText(evaluate(row));
    let matched = false;
    for (const match of text === undefined ? [] : text.matchAll(all)) {
      matched = true;
      for (const [index, slot] of slots.entries()) row.values[slot] = match[groups[index]?.index ?? 0];
      next(row);
    }
    if (matched) return;
    for (const slot of slots) row.values[slot] = undefined;
    next(row);
  };
}
