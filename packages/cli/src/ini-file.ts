// The files of AWS's own tools, ~/.aws/config and ~/.aws/credentials: sections of keys and values.
import { readFile } from 'node:fs/promises';

/** Values by section and key. `[profile x]` is the section `x`. */
export type IniSections = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Reads a file; one that is not there has no sections. */
export async function readIniFile(path: string): Promise<IniSections> {
  try {
    return parseIni(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Indented lines belong to the setting above them and are passed over, as are comments. */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\[\s*(?:profile\s+)?([^\]]*?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) {
      current = sections.get(name) ?? {};
      sections.set(name, current);
      continue;
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current[key] = value;
  }
  return sections;
}
