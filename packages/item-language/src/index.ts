// item-language: DynamoDB's values, expressions and PartiQL. Pure.
export type * from './attribute-value.ts';
