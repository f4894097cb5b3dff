// Whether AWS has finished, is at work, or has failed.
import type { ProgressRule } from './description.ts';
import type { Observed, Progress } from './kind.ts';
import type { KindModel } from './model/kind-model.ts';

const usualAgainMs = 5_000;

export function progressOf(model: KindModel, observed: Observed): Progress {
  const own = model.description.ways?.progressOf?.(observed);
  if (own) return own;
  const rule = model.description.progress;
  const field = rule && model.status.find(({ key }) => key === rule.path);
  if (!rule || !field) return { state: 'ready' };
  return ruled(rule, field.name, observed.status[field.name]);
}

function ruled(rule: ProgressRule, name: string, status: unknown): Progress {
  const word = typeof status === 'string' ? status : 'not known yet';
  const because = `${name} is ${word}`;
  if (rule.ready.includes(word)) return { state: 'ready' };
  if (rule.failed?.includes(word)) return { state: 'failed', because };
  return { state: 'waiting', because, againMs: rule.againMs ?? usualAgainMs };
}
