import { describe, expect, it } from 'vitest';
import { Disposal } from './index.ts';

describe('Disposal', () => {
  it('cleans up in reverse order, once, and goes on after a failure', async () => {
    const order: string[] = [];
    const disposal = new Disposal();
    disposal.defer(() => void order.push('first'));
    disposal.defer(() => {
      throw new Error('broken');
    });
    disposal.use({ [Symbol.asyncDispose]: () => Promise.resolve(void order.push('last')) });
    await expect(disposal.dispose()).rejects.toThrow(AggregateError);
    await expect(disposal.dispose()).rejects.toThrow('clean-up failed');
    expect(order).toEqual(['last', 'first']);
  });
});
