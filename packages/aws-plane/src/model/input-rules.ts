// Everything that the model says about an input as a whole, checked at once: what is missing, what breaks a
// constraint. Services that validate by their models name all of it in one message.
import { AwsFault } from '../fault.ts';
import type { ServiceName } from '../operation.ts';
import type { ConstraintModel, Structure } from '@pergola/aws-model';
import { Constraints } from './constraints.ts';
import { renameViolation } from './iam-names.ts';
import { RequiredChecks } from './required.ts';
import { missingViolation, renderViolations } from './violation.ts';

/** What a service calls an input that breaks its model's rules. */
const codes: Readonly<Partial<Record<ServiceName, string>>> = {
  sts: 'ValidationError',
  iam: 'ValidationError',
  logs: 'InvalidParameterException',
  dynamodb: 'ValidationException',
  dynamodbstreams: 'ValidationException',
  secretsmanager: 'ValidationException',
  kms: 'ValidationException',
};

export class InputRules {
  readonly #service: ServiceName;
  readonly #required = new RequiredChecks();
  readonly #constraints: Constraints;

  constructor(service: ServiceName, constraints: ConstraintModel) {
    this.#service = service;
    this.#constraints = new Constraints(constraints);
  }

  /** Throws the service's fault for an input that its model does not allow. */
  assertValid(shape: Structure, input: object): void {
    const missing = this.#required.missing(shape, input);
    const code = codes[this.#service];
    if (code === undefined) {
      if (missing[0] !== undefined) throw missingParameter(missing[0]);
      return;
    }
    const broken = this.#constraints.violations(shape, input);
    if (missing.length === 0 && broken.length === 0) return;
    const special = this.#service === 'iam' && missing.length === 0 ? renameViolation(broken) : undefined;
    throw new AwsFault(code, 400, special ?? renderViolations([...missing.map(missingViolation), ...broken]));
  }
}

/** RDS and ElastiCache ask for one parameter after the other, by its name. */
function missingParameter(path: string): AwsFault {
  const name = path.charAt(0).toUpperCase() + path.slice(1);
  return new AwsFault('MissingParameter', 400, `The request must contain the parameter ${name}`);
}
