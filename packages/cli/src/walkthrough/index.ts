// The sections of the walkthrough, in the order in which `npm start` runs them: each an integration of the solution
// pattern, done on the sandbox with real traffic.
import type { Terminal } from '../output/terminal.ts';
import type { Clients } from './clients.ts';
import { databaseFromAResource } from './database-from-a-resource/index.ts';
import { databaseScene } from './database-from-a-resource/scene.ts';
import { logsToCloudWatch } from './logs-to-cloudwatch/index.ts';
import { logsScene } from './logs-to-cloudwatch/scene.ts';
import { runWalkthrough } from './run.ts';
import { s3FromAPod } from './s3-from-a-pod/index.ts';
import { s3Scene } from './s3-from-a-pod/scene.ts';
import type { Section } from './step.ts';

export function sectionsOf(terminal: Terminal, clients: Clients): readonly Section[] {
  return [
    {
      title: 'A pod reaches S3 with its own role (section 2.4 of the solution pattern)',
      steps: s3FromAPod.length,
      run: () => runWalkthrough(terminal, s3FromAPod, s3Scene(clients)),
    },
    {
      title: 'Logs reach CloudWatch (section 2.1)',
      steps: logsToCloudWatch.length,
      run: () => runWalkthrough(terminal, logsToCloudWatch, logsScene(clients, terminal)),
    },
    {
      title: 'A database from a custom resource (section 2.3)',
      steps: databaseFromAResource.length,
      run: () => runWalkthrough(terminal, databaseFromAResource, databaseScene(clients)),
    },
  ];
}
