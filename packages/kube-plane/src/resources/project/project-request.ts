// project.openshift.io projectrequests: a user asks for a namespace of their own and becomes its admin.
import { isRecord } from '@pergola/kernel';
import type { Call, Handler, Plane } from '../../contract.ts';
import { KubeStatus } from '../../kube-status.ts';
import { faults, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { jsonAnswer, successObject } from '../../render/status.ts';
import { decodeBody } from '../../request/body.ts';
import { systemCall } from '../../request/system-call.ts';
import { createObject } from '../../verbs/create.ts';
import { writeOf } from '../../verbs/write.ts';
import { namespaces } from '../core/namespace.ts';
import { defineResource } from '../define.ts';
import { roleBindings } from '../rbac/bindings.ts';
import { projectAnswer } from './project.ts';

const group = 'project.openshift.io';
const RBAC = 'rbac.authorization.k8s.io';

/** `oc new-project` asks first whether it may. */
const list: Handler = async () => jsonAnswer(200, successObject());

const create: Handler = async (call, _definition, plane) => {
  const { value } = await decodeBody(call);
  const request = isRecord(value) ? value : {};
  const metadata = isRecord(request['metadata']) ? request['metadata'] : {};
  const name = String(metadata['name'] ?? '');
  if (name === '') {
    throw faults.invalid({ group, kind: 'ProjectRequest' }, '', [
      fieldFaults.required('metadata.name', 'name or generateName is required'),
    ]);
  }
  const namespace = await createNamespace(plane, call, name, request);
  await bindAdmin(plane, call, name);
  return projectAnswer(call, plane, namespace);
};

async function createNamespace(
  plane: Plane,
  call: Call,
  name: string,
  request: Record<string, unknown>,
): Promise<KubeObject> {
  const text = (field: string) => String(request[field] ?? '');
  const write = writeOf(systemCall('create'), namespaces, plane);
  try {
    return await createObject(write, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        annotations: {
          'openshift.io/description': text('description'),
          'openshift.io/display-name': text('displayName'),
          'openshift.io/requester': call.user.username,
        },
      },
    });
  } catch (error) {
    // The project is what was asked for, so the project is what the answer names, in the singular as OpenShift does.
    if (error instanceof KubeStatus && error.reason === 'AlreadyExists') {
      throw faults.alreadyExists({ group, resource: 'project' }, name);
    }
    throw error;
  }
}

async function bindAdmin(plane: Plane, call: Call, namespace: string): Promise<void> {
  const write = { ...writeOf(systemCall('create'), roleBindings, plane), namespace };
  await createObject(write, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'admin', namespace },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'admin' },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: call.user.username }],
  });
}

export const projectRequests = defineResource({
  group,
  version: 'v1',
  kind: 'ProjectRequest',
  plural: 'projectrequests',
  namespaced: false,
  verbs: ['create', 'list'],
  handlers: { create, list },
});
