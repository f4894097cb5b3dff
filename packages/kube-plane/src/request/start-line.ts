// Heads of HTTP/1.1 messages written to a raw connection: upgrades, refusals and the kubelet tunnel.
import { STATUS_CODES } from 'node:http';

/** Status line, headers and the empty line. Header values must hold no line break. */
export function startLine(status: number, headers: Readonly<Record<string, string>>): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${headerLines(headers)}\r\n`;
}

/** `Name: value` lines, without the empty line. */
export function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}\r\n`)
    .join('');
}
