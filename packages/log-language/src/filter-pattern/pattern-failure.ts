// Why a text is not a filter pattern, thrown inside the parser and turned into a value at its door.
// Wordings: CloudWatch Logs says `Invalid filter pattern` without a reason for most mistakes; the reason is ours.

export class PatternFailure extends Error {
  override readonly name = 'PatternFailure';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export function invalidPattern(reason: string, offset: number): PatternFailure {
  return new PatternFailure(`Invalid filter pattern: ${reason}`, offset);
}

/** Characters that need quotes where they stand. */
export function invalidCharacters(characters: string, offset: number): PatternFailure {
  return new PatternFailure(`Invalid character(s) in term '${characters}'`, offset);
}
