// The user's image map: entries of a YAML or JSON file, tried before Pergola's own.
import { readFileSync } from 'node:fs';
import { defaultImages, type ImageMap, parseImageMap } from '@pergola/pod-runtime';
import { OptionError } from './options.ts';

/** Pergola's map, preceded by the file's when one is named. Throws OptionError that names the file and the entry. */
export async function loadImages(path: string | undefined): Promise<ImageMap> {
  if (path === undefined) return defaultImages;
  const { parse } = await import('yaml');
  const parsed = parseImageMap(parse(readOrExplain(path)));
  if (!parsed.ok) throw new OptionError(`${path}: ${parsed.error}`);
  return [...parsed.value, ...defaultImages];
}

function readOrExplain(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OptionError(`cannot read the image map ${path}: ${(error as Error).message}`);
  }
}
