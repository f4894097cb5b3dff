// A plan as people read it.
import type { PlannedAction, PlannedResource } from '@pergola/ack';
import { printable, wrap } from '../output/printable.ts';
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

type Target = Pick<Terminal, 'paint' | 'columns' | 'interactive'>;

/** Lines are broken for a terminal only: programs that read them find each fact on one. */
export function renderPlan(planned: readonly PlannedResource[], terminal: Target): string {
  const blocks = planned.map((resource) => renderResource(resource, terminal).join('\n'));
  return [...blocks, summary(planned)].join('\n\n');
}

function renderResource(resource: PlannedResource, terminal: Target): string[] {
  const { paint } = terminal;
  const { sign, text, style } = words[resource.action];
  const { kind, namespace, name, because, differences, calls, permissions } = resource;
  const facts: string[] = [];
  if (because !== undefined) facts.push(printable(because));
  for (const { path, wanted, observed, effect } of differences) {
    const change =
      wanted === undefined && observed === undefined ? 'changed' : `${show(observed)} -> ${show(wanted)}`;
    const cost = effect === 'replace' ? paint('red', '  (replaces)') : '';
    facts.push(`${printable(`${path}: ${change}`)}${cost}`);
  }
  if (calls.length > 0) facts.push(`calls: ${calls.join(', ')}`, `needs: ${permissions.join(', ')}`);
  const title = paint(style, printable(`${sign} ${kind} ${namespace}/${name} ${text}`));
  return [title, ...facts.flatMap((fact) => indented(fact, terminal))];
}

function indented(fact: string, { interactive, columns }: Target): string[] {
  const lines = interactive ? wrap(fact, columns - 4) : [fact];
  return lines.map((line) => `    ${line}`);
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
