// The worked examples of the Amazon S3 API reference ("Authenticating Requests"): keys, times and signatures.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ChunkedDecoder, parseAmzDate, type SignableRequest, SignatureVerifier } from './index.ts';

const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const nowMs = parseAmzDate('20130524T000000Z') ?? 0;
const scope = '20130524/us-east-1/s3/aws4_request';

function verify(request: SignableRequest, payloadHash: string) {
  return new SignatureVerifier().verify(request, {
    nowMs,
    findKey: (id) => (id === accessKeyId ? { secretAccessKey, active: true } : undefined),
    payloadHash,
    pathStyle: 's3',
    service: 's3',
    windowMinutes: 15,
  });
}

const authorization = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;

describe('documented examples', () => {
  it('GET object with a range', () => {
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': empty,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    };
    expect(verify({ method: 'GET', path: '/test.txt', query: '', headers }, empty).allowed).toBe(true);
    const changed = { ...headers, range: 'bytes=0-8' };
    expect(verify({ method: 'GET', path: '/test.txt', query: '', headers: changed }, empty)).toMatchObject({
      allowed: false,
      failure: { reason: 'signature' },
    });
  });

  it('GET bucket lifecycle: a query parameter without a value', () => {
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': empty,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    };
    expect(verify({ method: 'GET', path: '/', query: 'lifecycle', headers }, empty).allowed).toBe(true);
  });

  it('a presigned GET, and its end', () => {
    const query =
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(`${accessKeyId}/${scope}`)}` +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const headers = { host: 'examplebucket.s3.amazonaws.com' };
    const request = { method: 'GET', path: '/test.txt', query, headers };
    expect(verify(request, 'UNSIGNED-PAYLOAD').allowed).toBe(true);
    const later = new SignatureVerifier().verify(request, {
      nowMs: nowMs + 86_400_000,
      findKey: () => ({ secretAccessKey, active: true }),
      payloadHash: 'UNSIGNED-PAYLOAD',
      pathStyle: 's3',
      service: 's3',
      windowMinutes: 15,
    });
    expect(later).toMatchObject({ allowed: false, failure: { reason: 'presign-expired' } });
  });
});

/** Feeds `text` to a decoder in pieces of `size`. */
async function decode(decoder: ChunkedDecoder, wire: Buffer, size: number): Promise<Buffer> {
  const pieces = [];
  for (let at = 0; at < wire.length; at += size) pieces.push(wire.subarray(at, at + size));
  return buffer(Readable.from(pieces).pipe(decoder));
}

async function seededDecoder(seed: string, word: string, extra: Record<string, string>, trailer: boolean) {
  const headers: Record<string, string> = {
    host: 's3.amazonaws.com',
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': word,
    'x-amz-date': '20130524T000000Z',
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    ...extra,
  };
  headers['authorization'] = authorization(Object.keys(headers).sort().join(';'), seed);
  const verdict = verify({ method: 'PUT', path: '/examplebucket/chunkObject.txt', query: '', headers }, word);
  if (!verdict.allowed || !verdict.signingKey)
    throw new Error(JSON.stringify(!verdict.allowed && verdict.failure));
  const { signingKey } = verdict;
  return new ChunkedDecoder({
    signing: { signingKey, seedSignature: seed, amzDate: '20130524T000000Z', scope },
    trailer,
    decodedLength: 66_560,
  });
}

const chunk = (size: number, signature: string) =>
  `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}${size > 0 ? '\r\n' : ''}`;

describe('documented chunked uploads', () => {
  const signedBody =
    chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648') +
    chunk(1_024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497') +
    chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9') +
    '\r\n';
  const signed = () =>
    seededDecoder(
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      { 'content-length': '66824' },
      false,
    );

  it('verifies the chain of chunk signatures, however the bytes are cut', async () => {
    for (const size of [1_000_000, 65_536, 97, 1]) {
      const body = await decode(await signed(), Buffer.from(signedBody), size);
      expect(body.equals(Buffer.alloc(66_560, 'a'))).toBe(true);
    }
  });

  it('refuses a changed byte, a changed signature, a missing end and a short body', async () => {
    const changed = Buffer.from(signedBody);
    changed[500] = 0x62;
    await expect(decode(await signed(), changed, 4_096)).rejects.toMatchObject({ failure: 'signature' });
    const forged = Buffer.from(signedBody.replace('0055627c', '1055627c'));
    await expect(decode(await signed(), forged, 4_096)).rejects.toMatchObject({ failure: 'signature' });
    const cut = Buffer.from(signedBody.slice(0, 66_000));
    await expect(decode(await signed(), cut, 4_096)).rejects.toMatchObject({ failure: 'framing' });
  });

  it('verifies the trailer', async () => {
    const make = () =>
      seededDecoder(
        '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
        'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
        { 'x-amz-trailer': 'x-amz-checksum-crc32c' },
        true,
      );
    const wire =
      chunk(65_536, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2') +
      chunk(1_024, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7') +
      chunk(0, '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992') +
      'x-amz-checksum-crc32c:sOO8/Q==\r\n' +
      'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n';
    const decoder = await make();
    expect((await decode(decoder, Buffer.from(wire), 1_000)).length).toBe(66_560);
    expect(decoder.trailers.get('x-amz-checksum-crc32c')).toBe('sOO8/Q==');
    const forged = Buffer.from(wire.replace('sOO8', 'tOO8'));
    await expect(decode(await make(), forged, 1_000)).rejects.toMatchObject({ failure: 'signature' });
  });
});
