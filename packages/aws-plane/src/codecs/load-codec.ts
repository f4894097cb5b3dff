// The door to the codecs: one ServiceCodec per service, built on first use and kept.
import { loadModel } from '../model/load-model.ts';
import type { ServiceName } from '../operation.ts';
import { AwsJsonCodec } from './aws-json.ts';
import { AwsQueryCodec } from './aws-query.ts';
import type { ServiceCodec } from './codec.ts';
import { RestXmlCodec } from './rest-xml.ts';

const codecs = new Map<ServiceName, Promise<ServiceCodec>>();

/** The codec of `service`. The service's model is parsed on the first call only. */
export function loadCodec(service: ServiceName): Promise<ServiceCodec> {
  let codec = codecs.get(service);
  if (!codec) codecs.set(service, (codec = buildCodec(service)));
  return codec;
}

async function buildCodec(service: ServiceName): Promise<ServiceCodec> {
  const model = await loadModel(service);
  switch (model.protocol) {
    case 'awsQuery':
      return new AwsQueryCodec(service, model);
    case 'awsJson1.0':
    case 'awsJson1.1':
      return new AwsJsonCodec(service, model);
    case 'restXml':
      return new RestXmlCodec(service, model);
  }
}
