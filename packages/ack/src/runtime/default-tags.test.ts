import { expect, test } from 'vitest';
import { thingKind } from '../../tests/runtime-kind.ts';
import { defaultTagsOf, standardResourceTags } from './default-tags.ts';

const kind = thingKind();
const object = {
  metadata: { name: 'n', namespace: 'production', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
};

test("ACK's own tags", () => {
  expect(defaultTagsOf(standardResourceTags, kind, object)).toEqual({
    'services.k8s.aws/controller-version': 'things-v0.1.0',
    'services.k8s.aws/namespace': 'production',
  });
});

test('placeholders are replaced, and tags without a value are left out', () => {
  const formats = [
    'a=x-%K8S_NAMESPACE%/%K8S_RESOURCE_NAME%',
    'by=%MANAGED_BY%',
    'kro=%KRO_VERSION%',
    'u=%UNKNOWN%',
    'c=d=e',
    '=x',
    'y',
  ];
  expect(defaultTagsOf(formats, kind, object)).toEqual({ a: 'x-production/n', by: 'Helm', c: 'd=e' });
});
