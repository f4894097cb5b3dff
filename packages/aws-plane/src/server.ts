// The AWS endpoint as a running thing: store, services, pipeline and HTTP server together.
import type { AddressInfo } from 'node:net';
import type { EngineHost } from '@pergola/engines';
import { type Clock, Disposal, type Logger, type Random } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import { close, listen } from './http-server.ts';
import { issuerFetch } from './issuer-fetch.ts';
import { openPipeline } from './pipeline/index.ts';
import { CallRecords } from './records.ts';
import { type AdministratorIdentity, type AdministratorKeys, openServices } from './services/index.ts';

export interface AwsPlaneOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Folder for files of services (S3 bodies). */
  readonly dataDir: string;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** 12 digits. Default `123456789012`. */
  readonly account?: string | undefined;
  /** Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Keys for the administrator, used when it is made. Default: random ones. */
  readonly administrator?: AdministratorKeys | undefined;
  /** Hosts of token issuers outside of this plane that STS may fetch keys from. Default: none. */
  readonly trustedIssuerHosts?: readonly string[] | undefined;
  /** What runs databases and caches; it is the caller's to dispose, after the plane. Default: none can be made. */
  readonly engines?: EngineHost | undefined;
}

/** A running endpoint. Disposing ends it when the calls under way are answered. */
export interface AwsPlane extends AsyncDisposable {
  /** `http://127.0.0.1:4566` */
  readonly url: string;
  readonly port: number;
  readonly administrator: AdministratorIdentity;
  /** The audit trail. */
  readonly records: CallRecords;
}

const HOST = '127.0.0.1';
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** Starts the endpoint. Rejects with the system's error when the port is taken. */
export async function startAwsPlane(options: AwsPlaneOptions): Promise<AwsPlane> {
  const { store, clock, random, logger, dataDir } = options;
  const host = options.host ?? HOST;
  const disposal = new Disposal();
  const closing = new AbortController();
  const records = new CallRecords();
  let port = options.port;
  const foundation = {
    store,
    clock,
    random,
    logger,
    disposal,
    dataDir,
    defaultAccount: options.account ?? ACCOUNT,
    defaultRegion: options.region ?? REGION,
    closing: closing.signal,
    engines: options.engines,
  };
  try {
    const fetchIssuerDocument = issuerFetch({
      clock,
      origin: () => ({ host, port }),
      trustedHosts: options.trustedIssuerHosts,
    });
    const { plane, services, administrator } = await openServices(foundation, {
      fetchIssuerDocument,
      administratorKeys: options.administrator,
      records,
    });
    const answer = openPipeline(plane, services, records);
    const server = await listen(answer, { host, port: options.port });
    disposal.defer(() => {
      closing.abort();
      return close(server);
    });
    port = (server.address() as AddressInfo).port;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return { url, port, administrator, records, [Symbol.asyncDispose]: () => disposal.dispose() };
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}
