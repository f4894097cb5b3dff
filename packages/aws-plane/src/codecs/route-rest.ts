// From method, path, query and headers of an S3 request to the operation. Many operations share method and path:
// sub-resources in the query (`?acl`), required parameters and required headers tell them apart.
import type { Binding, OperationModel, ServiceModel } from '@pergola/aws-model';
import { parseS3Address } from './s3-address.ts';
import type { WireRequest } from './codec.ts';
import { parseQuery, type Query } from './query.ts';

type Level = 'service' | 'bucket' | 'object';

interface Candidate {
  readonly operation: string;
  /** Literal parameters of the model's URI: `acl` or `list-type=2`. Must be exactly those that the request has. */
  readonly literals: ReadonlySet<string>;
  readonly queries: ReadonlySet<string>;
  readonly requiredQueries: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly id: string | undefined;
}

/** Parameters that are no sub-resources but choose an operation that handles them: never ignored. */
const choosing: ReadonlySet<string> = new Set(['uploadId', 'partNumber']);

export class RestRouter {
  readonly #candidates = new Map<string, Candidate[]>();
  readonly #fixedPaths = new Map<string, string>();
  /** Every literal of any operation. */
  readonly #literals = new Set<string>();

  constructor(model: ServiceModel) {
    for (const [name, operation] of Object.entries(model.operations)) this.#add(model, name, operation);
  }

  /** The operation's name; undefined when none fits. Throws InvalidURI for a broken path. */
  route(request: WireRequest): string | undefined {
    const fixed = this.#fixedPaths.get(`${request.method} ${request.path}`);
    if (fixed !== undefined && !request.query) return fixed;
    const { bucket, key } = parseS3Address(request.host, request.path);
    const level: Level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
    const candidates = this.#candidates.get(`${request.method} ${level}`);
    if (!candidates) return undefined;
    const query = parseQuery(request.query);
    const literals = this.#literalsOf(query);
    let best: Candidate | undefined;
    let bestScore = -1;
    for (const candidate of candidates) {
      const score = fits(candidate, query, literals) ? this.#score(candidate, query, request) : -1;
      if (score > bestScore) [best, bestScore] = [candidate, score];
    }
    return best?.operation;
  }

  /** Sub-resources that the request names, e.g. for the message about a conflict of two. */
  subresources(request: WireRequest): readonly string[] {
    return [...this.#literalsOf(parseQuery(request.query))].map(
      (literal) => literal.split('=')[0] ?? literal,
    );
  }

  #add(model: ServiceModel, name: string, operation: OperationModel): void {
    if (!operation.http) return;
    const [method, path, literalQuery] = operation.http;
    if (path !== '/' && !path.includes('{')) {
      this.#fixedPaths.set(`${method} ${path}`, name);
      return;
    }
    const parts = literalQuery.split('&').filter((part) => part !== '');
    const literals = new Set(parts.filter((part) => !part.startsWith('x-id=')));
    for (const literal of literals) this.#literals.add(literal);
    const id = parts.find((part) => part.startsWith('x-id='))?.slice('x-id='.length);
    const members = membersOf(model, operation);
    const level: Level = path !== '/' ? 'object' : members.some(isBucketLabel) ? 'bucket' : 'service';
    const slot = `${method} ${level}`;
    const candidates = this.#candidates.get(slot) ?? [];
    const queries = members.flatMap(({ binding }) => binding.query ?? []);
    const required = members.filter((member) => member.required);
    candidates.push({
      operation: name,
      literals,
      id,
      queries: new Set(queries),
      requiredQueries: required.flatMap(({ binding }) => binding.query ?? []),
      requiredHeaders: required.flatMap(({ binding }) => binding.header ?? []),
    });
    this.#candidates.set(slot, candidates);
  }

  #literalsOf(query: Query): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [name, value] of query) {
      if (this.#literals.has(name)) found.add(name);
      else if (this.#literals.has(`${name}=${value}`)) found.add(`${name}=${value}`);
    }
    return found;
  }

  /**
   * The more required parameters a candidate finds, the better it fits. One that misses some is only taken for its
   * sub-resource, so that decoding can say what is missing. `x-id`, a client's hint, breaks ties.
   */
  #score(candidate: Candidate, query: Query, request: WireRequest): number {
    const { requiredQueries, requiredHeaders, literals, id } = candidate;
    const found =
      requiredQueries.filter((name) => query.has(name)).length +
      requiredHeaders.filter((name) => request.headers[name] !== undefined).length;
    const wanted = requiredQueries.length + requiredHeaders.length;
    const hint = id !== undefined && query.get('x-id') === id ? 0.5 : 0;
    if (found === wanted) return 10 + found + hint;
    return literals.size > 0 ? 5 - (wanted - found) + hint : -1;
  }
}

interface InputMember {
  readonly name: string;
  readonly binding: Binding;
  readonly required: boolean;
}

function membersOf(model: ServiceModel, operation: OperationModel): InputMember[] {
  const shape = operation.input === undefined ? undefined : model.shapes[operation.input];
  if (!shape || !('members' in shape)) return [];
  return Object.entries(shape.members).map(([name, member], index) => ({
    name,
    binding: typeof member === 'string' ? {} : member[1],
    required: index < (shape.required ?? 0),
  }));
}

function isBucketLabel({ name, binding }: InputMember): boolean {
  return name === 'Bucket' && binding.label === 1;
}

function fits(candidate: Candidate, query: Query, literals: ReadonlySet<string>): boolean {
  if (candidate.literals.size !== literals.size) return false;
  for (const literal of literals) if (!candidate.literals.has(literal)) return false;
  for (const name of choosing) if (query.has(name) && !candidate.queries.has(name)) return false;
  return true;
}
