// Instance classes: which there are, with how much memory. Nothing here is bound by them.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html

const burstable = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, '2xlarge': 32 } as const;
const general = {
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
  '4xlarge': 64,
  '8xlarge': 128,
  '12xlarge': 192,
  '16xlarge': 256,
  '24xlarge': 384,
} as const;

/** GiB by class. */
const memoryGib = new Map<string, number>();
for (const family of ['t2', 't3', 't4g'])
  for (const [size, gib] of Object.entries(burstable)) memoryGib.set(`db.${family}.${size}`, gib);
for (const family of ['m4', 'm5', 'm5d', 'm6g', 'm6gd', 'm6i', 'm6id', 'm7g', 'm7i', 'm8g'])
  for (const [size, gib] of Object.entries(general)) memoryGib.set(`db.${family}.${size}`, gib);
for (const family of ['r4', 'r5', 'r5b', 'r6g', 'r6gd', 'r6i', 'r7g', 'r7i', 'r8g', 'x2g'])
  for (const [size, gib] of Object.entries(general)) memoryGib.set(`db.${family}.${size}`, 2 * gib);

/** The class of instances that scale by themselves, for Aurora only. */
export const SERVERLESS = 'db.serverless';

export function isInstanceClass(name: string): boolean {
  return memoryGib.has(name) || name === SERVERLESS;
}

/** True for the classes that members of an Aurora cluster may have. */
export function isAuroraClass(name: string): boolean {
  return name === SERVERLESS || /^db\.(t3|t4g)\.(medium|large)$|^db\.[rx]\d/.test(name);
}

/** What the formulas of parameters take for `DBInstanceClassMemory`, in bytes: less than all of it, as in RDS. */
export function memoryBytesOf(name: string): number {
  return Math.floor((memoryGib.get(name) ?? 2) * 1_073_741_824 * 0.93);
}

/** Those that are listed as orderable: current generations. */
export const orderableClasses: readonly string[] = [...memoryGib.keys()].filter((name) =>
  /^db\.(t3|t4g|m5|m6g|m6i|m7g|r5|r6g|r6i|r7g)\./.test(name),
);
