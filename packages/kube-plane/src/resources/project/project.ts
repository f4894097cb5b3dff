// project.openshift.io projects: a view of the namespaces that the user may see.
import type { Call, Handler, Plane, ResourceDefinition } from '../../contract.ts';
import type { KubeObject } from '../../object.ts';
import { faults } from '../../faults.ts';
import { listAnswer, objectAnswer } from '../../render/object-answer.ts';
import { filterOf } from '../../storage/filter.ts';
import { listOptionsOf } from '../../request/options.ts';
import { prefixOf } from '../../storage/keys.ts';
import { deleteVerb } from '../../verbs/delete.ts';
import { get } from '../../verbs/get.ts';
import { patch } from '../../verbs/patch.ts';
import { update } from '../../verbs/update.ts';
import { watch } from '../../watch/watch.ts';
import { namespaces } from '../core/namespace.ts';
import { defineResource } from '../define.ts';

export const PROJECT_VERSION = 'project.openshift.io/v1';

const list: Handler = async (call, definition, plane) => {
  const filter = filterOf(definition, listOptionsOf(call));
  const texts = plane.store
    .list(prefixOf(definition))
    .filter((entry) => {
      const object = toProject(JSON.parse(entry.value) as KubeObject);
      return maySee(call, plane, object.metadata.name) && filter.matches(object);
    })
    .map((entry) => entry.value);
  const metadata = { resourceVersion: String(plane.store.revision()) };
  return listAnswer(call, definition, plane, { texts, metadata });
};

/** A watch shows every project, so it needs the right to see every namespace. */
const watchAll: Handler = async (call, definition, plane) => {
  if (!maySee(call, plane, '')) {
    throw faults.forbidden(
      { group: 'project.openshift.io', resource: 'projects' },
      '',
      'watching projects needs the right to get all namespaces',
    );
  }
  return watch(call, definition, plane);
};

function maySee(call: Call, plane: Plane, name: string): boolean {
  const question = { user: call.user, verb: 'get', group: '', resource: 'namespaces', subresource: '' };
  return plane.authorizer.authorize({ ...question, namespace: name, name }).allowed;
}

export const projects: ResourceDefinition = defineResource({
  group: 'project.openshift.io',
  version: 'v1',
  kind: 'Project',
  plural: 'projects',
  namespaced: false,
  schema: namespaces.schema,
  storedAs: { group: '', plural: 'namespaces' },
  strategy: namespaces.strategy,
  verbs: ['delete', 'get', 'list', 'patch', 'update', 'watch'],
  handlers: { get, list, watch: watchAll, update, patch, delete: deleteVerb },
  fromStored: toProject,
  toStored: (project) => ({ ...project, apiVersion: 'v1', kind: 'Namespace' }),
});

function toProject(namespace: KubeObject): KubeObject {
  return { ...namespace, apiVersion: PROJECT_VERSION, kind: 'Project' };
}

/** A namespace as the project that `oc new-project` expects back. */
export async function projectAnswer(call: Call, plane: Plane, namespace: KubeObject) {
  return objectAnswer(call, projects, plane, { status: 201, object: toProject(namespace) });
}
