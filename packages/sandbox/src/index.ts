// sandbox: the composition root. `startSandbox(options)` is the whole of Pergola in one process.
export { clientEnvironment } from './client-files.ts';
export { askControl, NotRunningError } from './control.ts';
export { OptionError, type SandboxOptions, type Topology } from './options.ts';
export { PortTakenError, type Sandbox, startSandbox } from './start-sandbox.ts';
export { LockedError, lockHolder, type StateDir, stateDirOf } from './state-dir.ts';
