import { describe, expect, it } from 'vitest';
import { filesBelow, isGenerated, isTest } from './tree.ts';

const code = ['packages', 'tests', 'scripts', 'bench']
  .flatMap((folder) => filesBelow(folder, /\.ts$/))
  .filter((file) => !isGenerated(file.path));
const sources = code.filter((file) => !isTest(file.path));
const bannedNames = /\/(utils?|helpers?|common|misc|types)\.ts$/;
/** Where the system clock, timers, randomness and the environment may be touched. */
const capabilities = /^(packages\/kernel\/|packages\/[^/]+\/tests\/|tests\/|scripts\/|bench\/)/;

describe('limits', () => {
  it('keeps every file within 400 lines, and 95 of 100 within 300', () => {
    expect(sources.filter((file) => file.lines > 400).map((file) => `${file.path}: ${file.lines}`)).toEqual(
      [],
    );
    const sorted = sources.map((file) => file.lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.95)] ?? 0).toBeLessThanOrEqual(300);
    expect(sorted[Math.floor(sorted.length * 0.5)] ?? 0).toBeLessThanOrEqual(100);
  });

  it('names files by their noun', () => {
    expect(sources.filter((file) => bannedNames.test(file.path)).map((file) => file.path)).toEqual([]);
  });

  it('opens an index only as a package door or as an ordered list', () => {
    const inner = sources.filter((file) => /\/src\/.+\/index\.ts$/.test(file.path));
    const listsSomething = inner.filter(
      (file) => !/^(export )?(const|async function|function|class) /m.test(file.text),
    );
    expect(listsSomething.map((file) => file.path)).toEqual([]);
  });

  it('begins every source file with what it is', () => {
    const silent = sources.filter((file) => !/^(#![^\n]*\n)?\s*(\/\/|\/\*)/.test(file.text));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('touches time, randomness and the environment only in the kernel', () => {
    const wrong = sources
      .filter((file) => !capabilities.test(file.path))
      .filter((file) =>
        /\bDate\.now\(|\bMath\.random\(|\bprocess\.env\b|\bnew Date\(\)/.test(
          file.text.replace(/\/\/.*$/gm, ''),
        ),
      );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('leaves nothing soft behind', () => {
    const soft =
      /\b(it|test|describe)\.(only|todo)\b|\bas any\b|: any\b(?!.*oxlint-disable)|@ts-(ignore|expect-error)|\bTODO\b|\bFIXME\b/;
    const code = (line: string) => line.replace(/^\s*(\/\/|\/?\*).*$/, '');
    const wrong = sources.flatMap((file) =>
      file.text
        .split('\n')
        .flatMap((line, index, lines) =>
          soft.test(code(line)) && !/oxlint-disable/.test(lines[index - 1] ?? '')
            ? [`${file.path}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
    expect(wrong).toEqual([]);
  });
});
