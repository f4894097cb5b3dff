// S3: small objects as a rate, large ones as bytes, with the memory that they took.
import { randomBytes } from 'node:crypto';
import { measureRate } from '../load.ts';
import { type Figure, type Measure, rateFigure } from '../measure.ts';
import { awsCaller } from '../wire.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

export const smallObjects: Measure = async (sandbox) => {
  const s3 = awsCaller(sandbox, 's3');
  await s3('PUT', '/bench-small');
  const body = randomBytes(KIB);
  const put = await measureRate(sandbox, { seconds: 4, workers: 32 }, (index) =>
    s3('PUT', `/bench-small/o${index % 2_000}`, body),
  );
  await Promise.all(Array.from({ length: 500 }, (_, index) => s3('PUT', `/bench-small/o${index}`, body)));
  const get = await measureRate(sandbox, { seconds: 4, workers: 32 }, (index) =>
    s3('GET', `/bench-small/o${index % 500}`),
  );
  return [rateFigure('S3 put 1 KiB', put), rateFigure('S3 get 1 KiB', get)];
};

export const largeObjects: Measure = async (sandbox) => {
  const s3 = awsCaller(sandbox, 's3');
  await s3('PUT', '/bench-large');
  const body = randomBytes(64 * MIB);
  const before = sandbox.residentMiB();
  const put = await measureRate(sandbox, { seconds: 5, workers: 2 }, (index) =>
    s3('PUT', `/bench-large/o${index % 4}`, body),
  );
  const afterPut = sandbox.residentMiB();
  const get = await measureRate(sandbox, { seconds: 5, workers: 2 }, (index) =>
    s3('GET', `/bench-large/o${index % 2}`),
  );
  const note = `resident ${Math.round(before)} → ${Math.round(afterPut)} → ${Math.round(sandbox.residentMiB())} MiB`;
  return [bytesFigure('S3 put 64 MiB', put, note), bytesFigure('S3 get 64 MiB', get, note)];
};

function bytesFigure(
  name: string,
  rate: { count: number; cpuSeconds: number; wallSeconds: number },
  note: string,
): Figure {
  const mbPerCpu = Math.round((rate.count * 64 * MIB) / 1e6 / rate.cpuSeconds);
  const mbPerWall = Math.round((rate.count * 64 * MIB) / 1e6 / rate.wallSeconds);
  return { name, value: `${mbPerCpu} MB/cpu-s`, note: `${mbPerWall} MB/s wall; ${note}` };
}
