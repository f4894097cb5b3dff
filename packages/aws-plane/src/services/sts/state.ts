// The only file that knows STS's keys in the store. Sessions live in their tokens: one secret is all there is.
import type { Random } from '@pergola/kernel';
import type { Store } from '@pergola/store';

const KEY_BYTES = 32;

/** The secret that session tokens are sealed with: made once, kept for ever, so that sessions outlive a restart. */
export async function sealingKeyOf(store: Store, account: string, random: Random): Promise<Buffer> {
  const name = `aws/sts/${account}/sealing-key`;
  const { value } = await store.transact((tx) => {
    const known = tx.get(name)?.value;
    if (known !== undefined) return known;
    const made = random.bytes(KEY_BYTES).toString('base64');
    tx.put(name, made);
    return made;
  });
  return Buffer.from(value, 'base64');
}
