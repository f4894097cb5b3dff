// The house: which floor each package stands on. A package imports only from strictly lower floors.
export const floors: Readonly<Record<string, number>> = {
  kernel: 0,
  policy: 1,
  oidc: 1,
  sigv4: 1,
  store: 1,
  pki: 1,
  'log-language': 1,
  'item-language': 1,
  'aws-model': 1,
  engines: 1,
  'kube-client': 2,
  'aws-client': 2,
  'log-store': 2,
  'aws-plane': 3,
  'kube-plane': 3,
  'controller-kit': 3,
  'pod-runtime': 4,
  'core-controllers': 4,
  irsa: 4,
  'log-forwarding': 4,
  ack: 4,
  explain: 5,
  sandbox: 6,
  cli: 7,
};

/** Edges that the floors alone would allow, and the design forbids, each with its reason. */
export const forbidden: readonly { from: readonly string[]; to: readonly string[]; because: string }[] = [
  {
    from: ['pod-runtime', 'core-controllers', 'irsa', 'log-forwarding', 'ack', 'explain'],
    to: ['aws-plane', 'kube-plane'],
    because:
      'integrations speak only the wire protocols, which proves that they run on real clusters and accounts',
  },
  {
    from: ['aws-plane', 'kube-plane'],
    to: ['kube-client', 'aws-client'],
    because: 'a plane never imports a client',
  },
];

/** Packages that are pure: no I/O modules, so that `explain` can use the functions that enforce. */
export const pure = ['policy', 'oidc', 'sigv4', 'log-language', 'item-language', 'aws-model'];
export const impureModules = /^node:(fs|net|http|https|tls|dgram|child_process|worker_threads|dns)/;
