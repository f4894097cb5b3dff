import { EventColumns } from '@pergola/log-store';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServiceCodec } from '../../codecs/codec.ts';
import { loadCodec } from '../../codecs/load-codec.ts';
import { wireRequest } from '../../codecs/wire.fixture.ts';
import { AwsFault } from '../../fault.ts';
import { decode } from '../../pipeline/decode.ts';
import type { InputEvent } from './event-batch.ts';
import { readEvents } from './event-reader.ts';
import { putLogEvents } from './put-log-events.ts';

let codec: ServiceCodec;
beforeAll(async () => {
  codec = await loadCodec('logs');
});

/** What comes of a body: the input with its events as times and bytes, or the fault. */
function outcome(read: () => object): unknown {
  try {
    const { logEvents, ...others } = read() as { logEvents?: readonly InputEvent[] | EventColumns };
    if (logEvents instanceof EventColumns) {
      return {
        ...others,
        logEvents: [...logEvents].map((event) => [event.timestampMs, String(event.message)]),
      };
    }
    const asStored = (text = '') => Buffer.from(text).toString();
    return {
      ...others,
      logEvents: logEvents?.map(({ timestamp, message }) => [timestamp, asStored(message)]),
    };
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    return { code: error.code, message: error.message };
  }
}

function expectSame(body: Buffer): void {
  const wire = { ...wireRequest('POST /', ''), body };
  expect(outcome(() => decode(codec, putLogEvents, wire))).toEqual(
    outcome(() => codec.decode('PutLogEvents', wire)),
  );
}

const characters = fc.constantFrom(
  'a',
  '"',
  '\\',
  '/',
  'é',
  '漢',
  '🌹',
  '\n',
  '\u0001',
  '\ud83c',
  '\udf39',
  '\u007f',
);
const text = fc.oneof(
  fc.string({ unit: characters, minLength: 1, maxLength: 12 }),
  fc.string({
    unit: fc.oneof({ weight: 9, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) }, characters),
    minLength: 1,
    maxLength: 40,
  }),
);

/** Other spellings of the same JSON text. */
const spellings: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) =>
    json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (json) =>
    json.replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
    ),
  (json) => json.replaceAll('/', '\\/'),
];
const spelt = text.chain((value) =>
  fc.constantFrom(...spellings).map((spell) => spell(JSON.stringify(value))),
);
const blank = fc.constantFrom('', '', ' ', '\r\n\t');
const timestamp = fc
  .oneof(fc.nat(), fc.integer({ min: 0, max: 999_999_999_999_999 }), fc.constant(0))
  .map(String);

const event = fc
  .tuple(timestamp, spelt, blank, fc.boolean())
  .map(([at, message, gap, first]) =>
    first
      ? `{"timestamp":${gap}${at},${gap}"message":${gap}${message}${gap}}`
      : `{${gap}"message":${message}${gap},"timestamp"${gap}:${at}}`,
  );
const others = fc.uniqueArray(
  fc.constantFrom(
    '"logGroupName":"g"',
    '"logStreamName" : "s,}]\\""',
    '"sequenceToken":"1"',
    '"entity":{"keyAttributes":{"Type":"Service","Name":"[n\\u007b"},"attributes":{}}',
    '"more":[1,{"logEvents":[]},"]"]',
    '"none":null',
  ),
  { maxLength: 6 },
);
const parts = fc.tuple(others, fc.array(event, { minLength: 1, maxLength: 8 }), blank, others);
const plain = parts.map(([before, events, gap, behind]) => {
  const list = `"logEvents":${gap}[${gap}${events.join(`${gap},${gap}`)}${gap}]`;
  const fresh = behind.filter(
    (member) => !before.includes(member) && !member.includes('\\') && !member.includes('logEvents'),
  );
  return `${gap}{${[...before, list, ...fresh].join(',')}${gap}}`;
});

/** Bytes that mean something to JSON, or to UTF-8. */
const odd = fc.constantFrom(
  ...Buffer.from('{}[]",:\\u0-.eE1nt \n'),
  0x00,
  0x1f,
  0x7f,
  0xc0,
  0xed,
  0xa0,
  0xef,
  0xff,
);

describe('the events of a body', () => {
  it('are the ones that the reader of all bodies finds, and a plain body does not need that one', () => {
    fc.assert(
      fc.property(plain, (json) => {
        const body = Buffer.from(json);
        expect(readEvents(body)).toBeDefined();
        expectSame(body);
      }),
      { numRuns: 500 },
    );
  });

  it('are refused as that reader refuses them, whatever is wrong with the bytes', () => {
    const change = fc.tuple(fc.nat(), fc.nat(2), odd);
    fc.assert(
      fc.property(plain, fc.array(change, { minLength: 1, maxLength: 3 }), (json, changes) => {
        let body = Buffer.from(json);
        for (const [place, kind, byte] of changes) {
          const at = place % body.length;
          // Put in, put in place of another, or taken away.
          const inserted = kind === 2 ? [] : [byte];
          body = Buffer.concat([
            body.subarray(0, at),
            Buffer.from(inserted),
            body.subarray(kind === 0 ? at : at + 1),
          ]);
        }
        expectSame(body);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ['', '{"timestamp":-1,"message":"a"}'],
    ['', '{"timestamp":1.5,"message":"a"}'],
    ['', '{"timestamp":1e3,"message":"a"}'],
    ['', '{"timestamp":01,"message":"a"}'],
    ['', '{"timestamp":"1","message":"a"}'],
    ['', '{"timestamp":9007199254740993,"message":"a"}'],
    ['', '{"timestamp":1,"message":""}'],
    ['', '{"timestamp":1,"message":null}'],
    ['', '{"timestamp":1,"message":"a","message":"b"}'],
    ['', '{"timestamp":1,"message":"a","more":1}'],
    ['', '{"timestamp":1,"mess\\u0061ge":"a"}'],
    ['', '{"timestamp":1}'],
    ['', 'null,{"timestamp":1,"message":"a"}'],
    ['', '{"timestamp":1,"message":"a"},'],
    ['', ''],
    ['', '{"timestamp":1,"message":"\\ud83c\\ud83c\\udf39\\udf39\\ud83c"}'],
    ['', '{"timestamp":1,"message":"\\ud83c\\u0041\\ud83cx"}'],
    [',"logEvents":[]', '{"timestamp":1,"message":"a"}'],
    [',"log\\u0045vents":[]', '{"timestamp":1,"message":"a"}'],
    [',"logGroupName":1', '{"timestamp":1,"message":"a"}'],
    ['}', '{"timestamp":1,"message":"a"}'],
    ['\ufeff', '{"timestamp":1,"message":"a"}'],
  ])('with %j behind and %s', (behind, events) => {
    const body = `{"logGroupName":"g","logStreamName":"s","logEvents":[${events}]${behind}}`;
    expectSame(Buffer.from(body));
    expectSame(Buffer.from(`\ufeff${body}`));
  });

  it('may be ten thousand, and no more', () => {
    const body = (count: number) =>
      Buffer.from(`{"logEvents":[${Array(count).fill('{"timestamp":1,"message":"a"}').join(',')}]}`);
    expect(readEvents(body(10_000))?.events).toHaveLength(10_000);
    expect(readEvents(body(10_001))).toBeUndefined();
    expectSame(body(10_001));
  });
});
