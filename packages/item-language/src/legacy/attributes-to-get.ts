// AttributesToGet as a projection.
import { invalidParameter } from '../item-language-error.ts';
import { attributesProjection, type Projection } from '../projection/projection.ts';

/** The projection for AttributesToGet. Throws `ItemLanguageError` for a name that stands twice. */
export function legacyProjection(names: readonly string[]): Projection {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return attributesProjection(names);
}
