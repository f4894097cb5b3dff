// A CloudWatch Logs that takes everything over TLS and keeps nothing, in a process of its own so that its work is not
// counted. Arguments: files with certificate and key. Prints its port.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

const [certPath = '', keyPath = ''] = process.argv.slice(2);
const server = https.createServer(
  { cert: readFileSync(certPath), key: readFileSync(keyPath) },
  (request, response) => {
    request.resume();
    request.on('end', () => response.end('{}'));
  },
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
