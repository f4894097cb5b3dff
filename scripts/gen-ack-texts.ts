// Makes the short descriptions of ACK's fields: of each top member of the shapes that kinds are made of, the first
// sentence of AWS's documentation. It is in botocore's models, which are no npm package. Hence not a part of
// `npm run gen`: run `tsx scripts/gen-ack-texts.ts <folder botocore/data>` when botocore is at hand.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { descriptions, loadCatalogue } from '../packages/ack/src/kinds/index.ts';
import { buildKindModel } from '../packages/ack/src/kind/model/kind-model.ts';

const folders: Readonly<Record<string, string>> = {
  dynamodb: 'dynamodb/2012-08-10',
  elasticache: 'elasticache/2015-02-02',
  iam: 'iam/2010-05-08',
  logs: 'logs/2014-03-28',
  rds: 'rds/2014-10-31',
  s3: 's3/2006-03-01',
  sqs: 'sqs/2012-11-05',
};
/** Longer sentences are left out rather than cut. */
const longest = 140;

interface Documented {
  readonly documentation?: string;
}

interface BotocoreModel {
  readonly shapes: Readonly<
    Record<string, Documented & { readonly members?: Readonly<Record<string, Documented>> }>
  >;
}

async function readModel(folder: string): Promise<BotocoreModel> {
  const plain = await readFile(join(folder, 'service-2.json')).catch(() => undefined);
  const bytes = plain ?? gunzipSync(await readFile(join(folder, 'service-2.json.gz')));
  return JSON.parse(bytes.toString()) as BotocoreModel;
}

function firstSentence(documentation: string): string | undefined {
  const text = documentation
    .replace(/<(?:note|important)>.*?<\/(?:note|important)>/gs, ' ')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
  // What leads to a list says nothing without it.
  const sentence = /^[^:]*?\.(?=\s|$)/.exec(text)?.[0];
  return sentence === undefined || sentence.length > longest ? undefined : sentence;
}

const [, , data] = process.argv;
if (data === undefined) throw new Error('usage: tsx scripts/gen-ack-texts.ts <folder botocore/data>');
for (const service of new Set(descriptions.map((description) => description.service))) {
  const { shapes } = await readModel(join(data, folders[service.service] ?? ''));
  const catalogue = await loadCatalogue(service);
  const kinds = descriptions.filter((description) => description.service === service);
  const origins = kinds.flatMap((description) => {
    const { spec, status } = buildKindModel(description, catalogue);
    return [...spec, ...status].map(({ origin }) => origin);
  });
  const texts = [...new Set(origins)].sort().flatMap((origin) => {
    const [shape = '', member = ''] = origin.split('.');
    const documentation = shapes[shape]?.members?.[member]?.documentation;
    const sentence = documentation === undefined ? undefined : firstSentence(documentation);
    return sentence === undefined ? [] : [`${JSON.stringify(origin)}: ${JSON.stringify(sentence)}`];
  });
  const target = new URL(`../packages/ack/src/kinds/generated/${service.group}.json`, import.meta.url);
  await writeFile(target, `{\n${texts.join(',\n')}\n}\n`);
  console.log(`${service.group}: ${texts.length} texts`);
}
