// Ends every run with what was skipped, and why, and with one plain line of counts.
import type { Reporter, TestModule } from 'vitest/node';

/** A vitest reporter, named in vitest.config.ts. A skipped test carries its reason in its title or its note. */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const testModule of modules) {
      if (testModule.state() === 'failed' && testModule.errors().length > 0) counts.failed += 1;
      for (const test of testModule.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          counts.skipped += 1;
          const note = result.state === 'skipped' && result.note ? `: ${result.note}` : '';
          skipped.push(`${testModule.moduleId.split('/').slice(-3).join('/')} > ${test.fullName}${note}`);
        }
      }
    }
    const lines = skipped.map((name) => `skipped  ${name}\n`).join('');
    process.stdout.write(
      `${lines}\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
    );
  }
}
