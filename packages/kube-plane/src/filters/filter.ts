// A filter: one stage on a request's way.
import type { Answer, Call, Plane } from '../contract.ts';

/** Returns an answer to end the way here, or undefined to go on; throws a KubeStatus to refuse. */
export type Filter = (call: Call, plane: Plane) => Promise<Answer | undefined> | Answer | undefined;
