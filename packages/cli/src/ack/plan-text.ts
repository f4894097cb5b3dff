// A plan as people read it.
import type { PlannedAction, PlannedResource } from '@pergola/ack';
import type { Style, Terminal } from '../output/terminal.ts';

const words: Readonly<
  Record<PlannedAction, { readonly sign: string; readonly text: string; readonly style: Style }>
> = {
  create: { sign: '+', text: 'will be created', style: 'green' },
  adopt: { sign: '<', text: 'will be adopted', style: 'cyan' },
  update: { sign: '~', text: 'will be updated', style: 'yellow' },
  replace: { sign: '±', text: 'must be deleted and made anew', style: 'red' },
  none: { sign: ' ', text: 'is as it shall be', style: 'dim' },
  wait: { sign: ' ', text: 'has to wait', style: 'yellow' },
  fail: { sign: '!', text: 'will not come into sync', style: 'red' },
};

export function renderPlan(planned: readonly PlannedResource[], paint: Terminal['paint']): string {
  const blocks = planned.map((resource) => renderResource(resource, paint).join('\n'));
  return [...blocks, summary(planned)].join('\n\n');
}

function renderResource(resource: PlannedResource, paint: Terminal['paint']): string[] {
  const { sign, text, style } = words[resource.action];
  const { kind, namespace, name, because, differences, calls, permissions } = resource;
  const lines = [paint(style, `${sign} ${kind} ${namespace}/${name} ${text}`)];
  if (because !== undefined) lines.push(`    ${because}`);
  for (const { path, wanted, observed, effect } of differences) {
    const change =
      wanted === undefined && observed === undefined ? 'changed' : `${show(observed)} -> ${show(wanted)}`;
    lines.push(`    ${path}: ${change}${effect === 'replace' ? paint('red', '  (replaces)') : ''}`);
  }
  if (calls.length > 0) lines.push(`    calls: ${calls.join(', ')}`);
  if (calls.length > 0) lines.push(`    needs: ${permissions.join(', ')}`);
  return lines;
}

function show(value: unknown): string {
  return value === undefined ? '(not set)' : JSON.stringify(value);
}

function summary(planned: readonly PlannedResource[]): string {
  const count = (...actions: readonly PlannedAction[]) =>
    planned.filter(({ action }) => actions.includes(action)).length;
  const parts = [
    `${count('create')} to create`,
    `${count('adopt')} to adopt`,
    `${count('update')} to update`,
    `${count('replace')} to replace`,
    `${count('none')} unchanged`,
  ];
  if (count('wait') > 0) parts.push(`${count('wait')} waiting`);
  if (count('fail') > 0) parts.push(`${count('fail')} failing`);
  return `Plan: ${parts.join(', ')}.`;
}

/** True when applying would call AWS to change something. */
export function hasChanges(planned: readonly PlannedResource[]): boolean {
  return planned.some(({ action }) => action !== 'none');
}
