// What can be wrong with Pergola's own fields of a CloudWatch output, and with an endpoint.
import type { GroupFields } from '../spec/shared-spec.ts';

const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];
const tagsMax = 50;

export function groupProblems({ retentionInDays, tags = {} }: GroupFields): string[] {
  const problems: string[] = [];
  if (retentionInDays !== undefined && !retentionDays.includes(retentionInDays)) {
    problems.push(`retentionInDays must be one of ${retentionDays.join(', ')}, got ${retentionInDays}`);
  }
  if (Object.keys(tags).length > tagsMax) problems.push(`tags must be ${tagsMax} at most`);
  return problems;
}

/** Why `url` cannot be called; undefined when it can. */
export function urlProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return `invalid URL: ${JSON.stringify(url)}`;
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:'
    ? undefined
    : `invalid URL scheme: ${protocol.slice(0, -1)}`;
}
