import { fakeClock, type Logger, seededRandom, silentLogger } from '@pergola/kernel';
import { expect, it } from 'vitest';
import { createJournal, teeLogger } from './journal.ts';

function start() {
  const lines: string[] = [];
  const clock = fakeClock(Date.parse('2026-11-27T10:00:00.123Z'));
  const journal = createJournal({
    file: { write: (line) => void lines.push(line) },
    hostname: 'ip-10-0-0-10.ec2.internal',
    clock,
    random: seededRandom(),
  });
  const entries = () => lines.map((line) => JSON.parse(line));
  return { journal, entries, clock };
}

it('writes an entry for each message from info on, under the unit of its component', () => {
  const { journal, entries } = start();
  const logger = journal.loggerOf('kubelet').child({ node: 'n1' });
  logger.debug({}, 'not this');
  logger.info({ pod: 'a/b', restarts: 2, missing: undefined }, 'a pod came');
  logger.error({ error: new TypeError('two\nlines') }, 'it broke');
  expect(entries()).toMatchObject([
    {
      __REALTIME_TIMESTAMP: '1795773600123000',
      _HOSTNAME: 'ip-10-0-0-10.ec2.internal',
      _SYSTEMD_UNIT: 'kubelet.service',
      SYSLOG_IDENTIFIER: 'kubelet',
      PRIORITY: '6',
      MESSAGE: '"a pod came" node="n1" pod="a/b" restarts=2',
    },
    { PRIORITY: '3', MESSAGE: String.raw`"it broke" node="n1" error="TypeError: two\nlines"` },
  ]);
});

it('gives every entry a cursor of its own', () => {
  const { journal, entries, clock } = start();
  const logger = journal.loggerOf('a');
  for (let at = 0; at < 3; at++) logger.warn({}, 'same');
  clock.advance(1);
  journal.loggerOf('b').warn({}, 'same');
  expect(new Set(entries().map(({ __CURSOR }) => __CURSOR)).size).toBe(4);
});

it('a tee says everything to both, children included', () => {
  const heard: string[] = [];
  const named = (name: string): Logger => {
    const hear = (fields: object, message: string) =>
      void heard.push(`${name} ${message} ${JSON.stringify(fields)}`);
    return {
      ...silentLogger,
      info: hear,
      error: hear,
      child: (fields) => named(`${name}/${JSON.stringify(fields)}`),
    };
  };
  const tee = teeLogger(named('one'), named('two'));
  tee.info({ a: 1 }, 'hello');
  tee.child({ b: 2 }).error({}, 'child');
  expect(heard).toEqual([
    'one hello {"a":1}',
    'two hello {"a":1}',
    'one/{"b":2} child {}',
    'two/{"b":2} child {}',
  ]);
});
