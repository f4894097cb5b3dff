import { X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fakeClock, systemClock, systemRandom } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import { createCa, issueCertificate } from './index.ts';

const context = { clock: systemClock, random: systemRandom };

describe('certificates', () => {
  it('a leaf chains to its CA, names its hosts and carries user and groups', async () => {
    const ca = await createCa(context, 'test-ca');
    const leaf = await issueCertificate(context, ca, {
      commonName: 'system:admin',
      organizations: ['system:masters'],
      hosts: ['localhost', '127.0.0.1'],
      usage: 'server',
    });
    const parsed = new X509Certificate(leaf.cert);
    expect(parsed.verify(new X509Certificate(ca.cert).publicKey)).toBe(true);
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.checkHost('example.com')).toBeUndefined();
    expect(parsed.subject).toBe('O=system:masters\nCN=system:admin');
    expect(parsed.ca).toBe(false);
  });

  it('serves TLS that node trusts with the CA and refuses without it', async () => {
    const ca = await createCa(context, 'test-ca');
    const leaf = await issueCertificate(context, ca, {
      commonName: 'api',
      hosts: ['127.0.0.1'],
      usage: 'server',
    });
    const server = createServer({ key: leaf.key, cert: leaf.cert }, (_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const fetchWith = (trusted: string | undefined) =>
      new Promise<number | string>((resolve) => {
        request(
          { host: '127.0.0.1', port, ...(trusted ? { ca: trusted } : {}), agent: false },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        )
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
          .end();
      });
    expect(await fetchWith(ca.cert)).toBe(200);
    expect(await fetchWith(undefined)).not.toBe(200);
    server.close();
  });

  it('takes its dates from the clock', async () => {
    const clock = fakeClock(Date.UTC(2026, 0, 2));
    const ca = await createCa({ clock, random: systemRandom }, 'test-ca');
    expect(new Date(new X509Certificate(ca.cert).validFrom).toISOString()).toBe('2026-01-01T23:00:00.000Z');
  });
});
