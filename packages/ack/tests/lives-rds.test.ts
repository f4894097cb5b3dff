// The kinds of RDS, each through its whole life on the real planes.
import { afterAll, beforeAll, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { live } from './life.ts';
import { rdsLives } from './lives-rds.ts';
import { startWorld, type World } from './lives-world.ts';

let world: World;
let operator: AckOperator;

beforeAll(async () => {
  world = await startWorld(['rds', 'iam']);
  operator = await world.operator();
});
afterAll(() => world[Symbol.asyncDispose]());

test.for(rdsLives)('the whole life of $kind', (life) => live(world, operator, life));
