// `spec.config` of a Subscription: what its user changes about the operator's pods.
// https://github.com/operator-framework/operator-lifecycle-manager/blob/master/doc/design/subscription-config.md

type Open = Record<string, unknown>;
type Items = readonly Open[];

const items = (value: unknown): Items => (Array.isArray(value) ? (value as Items) : []);

/** Changes the pod template of a Deployment in place. */
// oxlint-disable-next-line typescript/no-explicit-any -- a PodTemplateSpec, which the API server checks.
export function withConfig(template: any, config: Open): void {
  const { spec } = template;
  for (const container of spec.containers as Open[]) configureContainer(container, config);
  if (config['nodeSelector'] !== undefined) spec.nodeSelector = config['nodeSelector'];
  if (config['affinity'] !== undefined) spec.affinity = config['affinity'];
  spec.tolerations = [...items(spec.tolerations), ...items(config['tolerations'])];
  spec.volumes = replaced(items(spec.volumes), items(config['volumes']));
  if (config['annotations'] !== undefined) {
    template.metadata.annotations = { ...(config['annotations'] as Open), ...template.metadata.annotations };
  }
}

function configureContainer(container: Open, config: Open): void {
  container['env'] = replaced(items(container['env']), items(config['env']));
  container['envFrom'] = [...items(container['envFrom']), ...items(config['envFrom'])];
  container['volumeMounts'] = replaced(items(container['volumeMounts']), items(config['volumeMounts']));
  if (config['resources'] !== undefined) container['resources'] = config['resources'];
}

/** By name: what the user says replaces what the operator says. */
function replaced(own: Items, user: Items): Items {
  const names = new Set(user.map((item) => item['name']));
  return [...own.filter((item) => !names.has(item['name'])), ...user];
}
