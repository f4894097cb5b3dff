// aws-plane: the AWS-compatible endpoint. Start it with `startAwsPlane`.
export { CallRecords, type ListRecords, type RecordedCall } from './records.ts';
export { type AwsPlane, type AwsPlaneOptions, startAwsPlane } from './server.ts';
export type { AdministratorIdentity, AdministratorKeys } from './services/index.ts';
