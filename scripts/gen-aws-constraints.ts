// Makes the tables of input constraints (lengths, ranges, patterns, enums) for the services that validate with them.
// The SDK's schemas have none, so they come from botocore's models, which are no npm package. Hence not a part of
// `npm run gen`: run `tsx scripts/gen-aws-constraints.ts <folder botocore/data>` when botocore is at hand.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Constraint, ConstraintModel } from '@pergola/aws-model';

const sources = {
  sts: 'sts/2011-06-15',
  iam: 'iam/2010-05-08',
  s3: 's3/2006-03-01',
  logs: 'logs/2014-03-28',
  rds: 'rds/2014-10-31',
  dynamodb: 'dynamodb/2012-08-10',
  dynamodbstreams: 'dynamodbstreams/2012-08-10',
  elasticache: 'elasticache/2015-02-02',
  secretsmanager: 'secretsmanager/2017-10-17',
  kms: 'kms/2014-11-01',
  sqs: 'sqs/2012-11-05',
} as const;

interface BotocoreShape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
}

interface BotocoreModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

class ConstraintWriter {
  readonly #shapes: BotocoreModel['shapes'];
  readonly #rules: Record<string, Constraint> = {};
  readonly #members: Record<string, Record<string, string>> = {};
  readonly #seen = new Map<string, boolean>();

  constructor(shapes: BotocoreModel['shapes']) {
    this.#shapes = shapes;
  }

  write(operations: BotocoreModel['operations']): ConstraintModel {
    for (const { input } of Object.values(operations)) if (input) this.#visit(input.shape);
    return { rules: sorted(this.#rules), members: sorted(this.#members) };
  }

  /** True when a value of the shape has a rule of its own; structures list their members instead. */
  #visit(name: string): boolean {
    const known = this.#seen.get(name);
    if (known !== undefined) return known;
    this.#seen.set(name, false); // A shape may contain itself.
    const shape = this.#shapes[name];
    if (!shape) throw new Error(`no shape ${name}`);
    const ruled = shape.members ? this.#structure(name, shape.members) : this.#rule(name, shape);
    this.#seen.set(name, ruled);
    return ruled;
  }

  #structure(name: string, members: NonNullable<BotocoreShape['members']>): false {
    const ruled = Object.entries(members).filter(([, member]) => this.#visit(member.shape));
    if (ruled.length > 0)
      this.#members[name] = Object.fromEntries(ruled.map(([member, { shape }]) => [member, shape]));
    return false;
  }

  #rule(name: string, shape: BotocoreShape): boolean {
    const rule: Constraint = { ...textRule(shape), ...boundsOf(shape), ...this.#parts(shape) };
    if (Object.keys(rule).length === 0) return false;
    this.#rules[name] = shape.sensitive ? { ...rule, secret: 1 } : rule;
    return true;
  }

  #parts(shape: BotocoreShape): Constraint {
    const [item, key, value] = [shape.member, shape.key, shape.value].map((target) =>
      target && this.#visit(target.shape) ? target.shape : undefined,
    );
    return { ...(item && { item }), ...(key && { key }), ...(value && { value }) };
  }
}

function textRule({ pattern, enum: allowed }: BotocoreShape): Constraint {
  return {
    ...(pattern !== undefined && compiles(pattern) && { pattern }),
    ...(allowed && { enum: allowed }),
  };
}

function boundsOf({ type, min, max }: BotocoreShape): Constraint {
  const number = type === 'integer' || type === 'long';
  return {
    ...(min !== undefined && min > 0 && { [number ? 'least' : 'shortest']: min }),
    ...(max !== undefined && { [number ? 'most' : 'longest']: max }),
  };
}

/** Patterns are Java's; the few that JavaScript reads otherwise are left out. */
function compiles(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp;
  } catch {
    console.log(`left out: ${pattern}`);
    return false;
  }
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function render(model: ConstraintModel): string {
  const parts = Object.entries(model).map(([part, entries]: [string, object]) => {
    const lines = Object.entries(entries).map(
      ([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`,
    );
    return `${JSON.stringify(part)}: {\n${lines.join(',\n')}\n}`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}

async function readModel(folder: string): Promise<BotocoreModel> {
  const plain = await readFile(join(folder, 'service-2.json')).catch(() => undefined);
  const bytes = plain ?? gunzipSync(await readFile(join(folder, 'service-2.json.gz')));
  return JSON.parse(bytes.toString()) as BotocoreModel;
}

const [, script = '', data] = process.argv;
if (import.meta.url !== pathToFileURL(script).href || data === undefined) {
  throw new Error('usage: tsx scripts/gen-aws-constraints.ts <folder botocore/data>');
}
for (const [service, folder] of Object.entries(sources)) {
  const { shapes, operations } = await readModel(join(data, folder));
  const text = render(new ConstraintWriter(shapes).write(operations));
  const target = new URL(`../packages/aws-model/src/generated/${service}-constraints.json`, import.meta.url);
  await writeFile(target, text);
  console.log(`${service}: ${text.length} bytes`);
}
