// `pergola ack policy`: what the role of the ACK controller must be allowed, one policy a line.
import { listOf, servicesOf } from '../ack/services-option.ts';
import { exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { textOf } from '../options.ts';

export const ackPolicy: Command = {
  path: 'ack policy',
  summary: "print the policies of IAM that the ACK controller's role needs, one line for each service",
  configure: (command) =>
    void command
      .option(
        '--services <names>',
        'of AWS, by the names that ACK gives them, separated by commas (default: all)',
      )
      .option(
        '--pass-roles <arns>',
        'roles that resources may hand to a service, separated by commas (default: all)',
      ),
  run: async ({ terminal }, _args, options) => {
    const { controllerPolicy, serviceNames } = await import('@pergola/ack');
    for (const service of servicesOf(textOf(options, 'services'), serviceNames())) {
      const policy = await controllerPolicy(service, listOf(textOf(options, 'passRoles')));
      terminal.print(JSON.stringify(policy));
    }
    return exitCodes.ok;
  },
};
