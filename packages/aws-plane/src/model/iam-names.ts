// IAM checks names and paths after its model's other rules, in words of its own.

const names = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';

const sentences: Readonly<Record<string, string>> = {
  userName: names,
  newUserName: names,
  groupName: names,
  newGroupName: names,
  roleName: names,
  policyName: names,
  instanceProfileName: names,
  path: 'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  newPath: 'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  pathPrefix:
    'It must begin with the / character and contain only alphanumeric characters and/or / characters.',
};

const patternViolation = / at '(\w+)' failed to satisfy constraint: Member must satisfy regular expression/;

/** IAM's message where all that is wrong is the characters of names and paths; undefined otherwise. */
export function renameViolation(violations: readonly string[]): string | undefined {
  const members = violations.map((sentence) => patternViolation.exec(sentence)?.[1] ?? '');
  const [first] = members;
  if (first === undefined || !members.every((member) => sentences[member] !== undefined)) return undefined;
  return `The specified value for ${first} is invalid. ${sentences[first]}`;
}
