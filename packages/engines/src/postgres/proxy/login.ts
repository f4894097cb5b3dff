// One client's way through the proxy: its first messages are understood, and everything after them is passed on.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { TokenCheck } from '../../contract.ts';
import { closeSoon } from './close-soon.ts';
import { EndedEarlyError, readExactly } from '../../streams/exact-reader.ts';
import {
  fatal,
  type FirstMessage,
  gssRefused,
  parseFirstMessage,
  PASSWORD_BYTES_MAX,
  passwordType,
  passwordWanted,
  type StartupMessage,
  STARTUP_BYTES_MAX,
  tlsAccepted,
} from './protocol.ts';

/** What is to be sent to the server, and by which of its two doors. */
export interface Admission {
  readonly client: Duplex;
  readonly first: Buffer;
  /** `trusted`: the client has shown a token. `open`: the server itself will ask for a password. */
  readonly door: 'trusted' | 'open';
  /** A cancel request: the server answers by closing. */
  readonly isCancel: boolean;
}

export interface LoginRules {
  readonly secureContext: SecureContext;
  readonly tlsOnly: () => boolean;
  readonly isTokenUser: (user: string) => Promise<boolean>;
  readonly check: TokenCheck;
  /** Hears why a token was refused, which the client does not. */
  readonly refused: (user: string, because: string) => void;
}

/** A refusal that the client is told of, in the server's words. */
class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Resolves when the client may be connected to the server, or with undefined when it has been refused or has left. The
 * caller bounds the time.
 */
export async function admit(socket: Socket, rules: LoginRules): Promise<Admission | undefined> {
  let client: Duplex = socket;
  try {
    if (await beginsWithTls(socket)) client = await secure(socket, rules, 'direct');
    for (let requests = 0; requests < 3; requests++) {
      const message = await readFirstMessage(client);
      if (message.kind === 'startup') {
        return await admitUser({ client, message, address: socket.remoteAddress ?? '' }, rules);
      }
      if (message.kind === 'cancel') return { client, first: message.bytes, door: 'open', isCancel: true };
      if (message.kind === 'tls') client = await answerTlsRequest(client, rules);
      else client.write(gssRefused);
    }
    throw new Refusal('08P01', 'invalid startup packet layout: expected terminator as last byte');
  } catch (error) {
    if (error instanceof EndedEarlyError) client.destroy();
    else if (error instanceof Refusal) closeSoon(client, fatal(error.code, error.message));
    else throw error;
    return undefined;
  }
}

/** The first byte of a TLS handshake, which from PostgreSQL 17 on may come without a request for it. */
async function beginsWithTls(socket: Socket): Promise<boolean> {
  const first = await readExactly(socket, 1);
  socket.unshift(first);
  return first[0] === 0x16;
}

async function readFirstMessage(client: Duplex): Promise<FirstMessage> {
  const head = await readExactly(client, 4);
  const length = head.readUInt32BE();
  if (length < 8 || length > STARTUP_BYTES_MAX)
    throw new Refusal('08P01', 'invalid length of startup packet');
  const message = parseFirstMessage(Buffer.concat([head, await readExactly(client, length - 4)]));
  if (!message) throw new Refusal('08P01', 'invalid startup packet layout: expected terminator as last byte');
  return message;
}

async function answerTlsRequest(client: Duplex, rules: LoginRules): Promise<Duplex> {
  if (client instanceof TLSSocket)
    throw new Refusal('08P01', 'received an SSL request over an SSL connection');
  // What came before the handshake would be taken for something that was encrypted.
  if (client.readableLength > 0) {
    throw new Refusal('08P01', 'received unencrypted data after SSL request');
  }
  client.write(tlsAccepted);
  return await secure(client as Socket, rules, 'requested');
}

function secure(socket: Socket, rules: LoginRules, how: 'direct' | 'requested'): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const { secureContext } = rules;
    const tls = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['postgresql'] });
    const left = () => reject(new EndedEarlyError('the client has left'));
    tls.once('error', left);
    tls.once('close', left);
    tls.once('secure', () => {
      tls.off('close', left);
      tls.on('error', () => {}); // NOTE: the close that follows is what counts.
      if (how === 'direct' && tls.alpnProtocol !== 'postgresql') left();
      else resolve(tls);
    });
  });
}

interface Applicant {
  readonly client: Duplex;
  readonly message: StartupMessage;
  readonly address: string;
}

async function admitUser(applicant: Applicant, rules: LoginRules): Promise<Admission> {
  const { client, message } = applicant;
  const { user, database } = message;
  if (user === '') throw new Refusal('28000', 'no PostgreSQL user name specified in startup packet');
  const isSecure = client instanceof TLSSocket;
  if (!isSecure && rules.tlsOnly()) throw noEntry(applicant);
  if (!(await rules.isTokenUser(user))) {
    return { client, first: message.bytes, door: 'open', isCancel: false };
  }
  if (!isSecure || database === 'rdsadmin') throw noEntry(applicant);
  client.write(passwordWanted);
  const { allowed, because } = await rules.check({ user, token: await readPassword(client) });
  if (!allowed) {
    rules.refused(user, because);
    throw new Refusal('28000', `PAM authentication failed for user "${user}"`);
  }
  return { client, first: message.bytes, door: 'trusted', isCancel: false };
}

function noEntry({ client, message, address }: Applicant): Refusal {
  const encryption = client instanceof TLSSocket ? 'SSL encryption' : 'no encryption';
  return new Refusal(
    '28000',
    `no pg_hba.conf entry for host "${address}", user "${message.user}", database "${message.database}", ${encryption}`,
  );
}

async function readPassword(client: Duplex): Promise<string> {
  const head = await readExactly(client, 5);
  const length = head.readUInt32BE(1);
  if (head[0] !== passwordType || length < 5 || length > PASSWORD_BYTES_MAX) {
    throw new Refusal('08P01', 'expected password response');
  }
  const body = await readExactly(client, length - 4);
  if (body.at(-1) !== 0) throw new Refusal('08P01', 'invalid password packet size');
  return body.subarray(0, -1).toString();
}
