// A user of a cache: who may log in, and which commands, keys and channels they may use. Rules as in Redis's ACL SETUSER.
import { createHash, timingSafeEqual } from 'node:crypto';
import { globMatcher } from '../data/glob.ts';
import { faults } from '../resp/reply.ts';

/** What a command asks for. */
export interface CommandFacts {
  readonly name: string;
  readonly categories: ReadonlySet<string>;
}

interface KeyPattern {
  readonly pattern: string;
  readonly matches: (key: string) => boolean;
  readonly read: boolean;
  readonly write: boolean;
}

interface ChannelPattern {
  readonly pattern: string;
  readonly matches: (channel: string) => boolean;
}

interface CommandRule {
  readonly allows: boolean;
  /** `@read`, `get`, `client|list`. */
  readonly target: string;
}

export const aclCategories: ReadonlySet<string> = new Set(
  (
    'keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking ' +
    'dangerous connection transaction scripting all'
  ).split(' '),
);

export function hashOf(password: string): string {
  return createHash('sha256').update(password, 'latin1').digest('hex');
}

export class AclUser {
  readonly name: string;
  enabled = false;
  noPassword = false;
  /** Logs in by a token that is checked elsewhere. */
  byToken = false;
  #hashes: string[] = [];
  #commands: CommandRule[] = [];
  #keys: KeyPattern[] = [];
  #channels: ChannelPattern[] = [];
  #known = new Map<string, boolean>();

  constructor(name: string) {
    this.name = name;
  }

  get hashes(): readonly string[] {
    return this.#hashes;
  }

  addPassword(password: string): void {
    this.addHash(hashOf(password));
  }

  addHash(hash: string): void {
    if (!this.#hashes.includes(hash)) this.#hashes.push(hash);
    this.noPassword = false;
  }

  accepts(password: string): boolean {
    if (this.noPassword) return true;
    const given = Buffer.from(hashOf(password));
    let found = false;
    for (const hash of this.#hashes) {
      if (timingSafeEqual(given, Buffer.from(hash))) found = true;
    }
    return found;
  }

  mayRun({ name, categories }: CommandFacts): boolean {
    let allowed = this.#known.get(name);
    if (allowed === undefined) {
      allowed = false;
      const container = name.split('|', 1)[0] ?? name;
      for (const { allows, target } of this.#commands) {
        const hit = target.startsWith('@')
          ? target === '@all' || categories.has(target.slice(1))
          : target === name || target === container;
        if (hit) allowed = allows;
      }
      this.#known.set(name, allowed);
    }
    return allowed;
  }

  mayUseKey(key: string, use: 'read' | 'write'): boolean {
    return this.#keys.some((each) => each[use] && each.matches(key));
  }

  get mayReadAllKeys(): boolean {
    return this.#keys.some(({ pattern, read }) => read && pattern === '*');
  }

  mayUseChannel(channel: string, isPattern = false): boolean {
    return this.#channels.some(({ pattern, matches }) =>
      isPattern ? pattern === '*' || pattern === channel : matches(channel),
    );
  }

  /** Applies rules with spaces between them. Throws when one is none. */
  apply(rules: string): void {
    for (const rule of rules.split(/\s+/).filter(Boolean)) this.#applyOne(rule);
    this.#known.clear();
  }

  #applyOne(rule: string): void {
    const plain = words[rule];
    if (plain) plain(this);
    else if (/^[+-]/.test(rule)) this.#command(rule);
    else if (rule.startsWith('~')) this.#key(rule.slice(1), 'RW');
    else if (rule.startsWith('%')) this.#markedKey(rule);
    else if (rule.startsWith('&')) this.#channel(rule.slice(1));
    else if (rule.startsWith('>')) this.addPassword(rule.slice(1));
    else if (/^#[0-9a-f]{64}$/.test(rule)) this.addHash(rule.slice(1));
    else throw faults.error('Syntax error');
  }

  #command(rule: string): void {
    const target = rule.slice(1).toLowerCase();
    if (target.startsWith('@') && !aclCategories.has(target.slice(1))) {
      throw faults.error('Unknown command or category name in ACL');
    }
    const allows = rule.startsWith('+');
    // What went before does not count any more.
    if (target === '@all') this.#commands = [];
    this.#commands = this.#commands.filter((each) => each.target !== target);
    this.#commands.push({ allows, target });
  }

  #markedKey(rule: string): void {
    const match = /^%([RW]{1,2})~(.*)$/is.exec(rule);
    if (!match) throw faults.error('Syntax error');
    this.#key(match[2] ?? '', (match[1] ?? '').toUpperCase());
  }

  #key(pattern: string, marks: string): void {
    const [read, write] = [marks.includes('R'), marks.includes('W')];
    this.#keys.push({ pattern, matches: globMatcher(pattern), read, write });
  }

  #channel(pattern: string): void {
    this.#channels.push({ pattern, matches: globMatcher(pattern) });
  }

  resetKeys(): void {
    this.#keys = [];
  }

  resetChannels(): void {
    this.#channels = [];
  }

  resetPasswords(): void {
    this.#hashes = [];
    this.noPassword = false;
  }

  allowAllKeys(): void {
    this.#keys = [];
    this.#key('*', 'RW');
  }

  allowAllChannels(): void {
    this.#channels = [];
    this.#channel('*');
  }

  setAllCommands(allows: boolean): void {
    this.#commands = [{ allows, target: '@all' }];
  }

  commandRules(): string {
    const first = this.#commands[0]?.target === '@all' ? [] : [{ allows: false, target: '@all' }];
    return [...first, ...this.#commands].map(({ allows, target }) => (allows ? '+' : '-') + target).join(' ');
  }

  keyRules(): string {
    return this.#keys
      .map(({ pattern, read, write }) => (read && write ? `~${pattern}` : `%${read ? 'R' : 'W'}~${pattern}`))
      .join(' ');
  }

  channelRules(): string {
    return this.#channels.map(({ pattern }) => `&${pattern}`).join(' ');
  }

  /** As ACL LIST shows it. */
  describe(): string {
    const login = [this.enabled ? 'on' : 'off', ...(this.noPassword ? ['nopass'] : [])];
    const secrets = this.#hashes.map((hash) => `#${hash}`);
    const channels = this.channelRules() || 'resetchannels';
    const rules = [...login, 'sanitize-payload', ...secrets, this.keyRules(), channels, this.commandRules()];
    return `user ${this.name} ${rules.filter(Boolean).join(' ')}`;
  }
}

const words: Readonly<Record<string, (user: AclUser) => void>> = {
  on: (user) => (user.enabled = true),
  off: (user) => (user.enabled = false),
  nopass(user) {
    user.resetPasswords();
    user.noPassword = true;
  },
  resetpass: (user) => user.resetPasswords(),
  allkeys: (user) => user.allowAllKeys(),
  '~*': (user) => user.allowAllKeys(),
  resetkeys: (user) => user.resetKeys(),
  allchannels: (user) => user.allowAllChannels(),
  '&*': (user) => user.allowAllChannels(),
  resetchannels: (user) => user.resetChannels(),
  allcommands: (user) => user.setAllCommands(true),
  nocommands: (user) => user.setAllCommands(false),
  'sanitize-payload': () => {},
  'skip-sanitize-payload': () => {},
  clearselectors: () => {},
  reset(user) {
    user.resetPasswords();
    user.resetKeys();
    user.resetChannels();
    user.setAllCommands(false);
    user.enabled = false;
  },
};
