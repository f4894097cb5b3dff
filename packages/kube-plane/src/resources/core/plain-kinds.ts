// Core kinds without rules of their own beyond the schema: stored, listed and watched.
import { defineResource } from '../define.ts';

const core = { group: '', version: 'v1', namespaced: true } as const;

export const endpoints = defineResource({
  ...core,
  kind: 'Endpoints',
  listKind: 'EndpointsList',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  createOnUpdate: true,
});

export const limitRanges = defineResource({
  ...core,
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
});

export const resourceQuotas = defineResource({
  ...core,
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  hasStatus: true,
});

export const persistentVolumeClaims = defineResource({
  ...core,
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  hasStatus: true,
});

export const podTemplates = defineResource({ ...core, kind: 'PodTemplate', plural: 'podtemplates' });
