// Rows of the kinds that make pods.
import type { KubeObject } from '../object.ts';
import { labelSelectorOf, renderLabelSelector } from '../selectors/label-selector.ts';
import { type Cell, columnsOf, type KindTable } from './column.ts';
import { at, listAt, numberAt, orNone, renderLabels, textAt } from './field-access.ts';
import { humanAge, humanDuration } from './human-duration.ts';

const wide = 'Containers, Images, Selector';

/** Names and images of the containers, and the selector: the wide columns of every workload. */
function wideCells(object: KubeObject, ...template: readonly string[]): string[] {
  const containers = listAt(object, ...template, 'spec', 'containers');
  const list = (field: string) => containers.map((container) => textAt(container, field)).join(',');
  const selector = at(object, 'spec', 'selector');
  return [list('name'), list('image'), orNone(renderLabelSelector(labelSelectorOf(selector)))];
}

function ageOf(object: KubeObject, nowMs: number): string {
  return humanAge(object.metadata.creationTimestamp, nowMs);
}

/** Replicas that are wanted; the API defaults them to one. */
function wanted(object: KubeObject): number {
  return at(object, 'spec', 'replicas') === undefined ? 1 : numberAt(object, 'spec', 'replicas');
}

export const deploymentTable: KindTable = {
  columns: columnsOf('Name, Ready, Up-to-date:integer, Available:integer, Age', wide),
  cells: (object, nowMs) => [
    object.metadata.name,
    `${numberAt(object, 'status', 'readyReplicas')}/${wanted(object)}`,
    numberAt(object, 'status', 'updatedReplicas'),
    numberAt(object, 'status', 'availableReplicas'),
    ageOf(object, nowMs),
    ...wideCells(object, 'spec', 'template'),
  ],
};

export const replicaSetTable: KindTable = {
  columns: columnsOf('Name, Desired:integer, Current:integer, Ready:integer, Age', wide),
  cells: (object, nowMs) => [
    object.metadata.name,
    wanted(object),
    numberAt(object, 'status', 'replicas'),
    numberAt(object, 'status', 'readyReplicas'),
    ageOf(object, nowMs),
    ...wideCells(object, 'spec', 'template'),
  ],
};

export const statefulSetTable: KindTable = {
  columns: columnsOf('Name, Ready, Age', 'Containers, Images'),
  cells: (object, nowMs) => [
    object.metadata.name,
    `${numberAt(object, 'status', 'readyReplicas')}/${wanted(object)}`,
    ageOf(object, nowMs),
    ...wideCells(object, 'spec', 'template').slice(0, 2),
  ],
};

const daemonCounts = [
  'desiredNumberScheduled',
  'currentNumberScheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
];

export const daemonSetTable: KindTable = {
  columns: columnsOf(
    'Name, Desired:integer, Current:integer, Ready:integer, Up-to-date:integer, Available:integer, Node Selector, Age',
    wide,
  ),
  cells: (object, nowMs) => [
    object.metadata.name,
    ...daemonCounts.map((name) => numberAt(object, 'status', name)),
    renderLabels(at(object, 'spec', 'template', 'spec', 'nodeSelector')),
    ageOf(object, nowMs),
    ...wideCells(object, 'spec', 'template'),
  ],
};

export const jobTable: KindTable = {
  columns: columnsOf('Name, Status, Completions, Duration, Age', wide),
  cells: (object, nowMs) => [
    object.metadata.name,
    jobStatus(object),
    jobCompletions(object),
    jobDuration(object, nowMs),
    ageOf(object, nowMs),
    ...wideCells(object, 'spec', 'template'),
  ],
};

/** Condition types of a Job in the order in which they decide its status, and what is shown. */
const jobConditions = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
  ['', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
] as const;

function jobStatus(job: KubeObject): string {
  const holds = new Set(
    listAt(job, 'status', 'conditions')
      .filter((condition) => textAt(condition, 'status') === 'True')
      .map((condition) => textAt(condition, 'type')),
  );
  if (job.metadata.deletionTimestamp) holds.add('');
  return jobConditions.find(([type]) => holds.has(type))?.[1] ?? 'Running';
}

function jobCompletions(job: KubeObject): string {
  const succeeded = numberAt(job, 'status', 'succeeded');
  const completions = at(job, 'spec', 'completions');
  if (typeof completions === 'number') return `${succeeded}/${completions}`;
  const parallelism = numberAt(job, 'spec', 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, nowMs: number): string {
  const start = Date.parse(textAt(job, 'status', 'startTime'));
  if (Number.isNaN(start)) return '';
  const end = Date.parse(textAt(job, 'status', 'completionTime'));
  return humanDuration((Number.isNaN(end) ? nowMs : end) - start);
}

export const cronJobTable: KindTable = {
  columns: columnsOf('Name, Schedule, Timezone, Suspend, Active:integer, Last Schedule, Age', wide),
  cells(object, nowMs): Cell[] {
    const last = textAt(object, 'status', 'lastScheduleTime');
    return [
      object.metadata.name,
      textAt(object, 'spec', 'schedule'),
      orNone(textAt(object, 'spec', 'timeZone')),
      suspended(at(object, 'spec', 'suspend')),
      listAt(object, 'status', 'active').length,
      last === '' ? '<none>' : humanAge(last, nowMs),
      ageOf(object, nowMs),
      ...wideCells(object, 'spec', 'jobTemplate', 'spec', 'template'),
    ];
  },
};

function suspended(value: unknown): string {
  if (typeof value !== 'boolean') return '<unset>';
  return value ? 'True' : 'False';
}

export const controllerRevisionTable: KindTable = {
  columns: columnsOf('Name, Controller, Revision:integer, Age'),
  cells(object, nowMs) {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return [
      object.metadata.name,
      owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>',
      numberAt(object, 'revision'),
      ageOf(object, nowMs),
    ];
  },
};
