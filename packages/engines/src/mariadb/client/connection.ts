// A connection for statements of our own, over the socket of a server that we trust.
import { connect, type Socket } from 'node:net';
import { systemClock } from '@pergola/kernel';
import { readExactly } from '../../streams/exact-reader.ts';
import { passwordProof } from './native-password.ts';
import { framed, loginPacket, PacketReader, readError, readGreeting } from './packets.ts';

export interface Login {
  /** The path of the socket. */
  readonly path: string;
  readonly user: string;
  readonly password: string;
}

export type Row = Readonly<Record<string, string | null>>;

const LOGIN_LIMIT_MS = 10_000;
const COM_QUERY = 3;
const OK = 0x00;
const SWITCH = 0xfe;
const END = 0xfe;
const FAILED = 0xff;

/** One statement after another; rejects with the server's own words. */
export class Connection implements AsyncDisposable {
  readonly #socket: Socket;
  #number = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open({ path, user, password }: Login): Promise<Connection> {
    const socket = connect({ path });
    socket.on('error', () => {}); // NOTE: whoever reads hears of the end.
    const limit = systemClock.after(LOGIN_LIMIT_MS, () => socket.destroy());
    const connection = new Connection(socket);
    try {
      const { scramble } = readGreeting(await connection.#read());
      connection.#write(loginPacket(user, passwordProof(password, scramble)));
      await connection.#finishLogin(password);
      // What the customer chose for everybody must not change what our statements mean.
      await connection.query("SET SESSION sql_mode = '', SESSION autocommit = 1");
      return connection;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      limit.cancel();
    }
  }

  /** Resolves with the rows: names to texts. */
  async query(statement: string): Promise<readonly Row[]> {
    this.#number = 0;
    this.#write(Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(statement)]));
    const first = await this.#answer();
    if (first[0] === OK) return [];
    const count = new PacketReader(first).counted();
    if (count === undefined) throw new Error('the server asks for a file');
    const names: string[] = [];
    for (let column = 0; column < count; column++) names.push(nameOf(await this.#answer()));
    await this.#answer(); // The end of the columns.
    const rows: Row[] = [];
    for (;;) {
      const packet = await this.#answer();
      if (packet[0] === END && packet.length < 9) return rows;
      const reader = new PacketReader(packet);
      rows.push(Object.fromEntries(names.map((name) => [name, reader.text()])));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  async #finishLogin(password: string): Promise<void> {
    const answer = await this.#answer();
    if (answer[0] === OK) return;
    if (answer[0] !== SWITCH) throw new Error('the server answers a login in an unknown way');
    const reader = new PacketReader(answer.subarray(1));
    const plugin = reader.untilZero().toString();
    if (plugin !== 'mysql_native_password') throw new Error(`the server wants a login by ${plugin}`);
    this.#write(passwordProof(password, reader.untilZero()));
    await this.#answer();
  }

  async #answer(): Promise<Buffer> {
    const packet = await this.#read();
    if (packet[0] === FAILED) throw readError(packet);
    return packet;
  }

  async #read(): Promise<Buffer> {
    const head = await readExactly(this.#socket, 4);
    this.#number = (head[3] ?? 0) + 1;
    const packet = await readExactly(this.#socket, head.readUIntLE(0, 3));
    if (packet.length === 0) throw new Error('the server has sent an empty packet');
    return packet;
  }

  #write(body: Buffer): void {
    this.#socket.write(framed(this.#number++, body));
  }
}

/** Of a column: the fifth text of its description. */
function nameOf(packet: Buffer): string {
  const reader = new PacketReader(packet);
  for (let skipped = 0; skipped < 4; skipped++) reader.text();
  return reader.text() ?? '';
}
