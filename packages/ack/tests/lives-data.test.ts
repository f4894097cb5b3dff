// The kinds of DynamoDB, S3 and CloudWatch Logs, each through its whole life on the real planes.
import { afterAll, beforeAll, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { live } from './life.ts';
import { dataLives } from './lives-data.ts';
import { startWorld, type World } from './lives-world.ts';

let world: World;
let operator: AckOperator;

beforeAll(async () => {
  world = await startWorld(['cloudwatchlogs', 'dynamodb', 's3']);
  operator = await world.operator();
});
afterAll(() => world[Symbol.asyncDispose]());

test.for(dataLives)('the whole life of $kind', (life) => live(world, operator, life));
