// Judge of Resource elements that miss by a form of ARN: the bucket for the object, the log group without
// its star, another case.
import { compileArnPattern } from '../arn-pattern.ts';
import type { Scope } from '../scope.ts';
import type { StatementExam } from './examine.ts';
import type { NearMiss, NearMissKind } from './near-miss.ts';

/** The resource in another form; when the statement matches that, the form is the mistake. */
interface Variant {
  readonly kind: NearMissKind;
  readonly resource: string;
  readonly because: string;
  readonly fix: string;
}

const bucketArn = /^arn:[^:]+:s3:::([^/]+)$/;
const objectArn = /^(arn:[^:]+:s3:::[^/]+)\/./;
const logGroupArn = /^(arn:[^:]+:logs:[^:]*:\d*:log-group:[^:]+)(:\*|:log-stream:.*)?$/;

export function resourceJudge(exam: StatementExam, scope: Scope): readonly NearMiss[] {
  const element = exam.statement.source.resource;
  if (exam.resource || !element || element.negated) return [];
  const { resource, action } = scope.request;
  const variables = exam.policy.policy.document.version === '2012-10-17';
  const matches = (text: string, pattern: string) =>
    compileArnPattern(pattern, { variables, element: 'resource' })(text, scope) === true;
  if (resource === '*') {
    const because = `${action} is asked about no resource, which only the Resource "*" matches`;
    return [
      { kind: 'action-without-resource', because, fix: `Allow ${action} in a statement with Resource "*".` },
    ];
  }
  const variant = variantsOf(resource).find(({ resource: other }) =>
    element.patterns.some((pattern) => matches(other, pattern)),
  );
  if (variant) return [variant];
  const pattern = element.patterns.find((text) => matches(resource.toLowerCase(), text.toLowerCase()));
  if (pattern === undefined) return [];
  const because = `its Resource ${pattern} differs from ${resource} in case`;
  return [{ kind: 'resource-case', because, fix: `Write the resource as ${resource}.` }];
}

function variantsOf(resource: string): readonly Variant[] {
  if (bucketArn.test(resource)) {
    const because = `its Resource names the objects (${resource}/…), and the action is on the bucket (${resource})`;
    const fix = `Add ${resource} to the statement’s Resource.`;
    return [{ kind: 'object-arn-for-bucket', resource: `${resource}/object`, because, fix }];
  }
  const bucket = objectArn.exec(resource)?.[1];
  if (bucket !== undefined) {
    const because = `its Resource names the bucket (${bucket}), and the action is on an object (${resource})`;
    return [
      {
        kind: 'bucket-arn-for-object',
        resource: bucket,
        because,
        fix: `Add ${bucket}/* to the statement’s Resource.`,
      },
    ];
  }
  const [, group, suffix] = logGroupArn.exec(resource) ?? [];
  if (group === undefined) return [];
  const because = `its Resource does not end as the log group's ARN does (${resource})`;
  const fix = `Add ${group} and ${group}:* to the statement’s Resource.`;
  return [{ kind: 'log-group-suffix', resource: suffix ? group : `${group}:*`, because, fix }];
}
