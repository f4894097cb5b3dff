// What may stand in a header.
import { AwsFault } from '../fault.ts';

// oxlint-disable-next-line no-control-regex -- these would end the header, or cannot stand in it.
const unprintable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Refuses a value that cannot stand in a header: a newline would begin the next one. */
export function assertHeaderValue(name: string, value: string): void {
  if (!unprintable.test(value)) return;
  const fields = { ArgumentName: name, ArgumentValue: value };
  throw new AwsFault('InvalidArgument', 400, 'Header value cannot be represented using ISO-8859-1.', fields);
}
