// Exec and attach: a session's streams joined to a process's.
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ContainerRun } from '../containers/container-run.ts';
import { LaunchError, type TerminalSize } from '../isolation/isolation.ts';
import type { RemoteSession, StreamWishes } from './remote-session.ts';
import { exitStatus, failureStatus, successStatus } from './status.ts';

const firstSizeWithinMs = 100;
/** Time for output that is still on its way after a process ended. */
const outputSettleMs = 500;
/** An attached client may lag this much behind the container before it is let go. */
const maxBehindBytes = 4 * 1024 * 1024;

/** Runs `argv` in the container for the session and tells it the outcome. */
export async function runExec(
  run: ContainerRun,
  argv: readonly string[],
  wishes: StreamWishes,
  session: RemoteSession,
): Promise<void> {
  try {
    const size = wishes.tty ? await firstSize(session, run) : undefined;
    const process = await run.enter({ argv, tty: wishes.tty, stdin: wishes.stdin, size });
    session.onResize((columns, rows) => process.resize(columns, rows));
    if (session.stdin && process.stdin) void carry(session.stdin, process.stdin, true);
    const outputs = [
      carry(process.stdout, session.stdout, false),
      carry(process.stderr, session.stderr, false),
    ];
    const exit = await process.exited;
    // A background child may keep the pipe; what the command itself wrote is in it already.
    await Promise.race([Promise.all(outputs), run.pause(outputSettleMs)]);
    await session.finish(exitStatus(exit));
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    await session.finish(failureStatus(`error executing command in container: ${error.message}`));
  }
}

/** Joins the session to the container's own streams until either ends. */
export async function runAttach(
  run: ContainerRun,
  wishes: StreamWishes,
  session: RemoteSession,
): Promise<void> {
  let giveUp: () => void = () => {};
  const tooSlow = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  const stop = run.stdin.listen((stream, chunk) => {
    const target = stream === 'stdout' ? session.stdout : session.stderr;
    target?.write(chunk);
    if ((target?.writableLength ?? 0) > maxBehindBytes) giveUp();
  });
  session.onResize((columns, rows) => run.process.resize(columns, rows));
  if (wishes.stdin && session.stdin) {
    session.stdin.on('data', (chunk: Buffer) => run.stdin.write(chunk));
    session.stdin.once('end', () => run.stdin.end());
  }
  const exit = await Promise.race([run.exited, session.closed.then(() => undefined), tooSlow]);
  stop();
  // The end of the container is the end of the stream and no failure of attaching: its exit code is in the pod's status.
  await session.finish(exit ? successStatus : failureStatus('the client reads too slowly to stay attached'));
}

/** Clients with a terminal tell its size at once; those that do not are not waited for. */
function firstSize(session: RemoteSession, run: ContainerRun): Promise<TerminalSize | undefined> {
  const told = new Promise<TerminalSize>((resolve) => {
    session.onResize((columns, rows) => resolve({ columns, rows }));
  });
  return Promise.race([told, run.pause(firstSizeWithinMs).then(() => undefined)]);
}

/** Copies to the end. A side that breaks ends the copy; a missing target drains the source. */
async function carry(source: Readable, target: Writable | undefined, end: boolean): Promise<void> {
  if (target) await pipeline(source, target, { end }).catch(() => {}); // NOTE: a reader that leaves is not our failure.
  source.resume();
}
