// Names and texts inside MariaDB's statements, for sessions whose sql_mode is empty.

export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`;
}

/** `'name'@'host'` */
export function account(user: string, host: string): string {
  return `${literal(user)}@${literal(host)}`;
}
