import { expect, test } from 'vitest';
import { parseIni, readIniFile } from './ini-file.ts';

test('sections, profiles, comments and nested settings', () => {
  const text =
    '# c\n[default]\nregion = eu-west-1\ns3 =\n  addressing_style = path\n; x = y\n[profile  dev ]\nregion=us-east-2\r\n[default]\nextra = a = b\n';
  expect(Object.fromEntries(parseIni(text))).toEqual({
    default: { region: 'eu-west-1', s3: '', extra: 'a = b' },
    dev: { region: 'us-east-2' },
  });
});

test('a file that is not there has no sections', async () => {
  expect((await readIniFile('/nowhere/config')).size).toBe(0);
});
