// `pergola logs convert`: files as they lie in repositories, and what is said about the others.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeResource } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { CliContext } from '../src/command.ts';
import { logsConvert } from '../src/commands/logs-convert.ts';

const forwarder = `apiVersion: logging.openshift.io/v1
kind: ClusterLogForwarder
metadata: { name: instance, namespace: openshift-logging }
spec:
  outputs:
    - name: cw
      type: cloudwatch
      cloudwatch: { groupBy: namespaceName, groupPrefix: rosa, region: us-east-1 }
      secret: { name: keys }
  pipelines:
    - { name: all, inputRefs: [application, audit], outputRefs: [cw] }
`;
const secret = `apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { aws_access_key_id: a, aws_secret_access_key: b }
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pergola-convert-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function convert(text: string, output = 'yaml') {
  const file = join(folder, 'file.yaml');
  await writeFile(file, text);
  let printed = '';
  const notes: string[] = [];
  const terminal = {
    write: (more: string) => void (printed += more),
    json: (value: unknown) => void (printed += JSON.stringify(value)),
    note: (note: string) => void notes.push(note),
  };
  const code = await logsConvert.run({ terminal } as unknown as CliContext, [], { file, output });
  return { code, printed, notes };
}

test('the forwarder comes out with what it needs, and the Secret beside it decides how it signs in', async () => {
  const { code, printed, notes } = await convert(`${secret}---\n${forwarder}`);
  expect(code).toBe(0);
  const documents = parseAllDocuments(printed) as { toJS(): KubeResource }[];
  const all = documents.map((document) => document.toJS());
  expect(all.map(({ kind }) => kind)).toEqual([
    'ServiceAccount',
    'ClusterRoleBinding',
    'ClusterRoleBinding',
    'ClusterLogForwarder',
  ]);
  const [output] = all.at(-1)!['spec'].outputs;
  expect(output.cloudwatch.authentication.type).toBe('awsAccessKey');
  expect(printed).not.toContain('&a');
  expect(notes.join('\n')).toContain('names of log streams differ');
});

test('json is one List, and Lists are read too', async () => {
  const { printed } = await convert(
    `apiVersion: v1\nkind: List\nitems:\n- ${forwarder.replaceAll('\n', '\n  ')}`,
    'json',
  );
  const { kind, items } = JSON.parse(printed);
  expect([kind, items.at(-1).apiVersion]).toEqual(['List', 'observability.openshift.io/v1']);
});

test.each([
  ['a: [', 'is not YAML'],
  ['a: b', 'something without a kind'],
  ['', 'it holds no object'],
  [secret, 'Secret of v1'],
  [forwarder.replace('name: instance', 'name: ""'), 'metadata.name is missing'],
])('%j is refused', async (text, words) => {
  const error = await convert(text).then(
    () => undefined,
    (failure: { message: string; parts: { details?: string } }) => failure,
  );
  expect(`${error?.message} ${error?.parts.details}`).toContain(words);
});
