// What annotations of a forwarder of logging 6 ask for. A wrong one is told and has no effect.
import type { NewCondition } from '../conditions.ts';
import type { ObservabilityRun } from './run.ts';

const prefix = 'observability.openshift.io';

/** The original's levels, and what the collector calls them. */
const logLevels: Readonly<Record<string, string>> = {
  debug: 'debug',
  error: 'error',
  info: 'info',
  off: 'silent',
  trace: 'debug',
  warn: 'warn',
};

export function readAnnotations(run: ObservabilityRun): undefined {
  const { annotations = {} } = run.forwarder.metadata;
  const level = annotations[`${prefix}/log-level`];
  if (level !== undefined) {
    run.logLevel = logLevels[level];
    if (run.logLevel === undefined) {
      const allowed = Object.keys(logLevels).join(', ');
      run.conditions.push(
        wrong(
          'LogLevel',
          'LogLevelSupported',
          `log level ${JSON.stringify(level)} must be one of [${allowed}]`,
        ),
      );
    }
  }
  const rollout = annotations[`${prefix}/max-unavailable-rollout`];
  if (rollout === undefined) return;
  if (/^(?:[0-9]{1,2}|100)%?$/.test(rollout)) {
    const maxUnavailable = rollout.endsWith('%') ? rollout : Number(rollout);
    run.placement = { maxUnavailable, ...run.placement };
    return;
  }
  const message = `max-unavailable-rollout value ${JSON.stringify(rollout)} must be an absolute number or a valid percentage`;
  run.conditions.push(wrong('MaxUnavailableAnnotation', 'MaxUnavailableAnnotationSupported', message));
}

function wrong(type: string, reason: string, message: string): NewCondition {
  return { type: `${prefix}/${type}`, status: 'False', reason, message };
}
