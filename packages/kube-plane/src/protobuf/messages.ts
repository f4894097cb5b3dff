// The protobuf messages of the built-in kinds: field numbers and how each field stands in JSON.
import { apiextensionsRows } from './apiextensions-messages.ts';
import { messageRows } from './generated/messages.gen.ts';

/** `s` string, `b` bool, `i` int32, `l` int64, `d` double, `y` bytes, `@s` a message that wraps strings. */
export type Scalar = 's' | 'b' | 'i' | 'l' | 'd' | 'y' | '@s';

export interface FieldSpec {
  /** The JSON name; undefined when the fields of the message stand in the parent object. */
  readonly name: string | undefined;
  readonly form: 'one' | 'list' | 'map';
  /** A Go pointer: it may be absent, and its zero value is a value. */
  readonly pointer: boolean;
  /** A JSON field without omitempty: it is written even when empty. */
  readonly always: boolean;
  readonly scalar: Scalar | undefined;
  /** Name of the message when it is no scalar. */
  readonly message: string;
}

/** Fields of one message by number. */
export type MessageSpec = ReadonlyMap<number, FieldSpec>;

const scalars = new Set<string>(['s', 'b', 'i', 'l', 'd', 'y', '@s']);
const parsed = new Map<string, MessageSpec>();

/** The message called like the definition (`io.k8s.api.core.v1.Pod`), or undefined. */
export function messageSpec(name: string): MessageSpec | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const row = messageRows[name] ?? apiextensionsRows[name];
  if (row === undefined) return undefined;
  const home = name.slice(0, name.lastIndexOf('.'));
  const spec = new Map(row.split(';').map((field) => parseField(field, home)));
  parsed.set(name, spec);
  return spec;
}

function parseField(text: string, home: string): [number, FieldSpec] {
  const [number, rawName = '', notation = ''] = text.split(' ');
  const [, pointer, form, bare = ''] = /^(\*?)(\[\]|\{\})?\*?(.*)$/.exec(notation) ?? [];
  const name = rawName.replace('!', '');
  return [
    Number(number),
    {
      name: name === '^' ? undefined : name,
      form: form === '[]' ? 'list' : form === '{}' ? 'map' : 'one',
      pointer: pointer === '*',
      always: rawName.endsWith('!'),
      scalar: scalars.has(bare) ? (bare as Scalar) : undefined,
      message: bare.startsWith('.') ? home + bare : bare,
    },
  ];
}
