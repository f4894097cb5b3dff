// The parts of a pod that the webhook reads. Everything else passes through it untouched.

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly env?: readonly EnvVar[] | null;
  readonly volumeMounts?: readonly { readonly name: string; readonly [field: string]: unknown }[] | null;
  readonly [field: string]: unknown;
}

export interface Pod {
  readonly metadata?: {
    readonly name?: string;
    readonly generateName?: string;
    readonly annotations?: Readonly<Record<string, string>> | null;
  };
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>> | null;
    readonly volumes?: readonly { readonly name: string }[] | null;
    readonly containers?: readonly Container[] | null;
    readonly initContainers?: readonly Container[] | null;
  };
}

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatchOp {
  readonly op: 'add';
  readonly path: string;
  readonly value: unknown;
}
