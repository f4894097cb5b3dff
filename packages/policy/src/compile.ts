// Placeholder type until the compiler lands in this file.
export interface CompiledPolicy {
  readonly text: string;
}
