// What the operations share while a plane runs: the engines and the work on them.
import { assert } from '@pergola/kernel';
import type { PlaneContext } from '../../../plane-context.ts';
import { EngineDesk } from './engine-desk.ts';
import { keepWindows } from './maintenance.ts';
import { takeUp } from './recovery.ts';

const opened = new WeakMap<PlaneContext, EngineDesk>();

/** What `startRds` opened for this plane. */
export function deskOf(plane: PlaneContext): EngineDesk {
  const desk = opened.get(plane);
  assert(desk, 'RDS has been started');
  return desk;
}

/** Takes up what ran when the last process ended; the engines start in the background. */
export async function startRds(plane: PlaneContext): Promise<void> {
  const desk = new EngineDesk(plane);
  opened.set(plane, desk);
  plane.disposal.defer(() => desk.close());
  await takeUp(desk);
  keepWindows(desk);
}
