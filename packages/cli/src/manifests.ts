// Kubernetes objects from a file of YAML or JSON, as `kubectl apply -f` reads it.
import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { isRecord } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import { CliError, exitCodes } from './cli-error.ts';

/** Every object of every document; Lists are opened. `-` is standard input. Throws CliError. */
export async function readManifests(path: string): Promise<KubeResource[]> {
  const text = path === '-' ? await readStream(process.stdin) : await readFileOf(path);
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments(text);
  const objects: unknown[] = [];
  // An empty file has no documents, and answers with a list of another type.
  for (const document of 'empty' in documents ? [] : documents) {
    const [problem] = document.errors;
    if (problem) {
      throw new CliError({
        what: `${path} is not YAML`,
        details: problem.message,
        exitCode: exitCodes.usage,
      });
    }
    const value: unknown = document.toJS();
    objects.push(...(isRecord(value) && Array.isArray(value['items']) ? value['items'] : [value]));
  }
  return objects.filter((object): object is KubeResource => isRecord(object));
}

async function readFileOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError({
      what: `cannot read ${path}`,
      details: error instanceof Error ? error.message : String(error),
      exitCode: exitCodes.notFound,
    });
  }
}
