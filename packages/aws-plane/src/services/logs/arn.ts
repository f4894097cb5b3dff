// ARNs of CloudWatch Logs: written, and read from what clients send.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html

/** Where a resource lives. */
export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** A group as a client names it. */
export interface GroupName extends Home {
  readonly name: string;
}

const prefixOf = ({ account, region }: Home) => `arn:aws:logs:${region}:${account}`;

/** The ARN for tagging and for APIs, without `:*`. */
export function groupArn(group: GroupName): string {
  return `${prefixOf(group)}:log-group:${group.name}`;
}

/**
 * The ARN that IAM is asked about, also for what concerns a whole group (`stream` is then empty) or all groups
 * (`name` is empty too), as AWS names it in its denials.
 */
export function streamArn(group: GroupName, stream = ''): string {
  return `${groupArn(group)}:log-stream:${stream}`;
}

const GROUP_ARN = /^arn:aws:logs:([a-z0-9-]+):(\d{12}):log-group:([.\-_/#A-Za-z0-9]{1,512})(?::\*)?$/;
const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;

/** Reads a name or an ARN, with or without `:*`. Undefined when it is neither. */
export function parseGroupIdentifier(text: string, home: Home): GroupName | undefined {
  if (GROUP_NAME.test(text)) return { account: home.account, region: home.region, name: text };
  const [, region, account, name] = GROUP_ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { account, region, name };
}
