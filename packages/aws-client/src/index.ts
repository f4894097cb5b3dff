// aws-client: signed calls to AWS or to any endpoint that speaks like it, and where credentials come from.
export {
  AwsError,
  type AwsErrorFacts,
  isCredentialRefusal,
  isThrottling,
  isTransient,
} from './aws-error.ts';
export type { AwsTarget } from './aws-target.ts';
export { callOperation, type OperationAnswer, type OperationCall } from './operations/call-operation.ts';
export { callJson, type JsonAnswer, type JsonCall } from './call-json.ts';
export { callStream, type EventStream, type StreamCall, type StreamEvent } from './call-stream.ts';
export { type BucketCall, callBucket, callQuery, type QueryCall } from './call-xml.ts';
export {
  environmentCredentials,
  providedCredentials,
  type ProvidedCredentials,
  tokenFileReader,
} from './credentials/environment.ts';
export { refreshingCredentials, type RefreshingOptions } from './credentials/refreshing.ts';
export {
  type AssumedRole,
  assumedRoleCredentials,
  type SessionContext,
  type WebIdentity,
  webIdentityCredentials,
} from './credentials/session.ts';
export { type Credentials, type CredentialSource, fixedCredentials } from './credentials/source.ts';
export { endpointOf, type EndpointQuery } from './endpoint.ts';
export { readEventStream, type StreamMessage } from './event-stream.ts';
export { domainOf, partitionOf, signingRegionOf } from './region.ts';
export { withRetries } from './retries.ts';
export type { CallOptions } from './signed-request.ts';
export {
  createTransport,
  type HttpAnswer,
  type HttpRequest,
  sharedTransport,
  type Transport,
  type TransportOptions,
} from './transport.ts';
export { xmlTexts } from './xml-text.ts';
