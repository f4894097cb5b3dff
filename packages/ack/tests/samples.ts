// The samples: one resource of each kind, as a person would write it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../src/kind/kind.ts';

export interface Sample {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: JsonObject;
}

const folder = join(import.meta.dirname, '..', 'samples');

export function readSamples(): readonly Sample[] {
  return readdirSync(folder).map((file) => ({
    file,
    ...(parse(readFileSync(join(folder, file), 'utf8')) as Omit<Sample, 'file'>),
  }));
}
