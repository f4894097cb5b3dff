// The commands that work on rows in their order: accum, autoregress, filldown, fillmissing, addtotals.
import type { CommandBody } from './command.ts';
import type { Cursor } from './cursor.ts';
import { nameOf } from './expression.ts';
import { QueryFailure } from './token.ts';

const lagMax = 100;

export function parseAccum(cursor: Cursor): CommandBody {
  const field = cursor.field();
  // What AWS calls the column without an alias is not documented.
  if (!cursor.takeWord('as')) throw new QueryFailure('accum without AS is not supported', cursor.peek());
  return { kind: 'accum', field, alias: cursor.alias().name };
}

/** `autoregress field [as alias] [p=1[-4]]`. */
export function parseAutoregress(cursor: Cursor): CommandBody {
  const field = cursor.field();
  const alias = cursor.takeWord('as') ? cursor.alias() : undefined;
  const { from, to } = parseLags(cursor);
  if (alias && from !== to) {
    throw new QueryFailure('autoregress with AS and a range of lags is not supported', alias.place);
  }
  const lags = Array.from({ length: to - from + 1 }, (_, index) => from + index).map((lag) => ({
    lag,
    alias: alias?.name ?? `${nameOf(field)}_p${lag}`,
  }));
  return { kind: 'autoregress', field, lags };
}

function parseLags(cursor: Cursor): { readonly from: number; readonly to: number } {
  if (!cursor.takeWord('p')) return { from: 1, to: 1 };
  cursor.expectSymbol('=');
  const place = cursor.peek();
  const from = cursor.count();
  const to = cursor.takeSymbol('-') ? cursor.count() : from;
  if (from < 1 || to < from || to > lagMax) {
    throw new QueryFailure(`lags must be from 1 to ${lagMax}, the smaller first`, place);
  }
  return { from, to };
}

/** `filldown host cpu*`: names, or patterns with stars. */
export function parseFilldown(cursor: Cursor): CommandBody {
  const patterns: string[] = [];
  while (!cursor.atCommandEnd()) {
    let token = cursor.take();
    let pattern = '';
    for (;;) {
      if (token.kind !== 'word' && token.kind !== 'quoted' && token.text !== '*')
        throw cursor.unexpected(token);
      pattern += token.text;
      if (cursor.atCommandEnd() || cursor.peek().start !== token.end) break;
      token = cursor.take();
    }
    patterns.push(pattern);
    cursor.takeSymbol(',');
  }
  return { kind: 'filldown', patterns: patterns.length === 0 ? ['*'] : patterns };
}

/** `fillmissing [with 0 for field, …]`. */
export function parseFillmissing(cursor: Cursor): CommandBody {
  const fills = cursor.takeWord('with') ? cursor.list(() => parseFill(cursor)) : [];
  return { kind: 'fillmissing', fills };
}

function parseFill(cursor: Cursor): Extract<CommandBody, { kind: 'fillmissing' }>['fills'][number] {
  const negative = cursor.takeSymbol('-');
  const token = cursor.take();
  if (token.kind !== 'number' && (token.kind !== 'string' || negative)) throw cursor.unexpected(token);
  const value = token.kind === 'number' ? Number(token.text) * (negative ? -1 : 1) : token.text;
  if (!cursor.takeWord('for')) throw cursor.unexpected();
  return { value, field: cursor.field() };
}

/** `addtotals [fieldname=Name] [row=true] [col=false] [field, …]`. */
export function parseAddtotals(cursor: Cursor): CommandBody {
  const options = new Map<string, string>();
  while (['fieldname', 'row', 'col'].some((name) => cursor.isWord(name))) {
    const option = cursor.take().text.toLowerCase();
    cursor.expectSymbol('=');
    const value = cursor.take();
    if (value.kind !== 'word' && value.kind !== 'quoted') throw cursor.unexpected(value);
    if (option !== 'fieldname' && !/^(true|false)$/i.test(value.text)) throw cursor.unexpected(value);
    options.set(option, value.text);
  }
  return {
    kind: 'addtotals',
    total: options.get('fieldname') ?? 'Total',
    rows: options.get('row')?.toLowerCase() !== 'false',
    columns: options.get('col')?.toLowerCase() === 'true',
    fields: cursor.atCommandEnd() ? [] : cursor.list(() => cursor.field()),
  };
}
