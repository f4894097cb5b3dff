// oc's own words: projects, whoami, login by token.
import { isRecord } from '@pergola/kernel';
import { type Cluster, OcError, ServerError } from './cluster.ts';
import { readWords } from './words.ts';

type Run = (cluster: Cluster, words: readonly string[]) => Promise<number>;

const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Asks whether projects may be requested, makes one, and switches to it, as oc does. */
const newProject: Run = async (cluster, words) => {
  const { plain, values, switches } = readWords(words, ['--display-name', '--description']);
  const [name] = plain;
  if (name === undefined || plain.length > 1) throw new OcError('must have exactly one argument');
  await cluster.call('GET', '/apis/project.openshift.io/v1/projectrequests');
  await cluster.call('POST', '/apis/project.openshift.io/v1/projectrequests', {
    apiVersion: 'project.openshift.io/v1',
    kind: 'ProjectRequest',
    metadata: { name },
    displayName: values.get('--display-name') ?? '',
    description: values.get('--description') ?? '',
  });
  if (switches.has('--skip-config-write')) return 0;
  cluster.use(name);
  print(`Now using project "${name}" on server "${cluster.server}".`);
  return 0;
};

const project: Run = async (cluster, words) => {
  const [name] = words.filter((word) => !word.startsWith('-'));
  if (name === undefined) {
    print(
      words.includes('-q')
        ? cluster.namespace
        : `Using project "${cluster.namespace}" on server "${cluster.server}".`,
    );
    return 0;
  }
  await findProject(cluster, name);
  cluster.use(name);
  print(`Now using project "${name}" on server "${cluster.server}".`);
  return 0;
};

async function findProject(cluster: Cluster, name: string): Promise<void> {
  try {
    await cluster.call('GET', `/apis/project.openshift.io/v1/projects/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof ServerError && error.reason === 'NotFound')) throw error;
    throw new OcError(`A project named "${name}" does not exist on "${cluster.server}".`, { cause: error });
  }
}

const projects: Run = async (cluster, words) => {
  const { items } = await cluster.call('GET', '/apis/project.openshift.io/v1/projects');
  const names = (Array.isArray(items) ? items : []).map((item: unknown) => {
    const metadata: unknown = isRecord(item) ? item['metadata'] : undefined;
    return isRecord(metadata) ? String(metadata['name']) : '';
  });
  if (words.includes('-q') || words.includes('--short')) {
    for (const name of names) print(name);
    return 0;
  }
  print(
    `You have access to the following projects and can switch between them with 'oc project <projectname>':\n`,
  );
  for (const name of names) print(`${name === cluster.namespace ? '  * ' : '    '}${name}`);
  print(`\nUsing project "${cluster.namespace}" on server "${cluster.server}".`);
  return 0;
};

const whoami: Run = async (cluster, words) => {
  if (words.includes('-t') || words.includes('--show-token')) print(cluster.token);
  else if (words.includes('--show-server')) print(cluster.server);
  else {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { status } = await cluster.call(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      review,
    );
    const user: unknown = isRecord(status) ? status['userInfo'] : undefined;
    print(isRecord(user) ? String(user['username']) : '');
  }
  return 0;
};

export const projectCommands: Readonly<Record<string, Run>> = {
  'new-project': newProject,
  project,
  projects,
  whoami,
};
