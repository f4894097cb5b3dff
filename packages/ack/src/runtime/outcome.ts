// What becomes of a run that failed: conditions in ACK's words, an Event, and when to try again.
import { AwsError } from '@pergola/aws-client';
import type { ReconcileResult } from '@pergola/controller-kit';
import { KubeApiError } from '@pergola/kube-client';
import { denialOf, describeAwsError } from './aws/denial.ts';
import { messageOf, RecoverableFault, ReferenceFault, TerminalFault } from './faults.ts';
import { holdersOf, lastNameOf } from './json-path.ts';
import { conditionTypes, messages } from './names.ts';
import type { Run } from './run.ts';

const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
const refusalRetryMs = 600_000;
/** References are watched; this is for targets that this controller does not serve. */
const referenceRetryMs = 15_000;

/** Sets the conditions of a failed run. Throws `error` again when it is Kubernetes' own: then nothing can be written. */
export function failed(run: Run, error: unknown): ReconcileResult {
  if (error instanceof KubeApiError && !isRefusal(error)) throw error;
  if (error instanceof TerminalFault) return terminal(run, error.message, error.reason);
  if (error instanceof ReferenceFault) return waiting(run, error);
  if (error instanceof AwsError) {
    const text = withoutSecrets(run, describeAwsError(error));
    warn(run, reasonOf(run, error), text);
    // What AWS depends on itself, such as a quota, nobody tells us of.
    if (run.kind.isTerminal(error)) return { ...terminal(run, text), requeueAfterMs: refusalRetryMs };
    return recoverable(run, text, undefined);
  }
  const retryMs = error instanceof RecoverableFault ? error.retryMs : undefined;
  if (!(error instanceof RecoverableFault || error instanceof KubeApiError)) {
    run.context.logger.error({ key: run.key, error }, 'a reconciliation failed in an unforeseen way');
  }
  const text = messageOf(error);
  if (text === messages.roleUnavailable) {
    run.conditions.set(conditionTypes.synced, 'False', { message: text });
    warn(run, 'RoleUnavailable', text);
    return { requeueAfterMs: retryMs ?? lastRetryMs };
  }
  return recoverable(run, text, retryMs);
}

/** The API server does not want what was to be written; the status can still say so. */
function isRefusal({ code }: KubeApiError): boolean {
  return code === 400 || code === 403 || code === 422;
}

/** Not tried again by time: only when something that the resource depends on changes. */
function terminal(run: Run, message: string, reason?: string): ReconcileResult {
  run.conditions.set(conditionTypes.terminal, 'True', {
    message,
    ...(reason === undefined ? {} : { reason }),
  });
  run.conditions.set(conditionTypes.synced, 'False', {
    message: messages.notSynced,
    reason: 'resource is in terminal condition',
  });
  warn(run, 'Terminal', message);
  return {};
}

function recoverable(run: Run, message: string, retryMs: number | undefined): ReconcileResult {
  run.conditions.set(conditionTypes.recoverable, 'True', { message });
  run.conditions.set(conditionTypes.synced, 'Unknown', { message: messages.unknown, reason: message });
  warn(run, 'Recoverable', message);
  const { remembered } = run;
  const growing = firstRetryMs * 2 ** Math.min(remembered.failures, 10);
  remembered.failures++;
  return { requeueAfterMs: retryMs ?? Math.min(lastRetryMs, growing) };
}

function waiting(run: Run, error: ReferenceFault): ReconcileResult {
  run.conditions.set(conditionTypes.synced, 'Unknown', { message: messages.unknown, reason: error.message });
  warn(run, 'ReferencesUnresolved', error.message);
  return { requeueAfterMs: referenceRetryMs };
}

/** AWS may repeat what it was given, as it is or as it was sent. */
function withoutSecrets({ kind, wanted }: Run, text: string): string {
  const values = kind.secrets.flatMap((path) =>
    holdersOf({ ...wanted.spec }, path).flatMap((holder) => [holder[lastNameOf(path)]].flat()),
  );
  const secrets = values.filter((value): value is string => typeof value === 'string' && value !== '');
  const written = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return written.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

/** `CreateDBInstanceFailed`, or that a permission is missing. */
function reasonOf(run: Run, error: AwsError): string {
  if (denialOf(error) !== undefined) return 'PermissionMissing';
  const call = run.calls.findLast((each) => each.error === error);
  return call === undefined ? 'ReadFailed' : `${call.operation}Failed`;
}

/** Says it once, until something else is to be said. */
function warn(run: Run, reason: string, message: string): void {
  if (run.remembered.lastWarning === message) return;
  run.remembered.lastWarning = message;
  run.say('Warning', reason, message);
}
