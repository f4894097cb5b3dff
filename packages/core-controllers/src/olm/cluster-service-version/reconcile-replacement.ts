// Second: a ClusterServiceVersion that another one replaces waits until that one has succeeded, and then goes.
import type { Step } from '@pergola/controller-kit';
import { csvSpecOf, nameOf } from '../kinds.ts';
import type { CsvRun } from './csv-run.ts';
import { setPhase, statusOf } from './phase.ts';

export const replacement: Step<CsvRun> = {
  name: 'replacement',
  async run(run) {
    const { phase } = statusOf(run);
    const successor = run.siblings.find((each) => csvSpecOf(each).replaces === nameOf(run.csv));
    if (phase === 'Deleting') {
      await run.deleteSelf();
      return 'stop';
    }
    if (phase === 'Replacing') {
      if (successor?.['status']?.phase === 'Succeeded') {
        const message = 'has been replaced by a newer ClusterServiceVersion that has successfully installed.';
        await setPhase(run, { phase: 'Deleting', reason: 'Replaced', message });
        return 'stop';
      }
      if (successor) return 'stop';
    }
    if (!successor || phase !== 'Succeeded') return undefined;
    const message = `being replaced by csv: ${nameOf(successor)}`;
    await setPhase(run, { phase: 'Replacing', reason: 'BeingReplaced', message });
    return 'stop';
  },
};
