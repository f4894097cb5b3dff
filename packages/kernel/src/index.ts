// kernel: what every floor may use. Time, randomness, results, disposal, logs and the words of why.
export { assert, BugError, unreachable } from './assert.ts';
export { type Clock, type FakeClock, fakeClock, systemClock, type Timer } from './clock.ts';
export { Disposal } from './disposal.ts';
export { type Env, presetEnv, readEnv } from './env.ts';
export { isRecord, type Json, jsonEqual, type JsonObject } from './json.ts';
export { createLogger, type Logger, type LogLevel, silentLogger } from './logger.ts';
export { LruMap } from './lru.ts';
export { alphabets, type Random, seededRandom, systemRandom } from './random.ts';
export { fail, ok, type Result } from './result.ts';
export { decidingStep, type Outcome, type Step, type Verdict } from './step.ts';
