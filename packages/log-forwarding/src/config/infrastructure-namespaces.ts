// Which includes of an application input mean the cluster's own namespaces: these are left out of any other.

/** Whether a namespace's name or glob names namespaces of infrastructure: `default`, `openshift*`, `kube*`. `*` does not. */
export function namesInfrastructure(namespace: string | undefined): boolean {
  return namespace !== undefined && /^(default$|openshift|kube)/.test(namespace);
}
