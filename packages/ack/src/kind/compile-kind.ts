// Makes a kind from its description and its service's model.
import { type AwsError, isTransient } from '@pergola/aws-client';
import type { ServiceName } from '@pergola/aws-model';
import type { KubeResource } from '@pergola/kube-client';
import { actionsOf, actionsOfCall } from './actions.ts';
import { createResource } from './calls/create.ts';
import { observe } from './calls/observe.ts';
import { readResource } from './calls/read.ts';
import { removeResource } from './calls/remove.ts';
import { makeChanges } from './calls/update.ts';
import { differencesOf } from './compare/differences.ts';
import { customResourceDefinition } from './crd/custom-resource-definition.ts';
import type { KindDescription, Raw } from './description.ts';
import { identify } from './identity.ts';
import type {
  AwsCall,
  Change,
  Difference,
  JsonObject,
  Kind,
  Observed,
  Progress,
  ReferenceField,
  Wanted,
} from './kind.ts';
import { buildKindModel, type KindModel } from './model/kind-model.ts';
import type { TypeCatalogue } from './model/type-catalogue.ts';
import { pluralOf } from './names/field-name.ts';
import { progressOf } from './progress.ts';
import { referencesOf, secretsOf } from './references.ts';
import { tagsPath } from './tags.ts';

/** `texts` are short descriptions of members, by `Shape.Member`. */
export function compileKind(
  description: KindDescription,
  catalogue: TypeCatalogue,
  texts: Readonly<Record<string, string>> = {},
): Kind {
  return new CompiledKind(buildKindModel(description, catalogue), texts);
}

/** Errors that no repetition mends, whichever the kind. */
const alwaysTerminal = new Set([
  'InvalidParameter',
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'InvalidParameterException',
  'ValidationException',
  'ValidationError',
  'InvalidInput',
  'MalformedPolicyDocument',
  'MalformedXML',
  'InvalidBucketName',
  'InvalidEndpoint',
  'InvalidRegion',
]);

class CompiledKind implements Kind {
  readonly group: string;
  readonly version = 'v1alpha1';
  readonly kind: string;
  readonly plural: string;
  readonly service: ServiceName;
  readonly nameField: string;
  readonly isStateful: boolean;
  readonly references: readonly ReferenceField[];
  readonly secrets: readonly string[];
  readonly actions: readonly string[];
  readonly tagsPath: string | undefined;
  readonly #model: KindModel;
  readonly #texts: Readonly<Record<string, string>>;
  /** What AWS answered, in its own shapes, for what was made from it. */
  readonly #resources = new WeakMap<Observed, Raw>();
  #crd: KubeResource | undefined;

  constructor(model: KindModel, texts: Readonly<Record<string, string>>) {
    const { description } = model;
    this.#model = model;
    this.#texts = texts;
    this.group = `${description.service.group}.services.k8s.aws`;
    this.kind = description.kind;
    this.plural = pluralOf(description.kind);
    this.service = description.service.service;
    this.nameField = model.specByKey.get(description.identity)?.name ?? 'arn';
    this.isStateful = description.isStateful ?? false;
    this.references = referencesOf(model);
    this.secrets = secretsOf(model);
    this.actions = actionsOf(model);
    this.tagsPath = tagsPath(model);
  }

  get crd(): KubeResource {
    const { group, version, plural, references } = this;
    this.#crd ??= customResourceDefinition({
      model: this.#model,
      group,
      version,
      plural,
      references,
      texts: this.#texts,
    });
    return this.#crd;
  }

  async read(call: AwsCall, wanted: Wanted): Promise<Observed | undefined> {
    const resource = await readResource(this.#model, call, wanted);
    return resource && this.#keep(resource, wanted);
  }

  create(call: AwsCall, wanted: Wanted): Promise<Observed> {
    return createResource(this.#model, call, wanted);
  }

  async update(call: AwsCall, { wanted, observed, differences }: Change): Promise<Observed> {
    const resource = await this.#resourceOf(call, wanted, observed);
    await makeChanges(this.#model, call, { wanted, observed, resource, differences });
    return (await this.read(call, wanted)) ?? observed;
  }

  async remove(call: AwsCall, wanted: Wanted, observed: Observed): Promise<void> {
    const resource = await this.#resourceOf(call, wanted, observed);
    await removeResource(this.#model, call, wanted, resource);
  }

  compare(wanted: Wanted, observed: Observed): readonly Difference[] {
    return differencesOf(this.#model, wanted, observed);
  }

  progressOf(observed: Observed): Progress {
    return progressOf(this.#model, observed);
  }

  lateInitialized(spec: JsonObject, observed: Observed): JsonObject {
    const chosen = this.#model.spec.filter(
      ({ rule, name }) => rule.lateInitialize && (spec[name] ?? undefined) === undefined,
    );
    const values = chosen.flatMap(({ name }) => {
      const value = observed.spec[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(values);
  }

  identify(fields: Readonly<Record<string, string>>): Pick<Wanted, 'spec' | 'status' | 'arn'> {
    return identify(this.#model, fields);
  }

  actionsOfCall(operation: string): readonly string[] {
    return actionsOfCall(this.#model, operation);
  }

  async dataAtRisk(call: AwsCall, observed: Observed): Promise<string | undefined> {
    return await this.#model.description.ways?.dataAtRisk?.(call, observed);
  }

  isTerminal(error: AwsError): boolean {
    if (isTransient(error)) return false;
    return (
      (this.#model.description.terminal?.includes(error.code) ?? false) || alwaysTerminal.has(error.code)
    );
  }

  async #resourceOf(call: AwsCall, wanted: Wanted, observed: Observed): Promise<Raw> {
    return this.#resources.get(observed) ?? (await readResource(this.#model, call, wanted)) ?? {};
  }

  #keep(resource: Raw, wanted: Wanted): Observed {
    const observed = observe(this.#model, resource, wanted.status);
    this.#resources.set(observed, resource);
    return observed;
  }
}
