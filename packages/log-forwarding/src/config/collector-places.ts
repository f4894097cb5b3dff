// Where a collector finds its things: the paths that the operator mounts, and the environment variables that name them.
// A configuration speaks of paths in the container; where mounts stand elsewhere (pods without isolation), the
// variables hold the true places.

export const collectorPaths = {
  config: '/etc/collector/config/collector.json',
  logs: '/var/log',
  pods: '/var/log/pods',
  journal: '/var/log/journal',
  /** Kept across restarts, one folder for each collector: `<namespace>/<collector>`. */
  data: '/var/lib/logcollector',
  tokenDirectory: '/var/run/ocp-collector/serviceaccount',
  token: '/var/run/ocp-collector/serviceaccount/token',
  /** `<secret>/<key>`, only the keys that an output names. */
  secrets: '/var/run/ocp-collector/secrets',
} as const;

export const collectorVariables = {
  config: 'COLLECTOR_CONFIG',
  pods: 'LOG_PODS_DIR',
  journal: 'LOG_JOURNAL_DIR',
  /** Holds `audit`, `kube-apiserver`, `openshift-apiserver`, `oauth-apiserver`, `oauth-server` and `ovn`. */
  audit: 'LOG_AUDIT_DIR',
  data: 'COLLECTOR_DATA_DIR',
  /** Stands for every token file at `collectorPaths.token`. */
  token: 'COLLECTOR_TOKEN_FILE',
  /** Stands for `collectorPaths.secrets` at the beginning of a path. */
  secrets: 'COLLECTOR_SECRETS_DIR',
  node: 'NODE_NAME',
  namespace: 'COLLECTOR_NAMESPACE',
  /** The collector's name, which its reports carry. */
  name: 'COLLECTOR_NAME',
  /** The address that metrics are served on: the pod's own, so that collectors of one node do not meet. */
  metricsHost: 'COLLECTOR_METRICS_HOST',
  metricsPort: 'COLLECTOR_METRICS_PORT',
  /** Milliseconds between two reports that tell of counts only. */
  reportMs: 'COLLECTOR_REPORT_MS',
} as const;

/** The port of `/metrics`, `/healthz` and `/readyz`. */
export const collectorMetricsPort = 24_231;

/** For the Node that runs the collector: what a line leaves behind dies at once, so a small young generation is enough. */
export const collectorNodeOptions = '--max-semi-space-size=4';
