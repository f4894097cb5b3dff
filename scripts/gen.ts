// Writes every generated file of the repository. Run by `npm run gen`; the output is checked in and reproduces.
import { generateAwsModels } from './gen-aws-models.ts';

await generateAwsModels();
