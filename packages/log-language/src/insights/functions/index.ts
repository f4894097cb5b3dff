// All functions by name, in lower case and without underscores. One more costs a line in its module.
import { addressFunctions } from './address.ts';
import { datetimeFunctions } from './datetime.ts';
import type { LanguageFunction } from './function.ts';
import { generalFunctions } from './general.ts';
import { numericFunctions } from './numeric.ts';
import { textFunctions } from './text.ts';

export const functions: ReadonlyMap<string, LanguageFunction> = new Map(
  [generalFunctions, numericFunctions, textFunctions, datetimeFunctions, addressFunctions].flatMap((group) =>
    Object.entries(group),
  ),
);
