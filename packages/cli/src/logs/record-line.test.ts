import { expect, test } from 'vitest';
import { readRecord } from './record-line.ts';

const kubernetes = { namespace_name: 'shop', pod_name: 'web-1', container_name: 'app' };

test.each([
  [
    { level: 'warn', kubernetes, message: 'slow' },
    { level: 'warn', source: 'shop/web-1/app', message: 'slow' },
  ],
  [
    { level: 'info', kubernetes, structured: { a: 1 } },
    { level: 'info', source: 'shop/web-1/app', message: '{"a":1}' },
  ],
  [
    {
      level: 'info',
      hostname: 'node',
      systemd: { t: { SYSTEMD_UNIT: 'kubelet.service' }, u: { SYSLOG_IDENTIFIER: 'kubelet' } },
      message: 'up',
    },
    { level: 'info', source: 'node/kubelet', message: 'up' },
  ],
  [
    {
      kind: 'Event',
      auditID: 'x',
      verb: 'get',
      user: { username: 'kim' },
      objectRef: { resource: 'pods', name: 'web', namespace: 'shop', subresource: 'log' },
      responseStatus: { code: 403 },
    },
    { level: '', source: 'audit kim', message: 'get pods/web/log in shop → 403' },
  ],
  [
    { kind: 'Event', auditID: 'x', verb: 'get', requestURI: '/version', user: { username: 'kim' } },
    { level: '', source: 'audit kim', message: 'get /version' },
  ],
  [{ message: 'only text' }, { level: '', source: '', message: 'only text' }],
])('%j', (record, line) => {
  expect(readRecord(JSON.stringify(record))).toEqual(line);
});

test.each(['plain text', '{not json', '[1]', '{"a":1}', ''])('%s stays as it is', (message) => {
  expect(readRecord(message)).toEqual({ level: '', source: '', message });
});
