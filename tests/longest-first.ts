// The order of test files: those that wait longest begin first, so that nothing is left to wait for at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Terraform's provider looks at databases and caches half a minute or more after each change. */
const waiting = /aws-(?:rds-terraform|elasticache)\.test\.ts$/;

/** A vitest sequencer, named in vitest.config.ts. Otherwise the order is vitest's own. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWaiting = ({ moduleId }: TestSpecification) => waiting.test(moduleId);
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}
