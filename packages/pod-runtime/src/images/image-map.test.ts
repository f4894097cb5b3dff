import { describe, expect, it } from 'vitest';
import { defaultImages } from './default-images.ts';
import { parseImageMap, parseReference, resolveImage } from './image-map.ts';

describe('parseReference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox', 'latest'],
    ['amazon/aws-cli:2.15', 'docker.io/amazon/aws-cli', '2.15'],
    ['localhost:5000/x/y', 'localhost:5000/x/y', 'latest'],
    ['registry.access.redhat.com/ubi9/ubi:9.4', 'registry.access.redhat.com/ubi9/ubi', '9.4'],
  ])('%s', (text, name, tag) =>
    expect(parseReference(text)).toMatchObject({ ok: true, value: { name, tag } }),
  );
  it.each(['', 'a b', 'UPPER//x', 'x:', 'x@sha256:12', '/x'])('refuses %j', (text) =>
    expect(parseReference(text).ok).toBe(false),
  );
});

describe('resolveImage', () => {
  it.each([
    ['amazon/aws-cli', ['aws']],
    ['public.ecr.aws/aws-cli/aws-cli:latest', ['aws']],
    ['docker.io/library/busybox:1.36', undefined],
    ['registry.access.redhat.com/ubi9/ubi-minimal', undefined],
    ['python:3.12-slim', undefined],
  ])('knows %s', (reference, entrypoint) => {
    const resolved = resolveImage(defaultImages, reference);
    expect(resolved.ok && resolved.value.entry.entrypoint).toEqual(entrypoint);
  });

  it('takes the first entry that matches and says how to add one', () => {
    const mine = [
      { pattern: 'quay.io/me/*', programs: 'host' as const, entrypoint: ['mine'] },
      ...defaultImages,
    ];
    expect(resolveImage(mine, 'quay.io/me/app:1')).toMatchObject({
      value: { entry: { entrypoint: ['mine'] } },
    });
    const missing = resolveImage(defaultImages, 'quay.io/me/app:1');
    expect(!missing.ok && missing.error).toContain('{"pattern": "quay.io/me/app", "programs": "host"}');
    // A dot in a pattern is a dot.
    expect(resolveImage([{ pattern: 'quay.io/a.b/*', programs: 'host' }], 'quay.io/aXb/c').ok).toBe(false);
  });
});

describe('parseImageMap', () => {
  it('names what is wrong', () => {
    expect(parseImageMap([{ pattern: 'x', programs: 'host' }]).ok).toBe(true);
    expect(parseImageMap({})).toMatchObject({ ok: false });
    expect(parseImageMap([{ pattern: 'x', root: '/srv/x', user: '1000:1000' }]).ok).toBe(true);
    expect(parseImageMap([{ pattern: 'x', root: 'srv/x' }])).toMatchObject({
      error: 'entry 0 of the image map: root must be an absolute path',
    });
    expect(parseImageMap([{ pattern: 'x', root: '/x', programs: 'host' }])).toMatchObject({
      error: 'entry 0 of the image map: it has programs or a root, not both',
    });
    expect(parseImageMap([{ pattern: 'x', root: '/x', user: 'nobody' }])).toMatchObject({
      error: 'entry 0 of the image map: user must be "uid" or "uid:gid" in numbers',
    });
    expect(parseImageMap([{ pattern: 'x', programs: 'root' }])).toMatchObject({
      error: 'entry 0 of the image map: programs must be "host", or root a folder',
    });
    expect(parseImageMap([{ pattern: 'x', programs: 'host', entrypoint: 'sh' }])).toMatchObject({
      error: 'entry 0 of the image map: entrypoint must be a list of strings',
    });
    expect(parseImageMap([{ pattern: 'x', programs: 'host', extra: 1 }])).toMatchObject({
      error: 'entry 0 of the image map: unknown field "extra"',
    });
  });
});
