// controller-kit: what every controller is made of.
export { type Change, commit } from './committer.ts';
export {
  type Controller,
  type ControllerOptions,
  keyOfObject,
  splitKey,
  startController,
  type Watch,
  watchSelf,
} from './controller.ts';
export {
  createEventRecorder,
  type EventRecorder,
  type EventText,
  type RecorderOptions,
  referenceTo,
} from './event-recorder.ts';
export { type LeaderElectionOptions, runAsLeader } from './leader-election.ts';
export { mergePatchOf } from './merge-patch.ts';
export {
  controllerIndex,
  createSharedInformers,
  type SharedInformers,
  type SharedInformersOptions,
} from './shared-informers.ts';
export { type ReconcileResult, runSteps, type Step, type StepResult } from './steps.ts';
export { WorkQueue } from './work-queue.ts';
