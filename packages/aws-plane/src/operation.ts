// An operation as a value: its name, who may call it, and what it does.
import type { AccessCheck } from './access-check.ts';
import type { Call } from './call.ts';
import type { PlaneContext } from './plane-context.ts';
import type { Principal } from './principal.ts';
import type { ServiceName } from '@pergola/aws-model';

export type { AccessCheck } from './access-check.ts';
export type { ServiceName } from '@pergola/aws-model';

/** Required on every operation: forgetting it is a compile error. */
export type Access<Input> =
  /** Anyone may call; `anonymous` says why AWS asks for no credential. */
  | { readonly anonymous: string }
  /** Any authenticated caller may call, whatever the policies say; `authenticated` says why. */
  | { readonly authenticated: string }
  /** Policies decide. */
  | { readonly iam: (input: Input, call: Call) => readonly AccessCheck[] }
  /** The credential is in the input (a web identity token): `identify` verifies it, then policies decide. */
  | {
      readonly identify: (input: Input, call: Call) => Promise<Principal>;
      readonly iam: (input: Input, call: Call) => readonly AccessCheck[];
    };

/** `Input` and `Output` are the SDK's own shapes: Date for timestamps, Uint8Array for blobs, Readable for streams. */
export interface Operation<Input = object, Output = object> {
  /** The wire name, e.g. `CreateRole`. */
  readonly name: string;
  readonly access: Access<Input>;
  /**
   * A reader of its own for bodies in memory, where that of all operations, `read`, costs too much. It gives the input,
   * of which it may have left parts to `read` in a shorter body; undefined leaves all of it to `read`. Bad input must
   * get the fault that `read` throws for it.
   */
  readonly decode?: (body: Buffer, read: (body: Buffer) => Input) => Input | undefined;
  /** Rules that the model's shapes cannot say. Throws an AwsFault. */
  readonly validate?: (input: Input, call: Call) => void;
  readonly handle: (call: Call, input: Input) => Output | Promise<Output>;
}

/** An operation of any shapes, for registries. The pipeline passes what the codec decoded for that very name. */
// oxlint-disable-next-line typescript/no-explicit-any -- the codec ties name and shapes together; TypeScript cannot.
export type AnyOperation = Operation<any, any>;

export function defineOperation<Input, Output>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation;
}

/** An access check with one action and one resource. */
export function iam<Input>(
  action: string,
  resource: (input: Input, call: Call) => string = () => '*',
): Access<Input> {
  return { iam: (input, call) => [{ action, resource: resource(input, call) }] };
}

/** A service of the plane. One line in `services/index.ts`. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly operations: readonly AnyOperation[];
  /** Called once when the plane starts: prepares state, starts background work, registers disposal. */
  readonly start?: (plane: PlaneContext) => Promise<void> | void;
}
