// policy: the IAM policy language. Parse, compile, evaluate, and say why.
export { compilePolicy, type CompiledPolicy } from './compile.ts';
export { renderDenial } from './denial.ts';
export type {
  ConditionClause,
  PatternElement,
  PolicyDocument,
  PolicyFault,
  PolicyKind,
  PrincipalElement,
  Statement,
  TextPosition,
} from './document.ts';
export { evaluate } from './evaluate.ts';
export { parsePolicy } from './parse.ts';
export type { NamedPolicy, PolicySet } from './policy-set.ts';
export type { AuthorizationRequest, ContextValues, PrincipalFacts } from './request.ts';
export type { DecidingStatement, Decision, PolicyLayer, PolicyVerdict } from './verdict.ts';
