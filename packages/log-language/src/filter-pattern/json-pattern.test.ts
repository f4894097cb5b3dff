// Cases marked "measured" are what TestMetricFilter of AWS answered to the authors of public test suites.
import { describe, expect, it } from 'vitest';
import { failureOf, matching, patternOf } from './pattern.fixture.ts';

const trail = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  flag: true,
  'cluster.name': 'c',
  'detail-type': 'd',
  nested: { deep: { id: 7 } },
  empty: [],
});
const numbers =
  '{"int": 123, "float":12.34, "whole": 12.0, "text": "123", "big":9007199254740993, "exp": 1e3}';

function matches(pattern: string, message: string): boolean {
  return matching(pattern, [message]).length === 1;
}

describe('JSON patterns', () => {
  it.each([
    '{ $.eventType = "UpdateTrail" }',
    '{$.eventType=UpdateTrail}',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.arrayKey[0] = "value" }',
    '{ $.eventType = %Trail% }',
    '{ $.eventType != %^Trail% }',
    '{ $.arrayKey[*] = %val.{2}% }',
    '{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }',
    '{ $.[\'cluster.name\'] = "c" }',
    '{ $["cluster.name"] = c }',
    '{ $.detail-type = "d" }',
    '{ $.SomeObject IS NULL }',
    '{ $.flag IS TRUE }',
    '{ $.SomeOtherObject NOT EXISTS }',
    '{ $.objectList[1].id = 2 }',
    '{ $.objectList[*].name = b }',
    '{ $.nested.deep.id >= 7 && $.nested.*.id < 8 }',
    '{ ($.eventType = x || $.flag IS TRUE) && $.eventType = "*" }  \n',
    '{ $.eventType = UpdateTrail || $.a = 1 && $.b = 2 }',
  ])('%s matches', (pattern) => {
    expect(matches(pattern, trail)).toBe(true);
  });

  it.each([
    '{ $.eventType = "updateTrail" }',
    '{ $.missing = "x" }',
    '{ $.missing != "x" }',
    '{ $.arrayKey = "value" }',
    '{ $.arrayKey != "value" }',
    '{ $.nested != 1 }',
    '{ $.SomeObject != "x" }',
    '{ $.SomeObject NOT EXISTS }',
    '{ $.flag IS FALSE }',
    '{ $.flag IS NULL }',
    '{ $.flag = "true" }',
    '{ $.objectList[2].id = 2 }',
    '{ $.eventType[0] = "U" }',
    '{ $.empty[*] != 1 }',
    '{ $.constructor = "*" }',
    '{ ($.eventType = UpdateTrail || $.a = 1) && $.b = 2 }',
  ])('%s does not match', (pattern) => {
    expect(matches(pattern, trail)).toBe(false);
  });

  it.each([
    '{ $.int = "123" }',
    '{ $.int != "123.0" }',
    '{ $.int = 123.0 }',
    '{ $.int = 1.23e+2 }',
    '{ $.int = "1*" }',
    '{ $.int = *3 }',
    '{ $.int != "3*" }',
    '{ $.float = "12.*" }',
    '{ $.float = *.34 }',
    '{ $.whole != "12" }',
    '{ $.whole = 12 }',
    '{ $.whole = "12.0" }',
    '{ $.float > +12 }',
    '{ $.float >= -1e-3 }',
    '{ $.text > 122 }',
    '{ $.exp = 1000 }',
    '{ $.big = 9007199254740993 }',
    '{ $.big != 9007199254740992 }',
    '{ $.big > 9007199254740992 }',
  ])('%s matches numbers, some as measured', (pattern) => {
    expect(matches(pattern, numbers)).toBe(true);
  });

  it('compares no order with what is no number (measured)', () => {
    expect(matches('{ $.eventType >= 123 }', trail)).toBe(false);
    expect(failureOf('{ $.int >= "someString" }')).toBe(`Invalid character(s) in term '"someString"'`);
    expect(failureOf('{ $.int >= someString }')).toBe("Invalid character(s) in term 'someString'");
  });

  it('takes * as a wildcard at the ends only', () => {
    const events = ['{"a":"PutEvent"}', '{"a":"Ev*ent"}', '{"a":"Evxent"}'];
    expect(matching('{ $.a = "*Event" }', events)).toEqual([events[0]]);
    expect(matching('{ $.a = "Ev*ent" }', events)).toEqual([events[1]]);
    expect(matching('{ $.a = * }', events)).toEqual(events);
    expect(matching('{ $.a = ** }', events)).toEqual(events);
  });

  it('matches objects only', () => {
    for (const text of ['[{"a":1}]', '"a"', 'no json', '{"a":1', '{"a":1} x', '{a:1}', '{}{}'])
      expect(matches('{ $.b NOT EXISTS }', text)).toBe(false);
    expect(matches('{ $.b NOT EXISTS }', ' {"a":1}\n')).toBe(true);
  });

  it('finds names and values that are written with escapes', () => {
    const events = ['{"\\u0061bc":"x\\u0079z"}', '{"abc":"xyz"}', '{"ab":"xyz"}', '{"abc":"x\\/y"}'];
    expect(matching('{ $.abc = "xyz" }', events)).toEqual(events.slice(0, 2));
    expect(matching('{ $.abc = "x/y" }', events)).toEqual([events[3]]);
  });

  it('shows the values that the pattern names', () => {
    expect(patternOf('{ $.latency = * && $.name != x }').extract('{"latency":50.0,"name":"n"}')).toEqual({
      '$.latency': '50.0',
      '$.name': 'n',
    });
    expect(
      patternOf('{ $.a = 1 || $.b.c[1] = 2 || $.d IS NULL }').extract('{"b":{"c":[1,2]},"d":null}'),
    ).toEqual({ '$.b.c[1]': '2' });
  });

  it.each([
    ['{ $.a = 1', "If a filter pattern starts with '{' it must end with '}'"],
    ['{ }', "Invalid character(s) in term '}'"],
    ['{ a = 1 }', "Invalid character(s) in term 'a'"],
    ['{ $."a" = 1 }', `Invalid character(s) in term '"'`],
    ["{ $.a = 'b' }", `Invalid character(s) in term '''`],
    ['{ $.a = 1 } }', "Invalid character(s) in term '}'"],
    ['{ $.a }', "Invalid character(s) in term '}'"],
    ['{ $.a IS NOT NULL }', 'Invalid filter pattern: IS NULL, IS TRUE, IS FALSE or NOT EXISTS is expected'],
    ['{ $.a EXISTS }', 'Invalid filter pattern: IS NULL, IS TRUE, IS FALSE or NOT EXISTS is expected'],
    ['{ $[0].a = 1 }', 'Invalid filter pattern: a selector must begin with a property'],
    ['{ $.a[*].b[*] = 1 }', 'Invalid filter pattern: a selector holds at most one wildcard'],
    [
      '{ $.a[*]=1 || $.b.*=1 || $.*=1 || $.c[*]=1 }',
      'Invalid filter pattern: a pattern holds at most 3 wildcard selectors',
    ],
    [
      '{ $.a = %x% && $.b = %y% && $.c = %z% }',
      'Invalid filter pattern: a pattern holds at most 2 regular expressions',
    ],
    ['{ ($.a = 1 }', "Invalid character(s) in term '}'"],
  ])('%s is refused', (pattern, message) => {
    expect(failureOf(pattern)).toBe(message);
  });
});
