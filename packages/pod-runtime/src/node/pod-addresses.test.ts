import { expect, test } from 'vitest';
import { PodAddresses } from './pod-addresses.ts';

test('each pod has an address of its own, and its old one again when it is free', () => {
  const addresses = new PodAddresses(false, '/a');
  const given = Array.from({ length: 1_000 }, (_, index) => addresses.take(`uid-${index}`, undefined));
  expect(new Set(given).size).toBe(1_000);
  for (const address of given) expect(address).toMatch(/^127\.6[45]\.\d+\.\d+$/);
  const [first = ''] = given;
  expect(addresses.take('other', first)).not.toBe(first);
  addresses.release('uid-0');
  expect(addresses.take('uid-0', first)).toBe(first);
});

test('nodes of one machine begin elsewhere', () => {
  const [one, two] = ['/a', '/b'].map((folder) => new PodAddresses(false, folder).take('uid', undefined));
  expect(one).not.toBe(two);
  expect(new PodAddresses(false, '/a').take('uid', undefined)).toBe(one);
});

test('where loopback has one address all pods share it', () => {
  expect(new PodAddresses(true, '/a').take('uid', '127.64.0.2')).toBe('127.0.0.1');
});
