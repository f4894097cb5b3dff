// An S3 that keeps what it is given: one bucket's configurations, as AWS tells them.
import { AwsError } from '@pergola/aws-client';
import type { AwsCall } from '../src/kind/kind.ts';

type Values = Readonly<Record<string, unknown>>;

/** Configurations that are told within the member that set them; the others are told bare. */
const wrapped: Readonly<Record<string, string>> = {
  BucketEncryption: 'ServerSideEncryptionConfiguration',
  BucketOwnershipControls: 'OwnershipControls',
  BucketPolicy: 'Policy',
  BucketReplication: 'ReplicationConfiguration',
  PublicAccessBlock: 'PublicAccessBlockConfiguration',
};
/** Configurations of which there may be none, and the error that says so. */
const missing: Readonly<Record<string, string>> = {
  BucketCors: 'NoSuchCORSConfiguration',
  BucketEncryption: 'ServerSideEncryptionConfigurationNotFoundError',
  BucketLifecycleConfiguration: 'NoSuchLifecycleConfiguration',
  BucketOwnershipControls: 'OwnershipControlsNotFoundError',
  BucketPolicy: 'NoSuchBucketPolicy',
  BucketReplication: 'ReplicationConfigurationNotFoundError',
  BucketTagging: 'NoSuchTagSet',
  BucketWebsite: 'NoSuchWebsiteConfiguration',
  PublicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
};

export class BucketSettings {
  readonly calls: string[] = [];
  readonly #settings = new Map<string, Values>();
  readonly #lists = new Map<string, Map<string, unknown>>();
  /** Operations that are refused, as by a policy. */
  readonly refused = new Set<string>();
  #exists = false;

  readonly call: AwsCall = (operation, input) => {
    this.calls.push(operation);
    if (this.refused.has(operation))
      return Promise.reject(new AwsError(403, 'AccessDenied', 'Access Denied'));
    try {
      return Promise.resolve(this.#answer(operation, input));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };

  writes(): readonly string[] {
    return this.calls.filter((operation) => !/^(?:Get|List|Head)/.test(operation));
  }

  #answer(operation: string, input: Values): Values {
    if (operation === 'CreateBucket') this.#exists = true;
    if (!this.#exists) throw new AwsError(404, 'NotFound', 'Not Found');
    const list = /^(?:ListBucket|PutBucket|DeleteBucket)(\w+?)Configurations?$/.exec(operation)?.[1];
    if (list !== undefined && input['Id'] !== undefined) return this.#changeEntry(operation, list, input);
    if (operation.startsWith('ListBucket') && list !== undefined) return this.#entries(list);
    const [, verb, name = ''] = /^(Get|Put|Delete)(.*)$/.exec(operation) ?? [];
    if (verb === 'Put') this.#settings.set(name, input);
    if (verb === 'Delete') this.#settings.delete(name.replace(/Lifecycle$/, 'LifecycleConfiguration'));
    return verb === 'Get' ? this.#told(name) : {};
  }

  #told(name: string): Values {
    if (name === 'BucketAcl') return { Owner: { ID: 'owner' }, Grants: [] };
    const input = this.#settings.get(name);
    const code = missing[name];
    if (!input && code !== undefined) throw new AwsError(404, code, 'there is none');
    const { Bucket: _bucket, ...rest } = input ?? {};
    const [value] = Object.values(rest);
    return wrapped[name] === undefined ? ((value ?? {}) as Values) : rest;
  }

  #changeEntry(operation: string, list: string, input: Values): Values {
    const entries = this.#lists.get(list) ?? new Map<string, unknown>();
    this.#lists.set(list, entries);
    const id = String(input['Id']);
    if (operation.startsWith('Put')) entries.set(id, input[`${list}Configuration`]);
    else entries.delete(id);
    return {};
  }

  #entries(list: string): Values {
    return { [`${list}ConfigurationList`]: [...(this.#lists.get(list)?.values() ?? [])] };
  }
}
