// From what a person typed to log groups: names, or patterns with `*`.
import type { AwsTarget } from '@pergola/aws-client';
import { CliError, exitCodes } from '../cli-error.ts';
import { listGroups, type LogGroup } from './logs-api.ts';

/** The groups that the words name, each once. Throws CliError for a word that names none. */
export async function findGroups(
  target: AwsTarget,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<LogGroup[]> {
  const found = new Map<string, LogGroup>();
  for (const word of words) {
    const [prefix = ''] = word.split('*');
    const groups = await listGroups(target, prefix, signal);
    const wanted = word.includes('*') ? patternOf(word) : undefined;
    const matching = groups.filter(({ name }) => (wanted ? wanted.test(name) : name === word));
    if (matching.length === 0) throw await unknownGroup(target, word, groups);
    for (const group of matching) found.set(group.name, group);
  }
  return [...found.values()];
}

function patternOf(word: string): RegExp {
  const parts = word.split('*').map((part) => part.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

async function unknownGroup(target: AwsTarget, word: string, near: readonly LogGroup[]): Promise<CliError> {
  const names = (near.length > 0 ? near : await listGroups(target)).map(({ name }) => name);
  const shown = names.slice(0, 8).join(', ');
  return new CliError({
    what: `there is no log group '${word}'`,
    details:
      names.length === 0
        ? 'there are no log groups at all'
        : `there are: ${shown}${names.length > 8 ? ', …' : ''}`,
    fix: "list them; quote patterns like 'rosa-*' so that the shell leaves them alone",
    command: 'pergola logs groups',
    exitCode: exitCodes.notFound,
  });
}
