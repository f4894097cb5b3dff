// What is known of a container whose log is read: from the log's path always, from the API when it still knew the pod.

export interface ContainerMetadata {
  readonly namespace: string;
  readonly podName: string;
  readonly podUid: string;
  readonly container: string;
  /** How often the container was restarted before. */
  readonly attempt: number;
  readonly logType: 'application' | 'infrastructure';
  readonly namespaceUid?: string | undefined;
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
  readonly containerId?: string | undefined;
  readonly image?: string | undefined;
  /** Absent when the pod was deleted before it was seen. */
  readonly pod?: PodMetadata | undefined;
}

export interface PodMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ip?: string | undefined;
  /** `ReplicaSet/web-5d8f`. */
  readonly owner?: string | undefined;
}

export interface PodLogPath {
  readonly namespace: string;
  readonly podName: string;
  readonly podUid: string;
  readonly container: string;
  readonly attempt: number;
}

/** Reads `<namespace>_<pod>_<uid>/<container>/<n>.log`; undefined for anything else. */
export function parsePodLogPath(relative: string): PodLogPath | undefined {
  const found = /^([^_/]+)_([^_/]+)_([^_/]+)\/([^/]+)\/(\d+)\.log$/.exec(relative);
  if (!found) return undefined;
  const [, namespace = '', podName = '', podUid = '', container = '', attempt = ''] = found;
  return { namespace, podName, podUid, container, attempt: Number(attempt) };
}

/** `default`, `openshift`, `openshift-*`, `kube` and `kube-*` are the cluster's own. */
export function logTypeOf(namespace: string): 'application' | 'infrastructure' {
  return /^(?:default|openshift(?:-.+)?|kube(?:-.+)?)$/.test(namespace) ? 'infrastructure' : 'application';
}
