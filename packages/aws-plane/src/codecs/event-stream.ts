// Answers that are streams of events: the operation gives an AsyncIterable, each of its values becomes one message.
// Events are the members of a union, `{sessionUpdate: {…}}`; a member that is an error of the model, or a fault that is
// thrown, is the last message.
import { Readable } from 'node:stream';
import { AwsFault } from '../fault.ts';
import type { JsonWriters, MemberSlot, Structure, WriteJson } from '@pergola/aws-model';
import { encodeEventMessage } from './event-message.ts';

interface EventWriter {
  readonly write: WriteJson;
  readonly isError: boolean;
}

/** Writes the event stream of one operation's output, with JSON payloads. */
export class EventStreamWriter {
  readonly #member: string;
  readonly #initial: WriteJson;
  readonly #contentType: string;
  readonly #events: ReadonlyMap<string, EventWriter>;

  constructor(
    output: Structure,
    stream: MemberSlot,
    context: {
      readonly writers: JsonWriters;
      readonly contentType: string;
      /** True for the shapes that are errors. */
      readonly isError: (shape: string) => boolean;
    },
  ) {
    const { writers, contentType, isError } = context;
    const events = stream.shape.kind === 'structure' ? stream.shape.members : [];
    this.#member = stream.name;
    this.#initial = writers.writer(output);
    this.#contentType = contentType;
    this.#events = new Map(
      events.map(({ name, shape }) => {
        const shapeName = shape.kind === 'structure' ? shape.name : name;
        return [name, { write: writers.writer(shape), isError: isError(shapeName) }];
      }),
    );
  }

  /** The body: asks for an event when the client has room for it, and lets go of the source when the client goes. */
  open(output: object): Readable {
    const member = this.#member;
    const { [member]: source, ...rest } = output as Readonly<Record<string, unknown>>;
    const first = this.#event('initial-response', this.#initial(rest));
    const frames = new Frames(first, source as AsyncIterable<object>, (event) => this.#frame(event));
    return Readable.from(frames, { objectMode: false });
  }

  #frame(event: object): Frame {
    if (event instanceof AwsFault) return this.#fault(event);
    const [name = '', value] = Object.entries(event).find(([, member]) => member !== undefined) ?? [];
    const writer = this.#events.get(name);
    if (!writer) throw new TypeError(`the event stream has no event '${name}'`);
    const payload = writer.write(value);
    if (!writer.isError) return { bytes: this.#event(name, payload), last: false };
    return {
      bytes: this.#message({ ':message-type': 'exception', ':exception-type': name }, payload),
      last: true,
    };
  }

  #event(name: string, payload: unknown): Buffer {
    return this.#message({ ':message-type': 'event', ':event-type': name }, payload);
  }

  #fault(fault: AwsFault): Frame {
    const { code, message } = fault;
    if (this.#events.get(code)?.isError) return this.#frame({ [code]: { message } });
    const headers = { ':message-type': 'error', ':error-code': code, ':error-message': message };
    return { bytes: encodeEventMessage(headers, Buffer.alloc(0)), last: true };
  }

  #message(headers: Readonly<Record<string, string>>, payload: unknown): Buffer {
    const type = { ':content-type': this.#contentType };
    return encodeEventMessage({ ...headers, ...type }, Buffer.from(JSON.stringify(payload)));
  }
}

interface Frame {
  readonly bytes: Buffer;
  /** Nothing may follow it. */
  readonly last: boolean;
}

/**
 * The messages of a stream. No generator: one that waits for its source cannot be told to stop, and a source that is
 * silent would be kept for ever after its client has gone.
 */
class Frames implements AsyncIterableIterator<Buffer> {
  readonly #source: AsyncIterator<object>;
  readonly #frame: (event: object) => Frame;
  #first: Buffer | undefined;
  #ended = false;

  constructor(first: Buffer, source: AsyncIterable<object>, frame: (event: object) => Frame) {
    this.#first = first;
    this.#source = source[Symbol.asyncIterator]();
    this.#frame = frame;
  }

  async next(): Promise<IteratorResult<Buffer>> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return { done: false, value: first };
    const event = await this.#nextEvent();
    if (event === undefined) return { done: true, value: undefined };
    const { bytes, last } = this.#frame(event);
    if (last) await this.return();
    return { done: false, value: bytes };
  }

  async return(): Promise<IteratorResult<Buffer>> {
    this.#ended = true;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #nextEvent(): Promise<object | undefined> {
    if (this.#ended) return undefined;
    try {
      const { done, value } = await this.#source.next();
      return done ? undefined : value;
    } catch (error) {
      if (error instanceof AwsFault) return error;
      throw error;
    }
  }
}

/** The member of an output that is an event stream. */
export function eventStreamOf(output: Structure): MemberSlot | undefined {
  return output.members.find(({ shape }) => shape.kind === 'structure' && shape.eventStream);
}

/** For the protocols whose event streams are not built. */
export function eventStreamFault(operation: string): AwsFault {
  return new AwsFault(
    'NotImplemented',
    501,
    `${operation} answers with an event stream, which is not implemented.`,
  );
}
