// What an image reference means on this machine. There is no registry: an image is a name for programs
// that are here already, the host's own or those of a folder. A pattern is an image name without registry default, tag or digest; `*` matches
// any characters.
import { fail, isRecord, ok, type Result } from '@pergola/kernel';

/** What stands behind matching images. */
export type ImageEntry = ImageSettings & ImageContent;

/** Where its programs are. */
type ImageContent =
  /** The host's own, seen through the pod's read-only view of the host. */
  | { readonly programs: 'host'; readonly root?: never }
  /** Those of a folder of the host, which is the container's read-only root. Absolute. */
  | { readonly root: string; readonly programs?: never };

/** What all entries may say. */
export interface ImageSettings {
  /** `busybox`, `public.ecr.aws/aws-cli/*`; `docker.io/` and `library/` are implied as in Docker. */
  readonly pattern: string;
  readonly entrypoint?: readonly string[];
  /** Arguments when the pod gives neither command nor args. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  /** `uid` or `uid:gid`, numbers; the pod's own securityContext wins. */
  readonly user?: string;
}

/** Tried in order; the first match wins. */
export type ImageMap = readonly ImageEntry[];

export interface ResolvedImage {
  /** The reference with registry and tag, as kubelets report it. */
  readonly image: string;
  readonly imageId: string;
  readonly entry: ImageEntry;
}

const registry = String.raw`(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?/)?`;
const component = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*';
const referencePattern = new RegExp(
  String.raw`^(${registry}${component}(?:/${component})*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);

/** Splits `[registry/]path[:tag][@digest]` and fills in Docker's defaults. */
export function parseReference(reference: string): Result<{ name: string; tag: string; digest?: string }> {
  const match = referencePattern.exec(reference);
  const path = match?.[1];
  if (!match || path === undefined) {
    return fail(`couldn't parse image name "${reference}": invalid reference format`);
  }
  const name = withRegistry(path);
  const digest = match[3];
  return ok({ name, tag: match[2] ?? 'latest', ...(digest === undefined ? {} : { digest }) });
}

/** Docker's defaults: no registry is docker.io, no owner there is library. */
function withRegistry(path: string): string {
  const parts = path.split('/');
  const [first = ''] = parts;
  if (parts.length === 1) return `docker.io/library/${path}`;
  return /[.:]/.test(first) || first === 'localhost' ? path : `docker.io/${path}`;
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
    imageId: `pergola://${entry.root === undefined ? 'host' : 'root'}/${name}${digest ? `@${digest}` : `:${tag}`}`,
    entry,
  });
}

/** Reads a user's map: a list of entries. The error names the entry. */
export function parseImageMap(value: unknown): Result<ImageMap> {
  if (!Array.isArray(value))
    return fail(
      'an image map is a list of entries {pattern, programs or root, entrypoint?, command?, env?, workingDir?, user?}',
    );
  const entries: ImageEntry[] = [];
  for (const [index, item] of value.entries()) {
    const problem = entryProblem(item);
    if (problem) return fail(`entry ${index} of the image map: ${problem}`);
    entries.push(item as ImageEntry);
  }
  return ok(entries);
}

const entryFields = new Set([
  'pattern',
  'programs',
  'root',
  'entrypoint',
  'command',
  'env',
  'workingDir',
  'user',
]);

const isText = (value: unknown) => typeof value === 'string';
const isAbsolute = (value: unknown) => typeof value === 'string' && value.startsWith('/');
const userPattern = /^\d{1,9}(:\d{1,9})?$/;
const isTextList = (value: unknown) => Array.isArray(value) && value.every(isText);

const fieldRules: readonly (readonly [string, (value: unknown) => boolean, string])[] = [
  ['entrypoint', isTextList, 'a list of strings'],
  ['command', isTextList, 'a list of strings'],
  ['env', (value) => isRecord(value) && Object.values(value).every(isText), 'an object of strings'],
  ['workingDir', isAbsolute, 'an absolute path'],
  ['root', isAbsolute, 'an absolute path'],
  ['user', (value) => typeof value === 'string' && userPattern.test(value), '"uid" or "uid:gid" in numbers'],
];

function entryProblem(item: unknown): string | undefined {
  if (!isRecord(item)) return 'it must be an object';
  const unknown = Object.keys(item).find((field) => !entryFields.has(field));
  if (unknown) return `unknown field "${unknown}"`;
  if (typeof item['pattern'] !== 'string' || item['pattern'] === '')
    return 'pattern must be a non-empty string';
  if (item['root'] === undefined && item['programs'] !== 'host')
    return 'programs must be "host", or root a folder';
  if (item['root'] !== undefined && item['programs'] !== undefined)
    return 'it has programs or a root, not both';
  for (const [field, isValid, should] of fieldRules) {
    const value = item[field];
    if (value !== undefined && !isValid(value)) return `${field} must be ${should}`;
  }
  return undefined;
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
