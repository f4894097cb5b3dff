import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, isTest, root } from './tree.ts';

const servicesFolder = 'packages/aws-plane/src/services';
const services = readdirSync(join(root, servicesFolder), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** How files define operations: EC2 has a way of its own. */
const defines = (text: string) => /(?<!function )\b(?:defineOperation|ec2Operation)</.test(text);

/** Operations that a file defines: the wire names. */
const operationsIn = (text: string) =>
  [...text.matchAll(/\b(?:defineOperation|ec2Operation)<[^]*?\bname: '(\w+)'/g)].map(
    (match) => match[1] ?? '',
  );

describe.each(services)('service %s', (service) => {
  const files = filesBelow(`${servicesFolder}/${service}`, /\.ts$/).filter((file) => !isTest(file.path));
  const registry = files.find((file) => file.path.endsWith('/service.ts'))?.text ?? '';
  const readme = join(root, servicesFolder, service, 'README.md');

  it('lists every operation that its files define', () => {
    const defining = files.filter((file) => defines(file.text) && !file.path.endsWith('/service.ts'));
    expect(defining.length).toBeGreaterThan(2);
    const forgotten = defining.filter(
      (file) => !registry.includes(`.${file.path.slice(`${servicesFolder}/${service}`.length)}'`),
    );
    expect(forgotten.map((file) => file.path)).toEqual([]);
  });

  it('says in its README what is implemented and what is not', () => {
    expect(existsSync(readme)).toBe(true);
    const text = readFileSync(readme, 'utf8');
    for (const heading of ['Implemented', 'Gaps']) expect(text).toMatch(new RegExp(`^#+ .*${heading}`, 'm'));
    const names = files.flatMap((file) => operationsIn(file.text));
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe('commands', () => {
  it('are all in the list', () => {
    const list = readFileSync(join(root, 'packages/cli/src/commands/index.ts'), 'utf8');
    const files = readdirSync(join(root, 'packages/cli/src/commands')).filter((name) => name !== 'index.ts');
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((name) => !name.endsWith('.test.ts') && !list.includes(`./${name}'`))).toEqual([]);
  });
});

describe('decisions', () => {
  it('are numbered without holes, dated, and have a status', () => {
    const names = readdirSync(join(root, 'docs/adr')).sort();
    names.forEach((name, index) => {
      const text = readFileSync(join(root, 'docs/adr', name), 'utf8');
      expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      expect(text, name).toMatch(/^# \d+\. .+/);
      expect(text, name).toMatch(
        /^Date: \d{4}-\d{2}-\d{2}\. Status: (accepted|superseded by \d+|proposed)\.$/m,
      );
      for (const part of ['Context', 'Decision', 'Consequences']) expect(text, name).toContain(`## ${part}`);
    });
  });
});
