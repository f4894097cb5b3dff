// Passwords of masters on their way to the server: kept until it has them, so that an end of the process in between
// loses none, and forgotten then.
import type { Reader, Transaction } from '@pergola/store';
import type { Home } from '../state.ts';

const keyOf = ({ account, region }: Home, resourceId: string) =>
  `aws/rds/password-on-its-way/${account}/${region}/${resourceId}`;

export function keepPassword(tx: Transaction, home: Home, resourceId: string, password: string): void {
  tx.put(keyOf(home, resourceId), password);
}

export function keptPassword(reader: Reader, home: Home, resourceId: string): string | undefined {
  return reader.get(keyOf(home, resourceId))?.value;
}

export function forgetPassword(tx: Transaction, home: Home, resourceId: string): void {
  tx.delete(keyOf(home, resourceId));
}
