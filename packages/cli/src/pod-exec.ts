// Runs a command in a container, as `kubectl exec` does: WebSocket, protocol v5.channel.k8s.io (each message's
// first byte is the channel: 1 stdout, 2 stderr, 3 the final Status).
import { isRecord } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';

const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when the command has ended, whatever its exit code. Rejects when it could not be started. */
export async function execInPod(
  client: KubeClient,
  target: ExecTarget,
  command: readonly string[],
): Promise<ExecResult> {
  const query = new URLSearchParams({ container: target.container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const path = `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/exec?${query.toString()}`;
  const { socket } = await client.upgrade(path, ['v5.channel.k8s.io']);
  const channels: Record<number, Buffer[]> = { 1: [], 2: [], 3: [] };
  let sizeBytes = 0;
  for await (const message of socket as AsyncIterable<Buffer>) {
    sizeBytes += message.length;
    if (sizeBytes > OUTPUT_BYTES_MAX)
      throw new Error(`${command[0]} printed more than ${OUTPUT_BYTES_MAX} bytes`);
    channels[message[0] ?? 0]?.push(message.subarray(1));
  }
  const text = (channel: number) => Buffer.concat(channels[channel] ?? []).toString('utf8');
  return { exitCode: exitCodeOf(text(3)), stdout: text(1), stderr: text(2) };
}

/** The Status on channel 3: Success, or NonZeroExitCode with the code as a cause. */
function exitCodeOf(statusText: string): number {
  const status: unknown = statusText === '' ? {} : JSON.parse(statusText);
  if (!isRecord(status)) throw new Error(`the exec ended with ${statusText}`);
  if (status['status'] === 'Success') return 0;
  const details = isRecord(status['details']) ? status['details'] : {};
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  const cause: unknown = causes.find((each) => isRecord(each) && each['reason'] === 'ExitCode');
  if (isRecord(cause)) return Number(cause['message']);
  throw new Error(`the exec ended without an exit code: ${statusText}`);
}
