// Hashes, sets and lists as values of keys. Each knows about how many bytes it takes.
import { Deque } from './deque.ts';
import { SlotMap } from './slot-map.ts';

const ENTRY_BYTES = 64;
const ITEM_BYTES = 24;

export class HashValue {
  readonly kind = 'hash';
  bytes = 0;
  readonly fields = new SlotMap<string>();

  get size(): number {
    return this.fields.size;
  }

  get(field: string): string | undefined {
    return this.fields.get(field);
  }

  /** True when the field is new. */
  set(field: string, value: string): boolean {
    const before = this.fields.get(field);
    this.bytes += value.length - (before?.length ?? -field.length - ENTRY_BYTES);
    return this.fields.set(field, value);
  }

  delete(field: string): boolean {
    const value = this.fields.get(field);
    if (value === undefined) return false;
    this.bytes -= field.length + value.length + ENTRY_BYTES;
    return this.fields.delete(field);
  }
}

export class SetValue {
  readonly kind = 'set';
  bytes = 0;
  readonly members = new SlotMap<true>();

  constructor(members: Iterable<string> = []) {
    for (const member of members) this.add(member);
  }

  get size(): number {
    return this.members.size;
  }

  has(member: string): boolean {
    return this.members.has(member);
  }

  add(member: string): boolean {
    const isNew = this.members.set(member, true);
    if (isNew) this.bytes += member.length + ENTRY_BYTES;
    return isNew;
  }

  delete(member: string): boolean {
    const was = this.members.delete(member);
    if (was) this.bytes -= member.length + ENTRY_BYTES;
    return was;
  }
}

export type Side = 'left' | 'right';

export class ListValue {
  readonly kind = 'list';
  bytes = 0;
  readonly items: Deque;

  constructor(items: readonly string[] = []) {
    this.items = new Deque(items);
    for (const item of items) this.bytes += item.length + ITEM_BYTES;
  }

  get size(): number {
    return this.items.length;
  }

  push(side: Side, item: string): void {
    this.bytes += item.length + ITEM_BYTES;
    if (side === 'left') this.items.pushFront(item);
    else this.items.pushBack(item);
  }

  pop(side: Side): string | undefined {
    const item = side === 'left' ? this.items.popFront() : this.items.popBack();
    if (item !== undefined) this.bytes -= item.length + ITEM_BYTES;
    return item;
  }

  put(index: number, item: string): void {
    this.bytes += item.length - (this.items.at(index)?.length ?? 0);
    this.items.put(index, item);
  }

  insert(index: number, item: string): void {
    this.bytes += item.length + ITEM_BYTES;
    this.items.insert(index, item);
  }

  replace(items: readonly string[]): void {
    this.items.replace(items);
    this.bytes = items.reduce((sum, item) => sum + item.length + ITEM_BYTES, 0);
  }
}
