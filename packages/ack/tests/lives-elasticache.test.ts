// The kinds of ElastiCache, each through its whole life on the real planes.
import { afterAll, beforeAll, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { live } from './life.ts';
import { elasticacheLives } from './lives-elasticache.ts';
import { startWorld, type World } from './lives-world.ts';

let world: World;
let operator: AckOperator;

beforeAll(async () => {
  world = await startWorld(['elasticache']);
  operator = await world.operator();
});
afterAll(() => world[Symbol.asyncDispose]());

test.for(elasticacheLives)('the whole life of $kind', (life) => live(world, operator, life));
