// Prints log events: one line each, with a colour for each stream; or as JSON lines.
import type { LogEvent } from '../logs/logs-api.ts';
import { readRecord } from '../logs/record-line.ts';
import { printable } from './printable.ts';
import type { Style, Terminal } from './terminal.ts';

const streamColours: readonly Style[] = ['cyan', 'magenta', 'blue', 'green', 'yellow'];

const levelColours: Readonly<Record<string, Style>> = {
  critical: 'red',
  error: 'red',
  warn: 'yellow',
  debug: 'dim',
  trace: 'dim',
};

/** A function that prints events. `json`: each as one line of JSON, the message as it was stored. */
export function lineWriter(terminal: Terminal, json: boolean): (event: LogEvent) => void {
  return json
    ? (event) => terminal.print(JSON.stringify(jsonOf(event)))
    : (event) => terminal.print(renderLine(terminal, event));
}

function jsonOf({ group, stream, timestampMs, ingestedMs, message }: LogEvent) {
  return {
    timestamp: timestampMs,
    ingestionTime: ingestedMs,
    logGroup: group,
    logStream: stream,
    message,
  };
}

/** `09:14:03.120 warn  shop/web-1/app  the message`. Further lines of a message are indented. */
export function renderLine(terminal: Pick<Terminal, 'paint'>, event: LogEvent): string {
  const { level, source, message } = readRecord(event.message);
  const time = new Date(event.timestampMs).toISOString().slice(11, 23);
  const colour = streamColours[hash(event.stream) % streamColours.length] ?? 'cyan';
  const levelColour = levelColours[level];
  const grade = level === 'default' ? '' : level;
  const parts = [
    terminal.paint('dim', time),
    (levelColour ? terminal.paint(levelColour, grade.padEnd(5)) : grade.padEnd(5)).slice(0, 64),
    terminal.paint(colour, printable(source || event.stream)),
    printable(message).trimEnd().replaceAll('\n', '\n    '),
  ];
  return parts.join(' ');
}

/** FNV-1a: the same stream has the same colour in every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}
