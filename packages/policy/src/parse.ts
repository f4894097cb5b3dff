// From text to a policy document, or to the fault that AWS would answer with.
import { fail, ok, type Result } from '@pergola/kernel';
import type { PolicyDocument, PolicyFault, PolicyKind } from './document.ts';
import { type JsonNode, parseJsonText, positionOf } from './grammar/json-text.ts';
import { nodeAt, renderPath } from './grammar/place.ts';
import { checkRules } from './grammar/rules.ts';
import { buildDocument, GrammarError } from './grammar/structure.ts';
import { wordings } from './grammar/wording.ts';

/**
 * Reads and checks a document of the given kind. Never throws. Size limits are the caller's, since they
 * differ between services; the time taken is proportional to the text.
 */
export function parsePolicy(text: string, kind: PolicyKind): Result<PolicyDocument, PolicyFault> {
  const json = parseJsonText(text);
  if (!json.ok) {
    const { reason, offset, detail } = json.error;
    const message = wordings[kind].invalidJson;
    const position = positionOf(text, offset);
    return fail({ code: 'MalformedPolicyDocument', reason, message, path: '', position, detail });
  }
  try {
    const document = buildDocument(text, json.value, kind);
    checkRules(document);
    return ok(document);
  } catch (error) {
    if (error instanceof GrammarError) return fail(faultOf(text, json.value, error));
    throw error;
  }
}

function faultOf(text: string, root: JsonNode, error: GrammarError): PolicyFault {
  return {
    code: 'MalformedPolicyDocument',
    reason: error.reason,
    message: error.message,
    path: renderPath(error.path),
    position: positionOf(text, nodeAt(root, error.path).start),
    detail: error.detail,
  };
}
