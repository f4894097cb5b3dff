// /version: the Kubernetes release whose API this server speaks.
import type { Plane } from '../contract.ts';

const MAJOR = '1';
const MINOR = '33';

export function versionInfo(plane: Plane): Record<string, string> {
  return {
    major: MAJOR,
    minor: MINOR,
    gitVersion: `v${MAJOR}.${MINOR}.0+pergola`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node ${process.versions.node}`,
    compiler: 'v8',
    platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
    openshiftVersion: plane.cluster.version,
  };
}
