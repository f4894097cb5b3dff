// The paths of a configuration are those in the container. Where mounts stand elsewhere, variables hold the true ones.
import { join } from 'node:path';
import type { Env } from '@pergola/kernel';
import type { AuthenticationConfig, CollectorConfig } from '../config/collector-config.ts';
import { collectorPaths, collectorVariables } from '../config/collector-places.ts';

/** `config` with all paths as they are on this machine. */
export function withMountedPaths(config: CollectorConfig, env: Env): CollectorConfig {
  const outputs = config.outputs.map((output) => ({
    ...output,
    authentication: withPaths(output.authentication, env),
    ...(output.caFile === undefined ? {} : { caFile: mounted(output.caFile, env) }),
  }));
  return { ...config, outputs };
}

function withPaths(authentication: AuthenticationConfig, env: Env): AuthenticationConfig {
  if (authentication.type === 'iamRole') {
    return { ...authentication, tokenFile: mounted(authentication.tokenFile, env) };
  }
  const { keyIdFile, keySecretFile } = authentication;
  return {
    ...authentication,
    keyIdFile: mounted(keyIdFile, env),
    keySecretFile: mounted(keySecretFile, env),
  };
}

function mounted(path: string, env: Env): string {
  const token = env[collectorVariables.token];
  if (token && path === collectorPaths.token) return token;
  const secrets = env[collectorVariables.secrets];
  const prefix = `${collectorPaths.secrets}/`;
  return secrets && path.startsWith(prefix) ? join(secrets, path.slice(prefix.length)) : path;
}
