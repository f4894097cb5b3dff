// A server's error as psql shows it, with the place in the statement.

interface ServerError extends Error {
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Counted from 1, in characters. */
  readonly position?: string;
}

export function errorText(error: ServerError, statement: string): string {
  const lines = [`${error.severity ?? 'ERROR'}:  ${error.message}`];
  if (error.position !== undefined) lines.push(...pointer(statement, Number(error.position) - 1));
  if (error.detail !== undefined) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint !== undefined) lines.push(`HINT:  ${error.hint}`);
  return lines.join('\n');
}

function pointer(statement: string, position: number): string[] {
  const before = statement.slice(0, position).split('\n');
  const line = statement.split('\n')[before.length - 1] ?? '';
  const head = `LINE ${before.length}: `;
  return [`${head}${line}`, `${' '.repeat(head.length + (before.at(-1)?.length ?? 0))}^`];
}
