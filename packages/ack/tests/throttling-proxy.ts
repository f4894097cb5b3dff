// Stands before the AWS plane and answers every third call as a service does that is asked too often, each in its protocol.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ThrottlingProxy extends AsyncDisposable {
  readonly url: string;
  readonly counts: { throttled: number; answered: number };
}

export async function startThrottlingProxy(targetUrl: string): Promise<ThrottlingProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const counts = { throttled: 0, answered: 0 };
  let calls = 0;
  const server = http.createServer((request, response) => {
    if (calls++ % 3 === 0) {
      counts.throttled++;
      request.resume().on('end', () => refuse(request, response));
      return;
    }
    counts.answered++;
    // The host is signed, so it stays the proxy's.
    const { method = 'GET', url = '/', headers } = request;
    const outgoing = http.request(targetUrl, { method, path: url, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.pipe(outgoing);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** DynamoDB and CloudWatch Logs speak JSON, IAM, RDS and ElastiCache the query protocol, S3 its own. */
function refuse({ headers }: IncomingMessage, response: ServerResponse): void {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-amz-json')) {
    const body = { __type: 'ThrottlingException', message: 'Rate exceeded' };
    response.writeHead(400, { 'content-type': type }).end(JSON.stringify(body));
  } else if (type.startsWith('application/x-www-form-urlencoded')) {
    const error = '<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>';
    response
      .writeHead(400, { 'content-type': 'text/xml' })
      .end(`<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`);
  } else {
    const error = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
    response.writeHead(503, { 'content-type': 'application/xml' }).end(error);
  }
}
