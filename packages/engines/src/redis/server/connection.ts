// One connection of a client: its bytes to commands, in order, and the answers back.
import type { Socket } from 'node:net';
import type { Timer } from '@pergola/kernel';
import { type Answer, Stepwise, Wait } from '../answer.ts';
import type { AclUser } from '../acl/user.ts';
import { leaveChannels } from '../commands/leaving.ts';
import type { Dataset, Waiter } from '../data/dataset.ts';
import type { Keyspace } from '../data/keyspace.ts';
import { CommandReader, ProtocolError, type ReaderLimits, strangerLimits } from '../resp/reader.ts';
import { faults, RedisFault, type Reply } from '../resp/reply.ts';
import { encodeReply, piecesOf, type RespVersion } from '../resp/writer.ts';
import { forgetWatched, type NodeView, type Session, type Transaction } from '../session.ts';
import { breathe, Slice, soon } from '../slices.ts';
import { dispatch, dispatchQueued, faultOf } from './dispatch.ts';

const userLimits: ReaderLimits = {
  args: 1_048_576,
  bulkBytes: 512 * 1024 * 1024,
  commandBytes: 512 * 1024 * 1024,
};
/** Answers that are held together before they go out. */
const FLUSH_CHARS = 65_536;
/** No more commands are run while this much waits to be read by the client. */
const PAUSE_BYTES = 4 * 1024 * 1024;
/** Messages that wait for the end of a long answer. */
const HELD_LIMIT = 10_000;
/** Subscribers who read too slowly are cut off: the hard limit of ElastiCache for pub/sub clients. */
const PUSH_LIMIT_BYTES = 32 * 1024 * 1024;

interface Blocked {
  readonly waiter: Waiter;
  readonly timer: Timer | undefined;
  finish(reply: Reply): void;
}

export interface ConnectionOptions {
  readonly id: number;
  readonly node: NodeView;
  readonly dataset: Dataset;
  readonly onClose: (connection: Connection) => void;
}

export class Connection implements Session {
  readonly id: number;
  readonly node: NodeView;
  readonly dataset: Dataset;
  space: Keyspace;
  version: RespVersion = 2;
  name = '';
  libraryName = '';
  libraryVersion = '';
  transaction: Transaction | undefined;
  readonly watcher = { dirty: false };
  readonly watched = new Map<string, Keyspace>();
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  readsReplica = false;
  isInExec = false;
  replies: Session['replies'] = 'on';
  readonly openedMs: number;
  usedMs: number;
  lastCommand = '';
  readonly address: string;
  readonly localAddress: string;
  #user: AclUser | undefined;
  readonly #socket: Socket;
  readonly #reader = new CommandReader();
  readonly #onClose: (connection: Connection) => void;
  #out = '';
  #blocked: Blocked | undefined;
  #isBusy = false;
  #isClosing = false;
  /** What was not asked for, while a long answer is being written. */
  #held: Reply[] | undefined;
  /** Told when the client has read on, or has gone. */
  #onRead: () => void = () => {};

  constructor(socket: Socket, { id, node, dataset, onClose }: ConnectionOptions) {
    this.id = id;
    this.node = node;
    this.dataset = dataset;
    this.space = dataset.space(0);
    this.#onClose = onClose;
    this.#socket = socket;
    this.openedMs = this.usedMs = node.clock.nowMs();
    this.address = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.localAddress = `${socket.localAddress ?? ''}:${socket.localPort ?? 0}`;
    this.user = node.acl.stranger;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('drain', () => {
      this.#onRead();
      this.#run();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end());
  }

  get user(): AclUser | undefined {
    return this.#user;
  }

  set user(user: AclUser | undefined) {
    this.#user = user;
    this.#reader.limits = user ? userLimits : strangerLimits;
  }

  get isBlocked(): boolean {
    return this.#blocked !== undefined;
  }

  #onData(chunk: Buffer): void {
    this.#reader.push(chunk);
    this.usedMs = this.node.clock.nowMs();
    // A client that waits, or is slow to read, may send on, but only so much is taken in.
    if (this.#isBusy) this.#socket.pause();
    else this.#run();
  }

  /** Runs what has arrived, until there is no more, a command has to wait, or the client does not read. */
  #run(): void {
    if (this.#isBusy || this.#isClosing) return;
    const slice = new Slice();
    try {
      while (!this.#isBusy && !this.#isClosing) {
        if (this.node.frozen || slice.isOver) {
          this.#goOnLater();
          break;
        }
        if (this.#socket.writableLength > PAUSE_BYTES) {
          this.#socket.pause();
          break;
        }
        const words = this.#reader.next();
        if (!words) {
          this.#socket.resume();
          break;
        }
        this.#execute(words);
      }
    } catch (error) {
      this.#giveUp(error);
    }
    this.#flush();
  }

  /** Bytes that are no commands, or an answer too large to be put together: the connection ends. */
  #giveUp(error: unknown): void {
    if (error instanceof ProtocolError) this.#write(faults.error(`Protocol error: ${error.message}`));
    else {
      this.node.report(error);
      this.#out = '';
    }
    this.close();
  }

  /** When others have had their turn, or what keeps all commands waiting has ended. */
  #goOnLater(): void {
    this.#isBusy = true;
    const goOn = () => {
      this.#isBusy = false;
      this.#run();
    };
    if (this.node.frozen) void this.node.frozen.then(goOn);
    else soon(goOn);
  }

  #execute(words: string[]): void {
    this.node.statistics.commands++;
    const answer = dispatch(this, words);
    this.#settle(answer);
    if (this.dataset.hasReadyWaiters) this.dataset.serveWaiters();
  }

  #settle(answer: Answer): void {
    if (answer instanceof Wait) this.#block(answer);
    else if (answer instanceof Stepwise) this.#takeSteps(answer);
    else if (answer instanceof Promise) this.#await(answer);
    else this.#answer(answer);
  }

  #takeSteps(answer: Stepwise): void {
    const takeAll = async (): Promise<Reply> => {
      const slice = new Slice();
      for (;;) {
        const step = answer.steps.next();
        if (step.done === true) return step.value;
        await breathe(slice);
        if (this.#isClosing) return null;
      }
    };
    this.#await(takeAll());
  }

  #await(answer: Promise<Reply>): void {
    this.#isBusy = true;
    const go = (reply: Reply) => {
      this.#isBusy = false;
      this.#answer(reply);
      this.#flush();
      this.#run();
    };
    answer.then(go, (error: unknown) => {
      go(faultOf(this, error));
    });
  }

  #block(wait: Wait): void {
    this.#isBusy = true;
    const finish = (reply: Reply) => {
      if (this.#blocked !== blocked) return;
      this.#blocked = undefined;
      this.#isBusy = false;
      timer?.cancel();
      this.dataset.stopWaiting(waiter);
      this.#answer(reply);
      this.#flush();
      this.#run();
    };
    const waiter: Waiter = {
      space: this.space,
      keys: wait.keys,
      attempt: () => {
        if (this.#blocked !== blocked) return true;
        const reply = this.#attempted(wait);
        if (reply === undefined) return false;
        finish(reply);
        return true;
      },
    };
    const timer =
      wait.timeoutMs > 0 ? this.node.clock.after(wait.timeoutMs, () => finish(wait.onTimeout)) : undefined;
    const blocked: Blocked = { waiter, timer, finish };
    this.#blocked = blocked;
    this.dataset.wait(waiter);
  }

  #attempted(wait: Wait): Reply | undefined {
    try {
      return wait.attempt();
    } catch (error) {
      return faultOf(this, error);
    }
  }

  unblock(asError: boolean): boolean {
    if (!this.#blocked) return false;
    this.#blocked.finish(asError ? new RedisFault('UNBLOCKED client unblocked via CLIENT UNBLOCK') : null);
    return true;
  }

  /** The node is no primary any more: who waits there would wait for ever. */
  dropBlocked(): void {
    this.#blocked?.finish(
      new RedisFault(
        'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
      ),
    );
  }

  runQueued(words: string[]): Reply {
    return dispatchQueued(this, words);
  }

  #answer(reply: Reply): void {
    if (this.replies === 'off') return;
    if (this.replies === 'skip') {
      this.replies = 'on';
      return;
    }
    if (this.replies === 'skip-next') {
      // The answer to CLIENT REPLY SKIP itself is left out too.
      this.replies = 'skip';
      return;
    }
    this.#write(reply);
  }

  #write(reply: Reply): void {
    const pieces = piecesOf(reply, this.version);
    if (pieces) this.#writePieces(pieces).catch((error: unknown) => this.#giveUp(error));
    else this.#send(encodeReply(reply, this.version));
  }

  /** No command is run meanwhile, and what was not asked for waits: nothing may stand within an answer. */
  async #writePieces(pieces: Iterable<string>): Promise<void> {
    this.#isBusy = true;
    const held: Reply[] = [];
    this.#held = held;
    const slice = new Slice();
    for (const piece of pieces) {
      this.#send(piece);
      await this.#untilRead();
      await breathe(slice);
      if (this.#isClosing) return;
    }
    this.#held = undefined;
    this.#isBusy = false;
    for (const each of held) this.push(each);
    this.#flush();
    this.#run();
  }

  /** Waits while the client is slow to read. */
  async #untilRead(): Promise<void> {
    if (this.#socket.writableLength <= PAUSE_BYTES) return;
    await new Promise<void>((resolve) => (this.#onRead = resolve));
  }

  #send(text: string): void {
    this.#out += text;
    if (this.#out.length > FLUSH_CHARS) this.#flush();
  }

  #flush(): void {
    if (this.#out === '') return;
    const out = this.#out;
    this.#out = '';
    if (this.#socket.writable) this.#socket.write(out, 'latin1');
  }

  push(reply: Reply): void {
    if (this.#held) {
      this.#held.push(reply);
      if (this.#held.length > HELD_LIMIT) this.#socket.destroy();
      return;
    }
    if (this.#socket.writableLength > PUSH_LIMIT_BYTES) {
      this.#socket.destroy();
      return;
    }
    this.#write(reply);
    this.#flush();
  }

  close(): void {
    this.#isClosing = true;
    queueMicrotask(() => {
      this.#flush();
      this.#socket.end();
    });
    // Who does not read what is left is not waited for.
    this.node.clock.after(1000, () => this.#socket.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#isClosing = true;
    this.#onRead();
    if (this.#blocked) {
      this.#blocked.timer?.cancel();
      this.dataset.stopWaiting(this.#blocked.waiter);
      this.#blocked = undefined;
    }
    forgetWatched(this);
    leaveChannels(this);
    this.#onClose(this);
  }
}
