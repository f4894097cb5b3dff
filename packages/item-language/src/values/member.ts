// Members of items and maps. Their names are the user's: `__proto__` is one as good as any other.
import type { AttributeValue } from '../attribute-value.ts';

type Members = Readonly<Record<string, AttributeValue>>;

export function memberOf(members: Members, name: string): AttributeValue | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

export function setMember(
  members: Record<string, AttributeValue>,
  name: string,
  value: AttributeValue,
): void {
  if (name === '__proto__')
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  else members[name] = value;
}
