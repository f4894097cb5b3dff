import { parseFilterPattern } from '@pergola/log-language';
import type { StoredEvent } from '@pergola/log-store';
import { expect, it } from 'vitest';
import type { LogGroup } from '../state.ts';
import { dataObject } from './subscription-payload.ts';

const event: StoredEvent = { timestampMs: 1, ingestedMs: 1, stream: 's', message: 'm', sequence: 7 };

async function keyOf(changes: Partial<LogGroup>): Promise<string> {
  const pattern = parseFilterPattern('');
  if (!pattern.ok) throw new Error(pattern.error.message);
  const group: LogGroup = {
    account: '123456789012',
    region: 'us-east-1',
    name: '/app/web',
    key: 'k'.repeat(26),
    createdMs: 0,
    class: 'STANDARD',
    tags: {},
    ...changes,
  };
  const subscribed = { group, filterName: 'f', pattern: pattern.value, prefix: 'p/' };
  return (await dataObject(subscribed, [event])).key;
}

it('the same events have the same key, and those of another group never that of these', async () => {
  const key = await keyOf({});
  expect(key).toBe('p/.app.web/1970/01/01/00/f-kkkkkkkkkk-0000000000000007.gz');
  expect(await keyOf({})).toBe(key);
  expect(await keyOf({ name: '.app.web', key: 'l'.repeat(26) })).not.toBe(key);
  expect(await keyOf({ account: '210987654321', key: 'm'.repeat(26) })).not.toBe(key);
});
