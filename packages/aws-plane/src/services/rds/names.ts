// Rules for identifiers, in RDS's words.
import { faults } from './faults.ts';

const IDENTIFIER = /^[a-zA-Z](?:-?[a-zA-Z0-9])*$/;
const WORDS =
  'Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.';

/** The identifier in lower case. `member` is the parameter that it came in. */
export function identifierOf(text: string | undefined, member: string, longest = 63): string {
  if (text === undefined || text === '') throw faults.missing(member);
  if (!IDENTIFIER.test(text))
    throw faults.invalidValue(`The parameter ${member} is not a valid identifier. ${WORDS}`);
  if (text.length > longest)
    throw faults.invalidValue(
      `The parameter ${member} is not a valid identifier because it is longer than ${longest} characters.`,
    );
  return text.toLowerCase();
}

const GROUP = /^[a-zA-Z0-9](?:[a-zA-Z0-9 ._-]*[a-zA-Z0-9_.])?$/;

/** Names of subnet groups may have spaces, periods and underscores too. */
export function subnetGroupNameOf(text: string | undefined): string {
  if (text === undefined || text === '') throw faults.missing('DBSubnetGroupName');
  if (text.toLowerCase() === 'default')
    throw faults.invalidValue('The parameter DBSubnetGroupName is not valid: default is a reserved name.');
  if (!GROUP.test(text) || text.length > 255)
    throw faults.invalidValue(
      `The parameter DBSubnetGroupName must be provided and must not be blank; it must contain only letters, numbers, periods, underscores, spaces and hyphens: ${text}`,
    );
  return text.toLowerCase();
}
