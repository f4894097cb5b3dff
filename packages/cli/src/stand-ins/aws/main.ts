// A small `aws` of our own, for machines and pods without the real one: s3 cp|ls|mb|rb|rm and
// sts get-caller-identity, with the same output, errors and exit codes. Everything else is refused by name.
import { presetEnv, readEnv } from '@pergola/kernel';
import { Failure, failureText, UsageError } from './failure.ts';
import { parseCommandLine } from './command-line.ts';
import { openSession } from './session.ts';
import { commands } from './commands.ts';

presetEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');

async function main(argv: readonly string[]): Promise<number> {
  try {
    const line = parseCommandLine(argv);
    if (line.flags.has('version')) {
      process.stdout.write('aws-cli/2.0.0 (Pergola stand-in)\n');
      return 0;
    }
    const name = line.words.slice(0, 2).join(' ');
    const run = commands[name];
    if (!run) {
      throw new UsageError(
        `this small aws has no '${name}'; it has: ${Object.keys(commands).join(', ')}. Install the AWS CLI for the rest.`,
      );
    }
    return await run(await openSession(line, readEnv()), line.words.slice(2), line);
  } catch (error) {
    process.stderr.write(`\n${failureText(error)}\n`);
    return error instanceof Failure ? error.exitCode : 255;
  }
}

process.exitCode = await main(process.argv.slice(2));
