// Writes every generated file of the repository. Run by `npm run gen`; the output is checked in and reproduces.
import { generateAwsModels } from './gen-aws-models.ts';
import { generateKubeSchemas } from './gen-kube-schemas.ts';

await generateAwsModels();
generateKubeSchemas();
