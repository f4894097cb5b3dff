// How exceptions of the usual languages look when they are printed over several lines: what begins one, and what may
// come after what. A state is where in the print we are; a line that fits no rule of the state ends it.

/** `idle`, or where in a print we are. */
export type ExceptionState = string;

interface Rule {
  readonly from: readonly string[];
  readonly pattern: RegExp;
  readonly to: string;
}

const rules: readonly Rule[] = [
  // PHP. First, because its first line looks like Java's.
  { from: ['idle'], pattern: /PHP (?:Notice|Parse error|Fatal error|Warning):/, to: 'php' },
  // Java, Kotlin, Scala, JavaScript, and whoever prints like them.
  {
    from: ['idle', 'frames', 'head'],
    pattern: /(?:Exception|Error|Throwable|V8 errors stack trace)[:\r\n]|(?:Exception|Error|Throwable)\s*$/,
    to: 'head',
  },
  { from: ['head'], pattern: /^\s*nested exception is:\s*/, to: 'head' },
  { from: ['head', 'frames'], pattern: /^\s+(?:eval )?at\s/, to: 'frames' },
  { from: ['head', 'frames'], pattern: /^\s*(?:Caused by|Suppressed):/, to: 'head' },
  { from: ['head', 'frames'], pattern: /^\s*\.\.\. \d+ (?:more|common frames omitted)/, to: 'frames' },
  { from: ['head'], pattern: /^\s*$/, to: 'head' },
  // Python.
  { from: ['idle', 'head'], pattern: /^\s*Traceback \(most recent call last\):$/, to: 'python' },
  { from: ['python', 'pythonCode'], pattern: /^\s+File /, to: 'pythonCode' },
  { from: ['pythonCode'], pattern: /^\s+\S/, to: 'python' },
  { from: ['python', 'pythonCode'], pattern: /^[A-Za-z_][\w.]*(?::|$)/, to: 'pythonEnd' },
  // Go.
  { from: ['idle'], pattern: /^(?:panic: |fatal error: |http: panic serving)/, to: 'go' },
  { from: ['go', 'goFrame'], pattern: /^\s*$/, to: 'go' },
  { from: ['go'], pattern: /^(?:\[signal |goroutine \d+ \[|\[originating from)/, to: 'goFrame' },
  { from: ['go'], pattern: /^\s+(?:panic: |goroutine running on other thread)/, to: 'go' },
  {
    from: ['goFrame', 'go'],
    pattern: /^(?:created by \S+(?: in goroutine \d+)?|\S+\(.*\))$/,
    to: 'goPlace',
  },
  { from: ['goPlace'], pattern: /^\s+\S+:\d+/, to: 'goFrame' },
  { from: ['goFrame'], pattern: /^goroutine \d+ \[/, to: 'goFrame' },
  // Ruby.
  { from: ['idle'], pattern: /Error \(.*\):$/, to: 'ruby' },
  { from: ['ruby'], pattern: /^\s*$/, to: 'ruby' },
  { from: ['ruby', 'rubyFrame'], pattern: /^\s*\S+?:\d+:in\s/, to: 'rubyFrame' },
  { from: ['idle'], pattern: /^\S+?:\d+:in [`'].*(?:Error|Exception)\)?/, to: 'rubyFrame' },
  { from: ['rubyFrame'], pattern: /^\s+from \S+:\d+:in\s/, to: 'rubyFrame' },
  { from: ['php'], pattern: /^Stack trace:/, to: 'phpFrame' },
  { from: ['phpFrame'], pattern: /^#\d+\s/, to: 'phpFrame' },
  { from: ['phpFrame'], pattern: /^\s+thrown in /, to: 'phpEnd' },
  // Dart.
  { from: ['idle'], pattern: /^Unhandled exception:$/, to: 'dart' },
  { from: ['dart'], pattern: /^(?!#\d)\S/, to: 'dart' },
  { from: ['dart', 'dartFrame', 'head'], pattern: /^#\d+\s+.+ \(.+\)$/, to: 'dartFrame' },
  { from: ['dartFrame'], pattern: /^<asynchronous suspension>$/, to: 'dartFrame' },
  // .NET and Rust.
  { from: ['frames'], pattern: /^\s*--- End of (?:inner exception )?stack trace/, to: 'frames' },
  { from: ['idle'], pattern: /^thread '.*' panicked at /, to: 'rust' },
  { from: ['rust'], pattern: /^(?:note: |stack backtrace:)/, to: 'rust' },
  { from: ['rust', 'rustFrame'], pattern: /^\s+\d+: /, to: 'rustFrame' },
  { from: ['rustFrame'], pattern: /^\s+at /, to: 'rust' },
];

const byState = new Map<string, readonly Rule[]>();
for (const state of new Set(rules.flatMap(({ from }) => from))) {
  byState.set(
    state,
    rules.filter(({ from }) => from.includes(state)),
  );
}

/** The state after `line`; `idle` when it does not go on with what began, nor begins anything. */
export function nextExceptionState(state: ExceptionState, line: string): ExceptionState {
  const rule = byState.get(state)?.find(({ pattern }) => pattern.test(line));
  return rule?.to ?? 'idle';
}
