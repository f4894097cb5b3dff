// The Job controller: what it watches, and how a run is put together.
import { type Controller, runSteps, splitKey, startController, watchSelf } from '@pergola/controller-kit';
import { hasCode, resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { PodTracker } from '../workload/pod-tracker.ts';
import { patchStatusOf } from '../workload/status.ts';
import { jobSteps } from './reconcile.ts';
import type { JobRun } from './run.ts';

const { jobs: jobType } = resourceTypes;
const component = 'job-controller';

export function startJobController(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const jobs = informers.of(jobType);
  const tracker = new PodTracker(context, jobType, component);
  const recorder = context.recorderFor(component);

  const reconcile = async (key: string) => {
    const job = jobs.get(splitKey(key));
    if (!job) return undefined;
    const settled = tracker.settled(job);
    const run: JobRun = {
      job,
      pods: await tracker.podsOf(job),
      nowMs: clock.nowMs(),
      settled,
      createPods: (count) =>
        tracker.create(
          job,
          Array.from({ length: count }, () => tracker.podFor(job)),
        ),
      removePods: (pods) => tracker.remove(job, pods),
      patchStatus: (status) => patchStatusOf(client, jobType, job, status),
      deleteJob: async () => {
        const { namespace, name, uid } = job.metadata;
        const options = { propagationPolicy: 'Foreground' as const, ...(uid === undefined ? {} : { uid }) };
        await client.delete(jobType, { namespace, name }, options).catch((error: unknown) => {
          if (!hasCode(error, 404)) throw error;
        });
      },
      event: (type, reason, message) => recorder.record(job, { type, reason, message }),
    };
    return runSteps(jobSteps, run);
  };
  const watches = [watchSelf(jobs), tracker.watch];
  return startController({ name: 'job', watches, reconcile, clock, logger });
}
