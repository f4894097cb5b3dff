import { describe, expect, it } from 'vitest';
import { emptyLine } from '../tail/line.ts';
import { ExceptionJoiner } from './exception-joiner.ts';

/** What comes out when `lines` go in one after the other. */
function joined(lines: readonly string[]): string[] {
  const out: string[] = [];
  const joiner = new ExceptionJoiner({
    emit: (line) => out.push(line.bytes.toString('utf8', line.start, line.end)),
    held: () => {},
    released: () => {},
  });
  for (const text of lines) {
    const line = emptyLine();
    line.bytes = Buffer.from(text);
    line.end = line.bytes.length;
    joiner.push(line, 0);
  }
  joiner.flush(Number.POSITIVE_INFINITY);
  return out;
}

const java = `java.lang.RuntimeException: no
	at com.example.A.run(A.java:10)
	at com.example.B.main(B.java:5)
Caused by: java.io.IOException: disk
	at com.example.C.read(C.java:7)
	... 2 more`;
const node = `TypeError: Cannot read properties of undefined
    at handler (/app/server.js:10:5)
    at process.processTicksAndRejections (node:internal:1:2)`;
const python = `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    run()
  File "/app/run.py", line 9, in run
    raise ValueError("no")
ValueError: no`;
const go = `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.main()
	/app/main.go:8 +0x1d
exit status 2`;
const ruby = `app.rb:3:in \`div': divided by 0 (ZeroDivisionError)
	from app.rb:3:in \`run'
	from app.rb:6:in \`<main>'`;
const php = `PHP Fatal error:  Uncaught Exception: no in /app/a.php:3
Stack trace:
#0 /app/b.php(7): run()
#1 {main}
  thrown in /app/a.php on line 3`;
const dart = `Unhandled exception:
Exception: no
#0      main (file:///app/main.dart:2:3)
#1      _startIsolate (dart:isolate-patch/isolate_patch.dart:1:2)`;

describe('exceptions over several lines', () => {
  it.each([
    ['Java', java],
    ['JavaScript', node],
    ['Python', python],
    ['Ruby', ruby],
    ['PHP', php],
    ['Dart', dart],
  ])('of %s become one, and lines around them stay', (_, text) => {
    expect(joined(['before', ...text.split('\n'), 'after', 'more'])).toEqual([
      'before',
      text,
      'after',
      'more',
    ]);
  });

  it('of Go become one up to the last frame', () => {
    const lines = go.split('\n');
    expect(joined(['before', ...lines])).toEqual(['before', lines.slice(0, -1).join('\n'), 'exit status 2']);
  });

  it('that follow each other stay apart', () => {
    expect(joined([...python.split('\n'), ...python.split('\n')])).toEqual([python, python]);
  });

  it('are nothing that ordinary lines are mistaken for', () => {
    const lines = ['info a', '  indented', 'error: b', '', 'at night', '#1 is best'];
    expect(joined(lines)).toEqual(lines);
  });

  it('end at a bound', () => {
    const frames = Array.from({ length: 2_500 }, (_, index) => `\tat a.b.c(D.java:${index})`);
    const out = joined(['java.lang.Error: x', ...frames]);
    expect(out.length).toBeGreaterThan(1);
    expect(out.join('\n').split('\n').length).toBe(2_501);
  });
});
