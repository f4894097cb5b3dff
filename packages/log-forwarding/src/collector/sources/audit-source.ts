// The four kinds of audit logs on a node, in the words of the ClusterLogForwarder.

export type AuditSource = 'auditd' | 'kubeAPI' | 'openshiftAPI' | 'ovn';
