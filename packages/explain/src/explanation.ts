// From one recorded call to a chain that a person can read: what was checked, in order, what broke, and the fix.
import { evidenceLines } from './evidence-lines.ts';
import { decidingStep, type Outcome, type Step } from '@pergola/kernel';

/** One call as the plane recorded it. */
export interface RecordedCall {
  readonly requestId: string;
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  /** ARN of the caller, or `anonymous`. */
  readonly principal: string;
  readonly resources: readonly string[];
  readonly status: number;
  /** The wire code of the error answer; absent when the call succeeded. */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly steps: readonly Step[];
}

/** A recorded call with the broken link named. */
export interface Explanation {
  readonly call: RecordedCall;
  readonly succeeded: boolean;
  /** The first check that failed, if one did. */
  readonly broken?: Step | undefined;
}

export function explainCall(call: RecordedCall): Explanation {
  return { call, succeeded: call.status < 400, broken: decidingStep(call.steps) };
}

/** Colours a word, or leaves it when output is not a terminal. */
export type Paint = (style: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string) => string;

const marks: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', skipped: '–', unknown: '?' };
const paints: Readonly<Record<Outcome, 'green' | 'red' | 'dim' | 'yellow'>> = {
  passed: 'green',
  failed: 'red',
  skipped: 'dim',
  unknown: 'yellow',
};

/** The explanation as lines for a terminal. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { call } = explanation;
  const answer = call.errorCode ? `${call.status} ${call.errorCode}` : String(call.status);
  const lines = [
    `${paint('bold', `${call.service}:${call.operation}`)}  ${explanation.succeeded ? paint('green', answer) : paint('red', answer)}`,
    `  request   ${call.requestId}`,
    `  at        ${new Date(call.atMs).toISOString()}`,
    `  caller    ${call.principal}`,
    ...call.resources.map((resource) => `  resource  ${resource}`),
    ...(call.errorMessage ? [`  answer    ${call.errorMessage}`] : []),
    '',
    ...call.steps.flatMap((step) => renderStep(step, paint)),
  ];
  const { broken } = explanation;
  if (broken) {
    lines.push(
      '',
      paint('bold', `Broken link: ${broken.link ? `${broken.link}, ` : ''}${broken.check}`),
      `  ${broken.because}`,
    );
    if (broken.fix) lines.push(`  ${paint('bold', 'Fix:')} ${broken.fix}`);
  }
  return lines.join('\n');
}

function renderStep(step: Step, paint: Paint): string[] {
  const name = `${step.check}${step.link ? ` [${step.link}]` : ''}`;
  const lines = [`  ${paint(paints[step.outcome], marks[step.outcome])} ${name.padEnd(28)} ${step.because}`];
  if (step.outcome === 'failed') {
    const evidence = Object.entries(step.evidence ?? {}).flatMap(([name, value]) =>
      evidenceLines(name, value),
    );
    lines.push(...evidence.map((line) => paint('dim', `      ${line}`)));
  }
  return lines;
}
