// The server's side of one SPDY/3.1 connection: the client opens streams, each becomes a Duplex. Neither
// Kubernetes' client nor we send by window; back-pressure is that of the connection.
import { Duplex } from 'node:stream';
import { constants, createInflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.gen.ts';
import {
  controlFrame,
  dataHead,
  emptyHeaders,
  finFlag,
  type Frame,
  FrameReader,
  frameTypes,
  parseHeaderBlock,
  SpdyError,
} from './frames.ts';

const maxStreams = 256;
const maxHeaderBytes = 64 * 1024;
const maxDataBytes = 64 * 1024;

/** A stream that the client opened. Ending it sends FIN. */
export interface SpdyStream extends Duplex {
  readonly headers: ReadonlyMap<string, string>;
}

export class SpdyConnection {
  /** Resolves when the connection is over, for whatever reason. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #reader = new FrameReader();
  readonly #streams = new Map<number, StreamEnd>();
  readonly #inflate: HeaderInflater;
  readonly #onStream: (stream: SpdyStream) => void;
  #replied = false;

  constructor(socket: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#socket = socket;
    this.#onStream = onStream;
    this.#inflate = new HeaderInflater();
    this.closed = this.#run();
  }

  /** Ends the connection once what was written is sent. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #run(): Promise<void> {
    this.#socket.on('error', () => {}); // NOTE: a broken connection is its end; see the loop.
    try {
      for await (const chunk of this.#socket) {
        for (const frame of this.#reader.push(chunk as Buffer)) await this.#take(frame);
      }
    } catch {
      // The client broke the connection or the protocol: both end it.
    } finally {
      this.#inflate.close();
      this.#socket.destroy();
      for (const stream of this.#streams.values()) stream.finish();
      this.#streams.clear();
    }
  }

  async #take(frame: Frame): Promise<void> {
    if (frame.kind === 'data') {
      const stream = this.#streams.get(frame.streamId);
      if (!stream) return;
      if (frame.payload.length > 0) await stream.receive(frame.payload);
      if (frame.flags & finFlag) stream.receiveEnd();
      return;
    }
    if (frame.type === frameTypes.synStream) await this.#open(frame.payload, frame.flags);
    else if (frame.type === frameTypes.headers) await this.#inflate.read(frame.payload.subarray(4));
    else if (frame.type === frameTypes.rstStream) this.#reset(frame.payload.readUInt32BE(0));
    else if (frame.type === frameTypes.ping)
      this.#socket.write(controlFrame(frameTypes.ping, 0, frame.payload));
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    if (payload.length < 10) throw new SpdyError('a short SYN_STREAM');
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.#inflate.read(payload.subarray(10));
    if (this.#streams.size >= maxStreams || this.#streams.has(id))
      throw new SpdyError(`stream ${id} cannot be opened`);
    const stream = new StreamEnd(id, headers, this.#socket, () => this.#streams.delete(id));
    this.#streams.set(id, stream);
    const streamId = Buffer.alloc(4);
    streamId.writeUInt32BE(id);
    this.#socket.write(
      controlFrame(frameTypes.synReply, 0, Buffer.concat([streamId, emptyHeaders(!this.#replied)])),
    );
    this.#replied = true;
    if (flags & finFlag) stream.receiveEnd();
    this.#onStream(stream);
  }

  #reset(id: number): void {
    this.#streams.get(id & 0x7fffffff)?.finish();
    this.#streams.delete(id & 0x7fffffff);
  }
}

class StreamEnd extends Duplex implements SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  readonly #id: number;
  readonly #socket: Duplex;
  #resume: (() => void) | undefined;
  #received = false;

  constructor(id: number, headers: ReadonlyMap<string, string>, socket: Duplex, onClose: () => void) {
    super({ allowHalfOpen: true });
    this.#id = id;
    this.headers = headers;
    this.#socket = socket;
    this.once('close', onClose);
    this.on('error', () => {}); // NOTE: readers see the end; nobody else need hear of a reset.
  }

  /** Bytes from the client. Resolves when there is room for more. */
  async receive(data: Buffer): Promise<void> {
    if (this.#received || this.destroyed || this.push(data)) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
  }

  receiveEnd(): void {
    if (this.#received) return;
    this.#received = true;
    this.push(null);
  }

  /** The connection or the stream is over. */
  finish(): void {
    this.receiveEnd();
    this.destroy();
  }

  override _read(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#socket.destroyed) {
      done(new SpdyError('the connection is closed'));
      return;
    }
    let sent = true;
    for (let at = 0; at < chunk.length; at += maxDataBytes) {
      const part = chunk.subarray(at, at + maxDataBytes);
      this.#socket.write(dataHead(this.#id, 0, part.length));
      sent = this.#socket.write(part);
    }
    if (sent) done();
    else afterDrain(this.#socket, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#socket.destroyed) this.#socket.write(dataHead(this.#id, finFlag, 0));
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#resume?.();
    done(error);
  }
}

function afterDrain(socket: Duplex, task: () => void): void {
  const once = () => {
    socket.off('drain', once);
    socket.off('close', once);
    task();
  };
  socket.on('drain', once);
  socket.on('close', once);
}

/** The connection's one decompression context: blocks must be read in order. */
class HeaderInflater {
  readonly #inflate: Inflate;
  #block: Buffer = Buffer.alloc(0);
  #tell: () => void = () => {};
  #broken = false;

  constructor() {
    this.#inflate = createInflate({
      dictionary: spdyDictionary,
      flush: constants.Z_SYNC_FLUSH,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#block = Buffer.concat([this.#block, chunk]);
      this.#tell();
    });
    this.#inflate.on('error', () => {
      this.#broken = true;
      this.#tell();
    });
  }

  read(compressed: Buffer): Promise<Map<string, string>> {
    return new Promise((resolve, reject) => {
      this.#tell = () => {
        const headers = this.#broken ? undefined : parseHeaderBlock(this.#block);
        if (this.#broken || this.#block.length > maxHeaderBytes) reject(new SpdyError('a bad header block'));
        if (!headers) return;
        this.#tell = () => {};
        this.#block = Buffer.alloc(0);
        resolve(headers);
      };
      this.#inflate.write(compressed);
    });
  }

  close(): void {
    this.#inflate.close();
    this.#broken = true;
    this.#tell();
  }
}
