// The only registry of built-in kinds: one line each.
import type { ResourceDefinition } from '../contract.ts';
import * as webhooks from './admissionregistration/webhook-configurations.ts';
import { customResourceDefinitions } from './apiextensions/custom-resource-definition.ts';
import * as apps from './apps/workloads.ts';
import * as authentication from './authentication/reviews.ts';
import * as authorization from './authorization/reviews.ts';
import { cronJobs } from './batch/cron-job.ts';
import { jobs } from './batch/job.ts';
import * as config from './config/config-kinds.ts';
import { configMaps } from './core/config-map.ts';
import { events, eventsView } from './core/event.ts';
import { namespaces } from './core/namespace.ts';
import { nodes } from './core/node.ts';
import * as core from './core/plain-kinds.ts';
import { pods } from './core/pod.ts';
import { secrets } from './core/secret.ts';
import { serviceAccounts } from './core/service-account.ts';
import { services } from './core/service.ts';
import * as plain from './plain-kinds.ts';
import { projectRequests } from './project/project-request.ts';
import { projects } from './project/project.ts';
import * as bindings from './rbac/bindings.ts';
import * as roles from './rbac/roles.ts';
import { users } from './user/user.ts';

export const builtinResources: readonly ResourceDefinition[] = [
  configMaps,
  core.endpoints,
  events,
  core.limitRanges,
  namespaces,
  nodes,
  core.persistentVolumeClaims,
  pods,
  core.podTemplates,
  core.resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  apps.controllerRevisions,
  apps.daemonSets,
  apps.deployments,
  apps.replicaSets,
  apps.statefulSets,
  eventsView,
  authentication.selfSubjectReviews,
  authentication.tokenReviews,
  authorization.localSubjectAccessReviews,
  authorization.selfSubjectAccessReviews,
  authorization.selfSubjectRulesReviews,
  authorization.subjectAccessReviews,
  cronJobs,
  jobs,
  plain.networkPolicies,
  plain.podDisruptionBudgets,
  bindings.clusterRoleBindings,
  roles.clusterRoles,
  bindings.roleBindings,
  roles.roles,
  webhooks.mutatingWebhookConfigurations,
  webhooks.validatingWebhookConfigurations,
  customResourceDefinitions,
  plain.leases,
  plain.endpointSlices,
  projects,
  projectRequests,
  config.authentications,
  config.clusterVersions,
  config.infrastructures,
  users,
];
