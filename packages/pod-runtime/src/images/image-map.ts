// What an image reference means on this machine. There is no registry: an image is a name for programs
// that are here already. A pattern is an image name without registry default, tag or digest; `*` matches
// any characters.
import { fail, isRecord, ok, type Result } from '@pergola/kernel';

/** What stands behind matching images. */
export interface ImageEntry {
  /** `busybox`, `public.ecr.aws/aws-cli/*`; `docker.io/` and `library/` are implied as in Docker. */
  readonly pattern: string;
  /** The host's own programs, seen through the pod's read-only view of the host. */
  readonly programs: 'host';
  readonly entrypoint?: readonly string[];
  /** Arguments when the pod gives neither command nor args. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
}

/** Tried in order; the first match wins. */
export type ImageMap = readonly ImageEntry[];

export interface ResolvedImage {
  /** The reference with registry and tag, as kubelets report it. */
  readonly image: string;
  readonly imageId: string;
  readonly entry: ImageEntry;
}

/** Splits `[registry/]path[:tag][@digest]` and fills in Docker's defaults. */
export function parseReference(reference: string): Result<{ name: string; tag: string; digest?: string }> {
  const match =
    /^([A-Za-z0-9][A-Za-z0-9._:/-]*?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      reference,
    );
  const path = match?.[1];
  if (!match || path === undefined || path.endsWith('/') || path.includes('//')) {
    return fail(`couldn't parse image name "${reference}": invalid reference format`);
  }
  const first = path.split('/', 1)[0] ?? '';
  const hasRegistry = path.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const name = hasRegistry ? path : `docker.io/${path.includes('/') ? path : `library/${path}`}`;
  const digest = match[3];
  return ok({ name, tag: match[2] ?? 'latest', ...(digest === undefined ? {} : { digest }) });
}

/** The entry for `reference`, or a sentence that says how to get one. */
export function resolveImage(images: ImageMap, reference: string): Result<ResolvedImage> {
  const parsed = parseReference(reference);
  if (!parsed.ok) return parsed;
  const { name, tag, digest } = parsed.value;
  const entry = images.find((candidate) => matches(candidate.pattern, name));
  if (!entry) {
    return fail(
      `failed to resolve reference "${name}:${tag}": there is no registry here and no entry of the image map matches; ` +
        `map it to this machine's programs with {"pattern": "${shortName(name)}", "programs": "host"}`,
    );
  }
  return ok({
    image: `${name}:${tag}`,
    imageId: `pergola://host/${name}${digest ? `@${digest}` : `:${tag}`}`,
    entry,
  });
}

/** Reads a user's map: a list of entries. The error names the entry. */
export function parseImageMap(value: unknown): Result<ImageMap> {
  if (!Array.isArray(value))
    return fail(
      'an image map is a list of entries {pattern, programs, entrypoint?, command?, env?, workingDir?}',
    );
  const entries: ImageEntry[] = [];
  for (const [index, item] of value.entries()) {
    const problem = entryProblem(item);
    if (problem) return fail(`entry ${index} of the image map: ${problem}`);
    entries.push(item as ImageEntry);
  }
  return ok(entries);
}

const entryFields = new Set(['pattern', 'programs', 'entrypoint', 'command', 'env', 'workingDir']);

function entryProblem(item: unknown): string | undefined {
  if (!isRecord(item)) return 'it must be an object';
  const unknown = Object.keys(item).find((field) => !entryFields.has(field));
  if (unknown) return `unknown field "${unknown}"`;
  if (typeof item['pattern'] !== 'string' || item['pattern'] === '')
    return 'pattern must be a non-empty string';
  if (item['programs'] !== 'host') return 'programs must be "host"';
  for (const field of ['entrypoint', 'command']) {
    const list = item[field];
    if (list !== undefined && !(Array.isArray(list) && list.every((word) => typeof word === 'string'))) {
      return `${field} must be a list of strings`;
    }
  }
  const env = item['env'];
  if (env !== undefined && !(isRecord(env) && Object.values(env).every((text) => typeof text === 'string'))) {
    return 'env must be an object of strings';
  }
  const dir = item['workingDir'];
  return dir === undefined || (typeof dir === 'string' && dir.startsWith('/'))
    ? undefined
    : 'workingDir must be an absolute path';
}

function matches(pattern: string, name: string): boolean {
  const parsed = pattern.includes('*') ? undefined : parseReference(pattern);
  if (parsed?.ok) return parsed.value.name === name;
  const expression = new RegExp(`^${pattern.split('*').map(escapeRegExp).join('.*')}$`);
  return expression.test(name) || expression.test(shortName(name));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function shortName(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '');
}
