import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndedEarlyError, readExactly } from '../../streams/exact-reader.ts';
import { fatal, parseFirstMessage } from './protocol.ts';

/** A startup message of these parameters. */
function startup(parameters: readonly (readonly [string, string])[], version = 196_608): Buffer {
  const body = Buffer.from(
    `${parameters
      .flat()
      .map((word) => `${word}\0`)
      .join('')}\0`,
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.writeUInt32BE(version, 4);
  return Buffer.concat([head, body]);
}

const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));

describe('the first message', () => {
  it('names user and database, the last of each, and the user is the default for the database', () => {
    fc.assert(
      fc.property(word, word, fc.array(fc.tuple(word, word)), (user, database, more) => {
        const others = more.filter(([name]) => name !== 'user' && name !== 'database');
        const both = [['user', 'other'], ...others, ['user', user], ['database', database]] as const;
        expect(parseFirstMessage(startup(both))).toMatchObject({ kind: 'startup', user, database });
        expect(parseFirstMessage(startup([...others, ['user', user]]))).toMatchObject({ database: user });
      }),
    );
  });

  it('is none, and no exception, when it is anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const message = parseFirstMessage(Buffer.from(bytes));
        if (message?.kind === 'startup') expect(bytes[4]).toBe(0);
      }),
    );
    const whole = startup([['user', 'jane']]);
    expect(parseFirstMessage(whole.subarray(0, -1))).toBeUndefined();
    expect(parseFirstMessage(startup([['user', 'jane']], 131_072))).toBeUndefined();
  });
});

describe('readExactly', () => {
  it('takes what it is asked for, in whatever pieces it comes, and leaves the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (pieces, cut) => {
          const all = Buffer.concat(pieces);
          const size = 1 + (cut % all.length);
          const stream = new PassThrough();
          const first = readExactly(stream, size);
          for (const piece of pieces) stream.write(piece);
          stream.end();
          expect(await first).toEqual(all.subarray(0, size));
          if (size < all.length)
            expect(await readExactly(stream, all.length - size)).toEqual(all.subarray(size));
          await expect(readExactly(stream, 1)).rejects.toThrow(EndedEarlyError);
        },
      ),
    );
  });
});

describe('an error that ends a connection', () => {
  it('says its own length', () => {
    const bytes = fatal('28000', 'no entry for "ü"');
    expect(bytes.readUInt32BE(1)).toBe(bytes.length - 1);
    expect(bytes.toString()).toContain('C28000\0Mno entry for "ü"\0\0');
  });
});
