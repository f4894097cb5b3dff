// What a collector tells the operator: one ConfigMap for each node, `<collector>-report-<node>`, label
// `pergola.dev/delivery-report: <collector>`, key `report.json`. Written at once when an output begins to fail, recovers
// or delivers for the first time; for changed counts every half minute; otherwise every five minutes.

export interface DeliveryReport {
  readonly version: 1;
  readonly node: string;
  /** RFC 3339. */
  readonly writtenAt: string;
  /** By output name. */
  readonly outputs: Readonly<Record<string, OutputReport>>;
  /** By namespace; node and audit logs stand under `_node` and `_audit`. At most 500, the largest. */
  readonly namespaces: Readonly<Record<string, NamespaceReport>>;
}

export interface OutputReport {
  /** RFC 3339; absent until the first delivery. */
  readonly lastDelivered?: string | undefined;
  /** Accepted by AWS since the collector started. */
  readonly deliveredEvents: number;
  readonly deliveredBytes: number;
  /** Read but not yet accepted. */
  readonly backlogEvents: number;
  readonly backlogBytes: number;
  /** RFC 3339: when the oldest event of the backlog was read. */
  readonly backlogSince?: string | undefined;
  /** Events that will never arrive, by reason: `tooOld`, `tooNew`, `expired`, `tooLarge`, `empty`, `bufferFull`, `invalid`… */
  readonly rejectedEvents: Readonly<Record<string, number>>;
  /** Events sent again after an answer that never came: at most this many may stand twice. */
  readonly retriedEvents: number;
  /** What keeps the output from delivering now; absent when it delivers. */
  readonly failure?: DeliveryFailure | undefined;
}

export interface DeliveryFailure {
  /** RFC 3339: since when. */
  readonly since: string;
  /** `AccessDenied`, `InvalidIdentityToken`, `ExpiredToken`, `Throttled`, `Unreachable`, `ServerError`, `RoleAssumptionDenied`… */
  readonly reason: string;
  /** What AWS answered, in its own words. */
  readonly message: string;
  /** The operation that failed, e.g. `logs:PutLogEvents`, `sts:AssumeRoleWithWebIdentity`. */
  readonly operation: string;
  readonly requestId?: string | undefined;
  /** The link of the trust chain that broke (K1…P7) when it can be told. */
  readonly link?: string | undefined;
  /** What was compared: `subject`, `audience`, `issuer`, `role`, `action`, `resource`. Never a secret. */
  readonly evidence?: Readonly<Record<string, string>> | undefined;
  readonly fix?: string | undefined;
}

export interface NamespaceReport {
  /** Bytes of the lines as the containers wrote them. */
  readonly rawBytes: number;
  /** Bytes of the records as they are sent. */
  readonly sentBytes: number;
  /** Of `sentBytes`, what pruning annotations and labels would save. */
  readonly prunableBytes: number;
  readonly events: number;
}
