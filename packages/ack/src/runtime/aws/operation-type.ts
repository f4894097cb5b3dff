// Operations by what they do, as ACK's metrics and a plan tell them apart.

export type OperationType = 'READ_ONE' | 'READ_MANY' | 'GET_ATTRIBUTES' | 'CREATE' | 'UPDATE' | 'DELETE';

const readPrefixes = /^(Describe|Get|List|Head|BatchGet|Lookup|Search|Simulate)/;

/** True for operations that change nothing. */
export function isRead(operation: string): boolean {
  return readPrefixes.test(operation);
}

export function operationTypeOf(operation: string): OperationType {
  if (/^(Describe|List)/.test(operation)) return 'READ_MANY';
  if (operation.endsWith('Attributes') && isRead(operation)) return 'GET_ATTRIBUTES';
  if (isRead(operation)) return 'READ_ONE';
  if (operation.startsWith('Create')) return 'CREATE';
  return operation.startsWith('Delete') ? 'DELETE' : 'UPDATE';
}
