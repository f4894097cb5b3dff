// The door to the codecs: one ServiceCodec per service, built on first use and kept.
import { type ConstraintModel, loadConstraints, loadModel, type ServiceModel } from '@pergola/aws-model';
import { InputRules } from '../model/input-rules.ts';
import type { ServiceName } from '../operation.ts';
import { AwsJsonCodec } from './aws-json.ts';
import { AwsQueryCodec } from './aws-query.ts';
import type { ServiceCodec } from './codec.ts';
import { Ec2QueryCodec } from './ec2-query.ts';
import { RestXmlCodec } from './rest-xml.ts';

/** The services that answer with the constraints of their models; the others check by rules of their own. */
const validating: ReadonlySet<ServiceName> = new Set<ServiceName>([
  'sts',
  'iam',
  'logs',
  'dynamodb',
  'dynamodbstreams',
  'secretsmanager',
  'kms',
]);

const noConstraints: ConstraintModel = { rules: {}, members: {} };

const codecs = new Map<ServiceName, Promise<ServiceCodec>>();

/** The codec of `service`. The service's model is parsed on the first call only. */
export function loadCodec(service: ServiceName): Promise<ServiceCodec> {
  let codec = codecs.get(service);
  if (!codec) codecs.set(service, (codec = openCodec(service)));
  return codec;
}

/** Builds a codec from its parts, for those that have them already. */
export function buildCodec(
  service: ServiceName,
  model: ServiceModel,
  constraints: ConstraintModel,
): ServiceCodec {
  if (model.protocol === 'restXml') return new RestXmlCodec(service, model);
  const rules = new InputRules(service, constraints);
  if (model.protocol === 'ec2Query') return new Ec2QueryCodec(service, model, rules);
  return model.protocol === 'awsQuery'
    ? new AwsQueryCodec(service, model, rules)
    : new AwsJsonCodec(service, model, rules);
}

async function openCodec(service: ServiceName): Promise<ServiceCodec> {
  const constraints = validating.has(service) ? await loadConstraints(service) : noConstraints;
  return buildCodec(service, await loadModel(service), constraints);
}
