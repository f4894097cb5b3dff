// The functions, by the examples of the user guide and what follows from its words.
import { describe, expect, it } from 'vitest';
import { failureOf, startMs, valueOf } from '../query.fixture.ts';

const sample = {
  n: 10,
  text: 'xyZfooxyZ',
  negative: -2.5,
  ip: '192.0.2.7',
  ip6: '2001:db8::1',
  list: '["a", 1, true, null, {"b": 2}]',
  map: '{"a": {"b.c": [10, {"d": "deep"}]}}',
  when: '2026-03-01 12:30:45',
  blank: '  ',
  empty: '',
  yes: true,
  no: false,
  nothing: null,
};

const cases: readonly (readonly [expression: string, value: string | undefined])[] = [
  // Arithmetic.
  ['2 ^ 3', '8'],
  ['2 ^ 3 ^ 2', '512'],
  ['10 % 3', '1'],
  ['n + 1 * 2', '12'],
  ['(n + 1) * 2', '22'],
  ['n / 4', '2.5'],
  ['n / 3', '3.3333'],
  ['n / 0', undefined],
  ['-n', '-10'],
  ['n - -1', '11'],
  ['n+absent', undefined],
  ['text + 1', undefined],
  ['1 / 100000', '1E-5'],
  ['2 / 3 - 2 / 3', '0'],
  ['yes + yes', '2'],
  // Comparisons and truth.
  ['n = 10', '1'],
  ['n = "10"', '1'],
  ['n = "10.0"', '1'],
  ['n != 10', '0'],
  ['n < 9', '0'],
  ['n < "9"', '0'],
  ['text < "xz"', '1'],
  ['absent = 1', '0'],
  ['absent != 1', '0'],
  ['not (absent = 1)', '1'],
  ['yes', '1'],
  ['no', '0'],
  ['yes = true', '1'],
  ['yes = 1 and no = false', '1'],
  ['yes and no or yes', '1'],
  ['not yes or yes', '1'],
  ['n in [1, 10]', '1'],
  ['n in ["10.0"]', '1'],
  ['n not in [1, 10]', '0'],
  ['text in ["foo"]', '0'],
  ['n in []', '0'],
  ['text like "foo"', '1'],
  ['text like "FOO"', '0'],
  ['text not like "foo"', '0'],
  ['text like /^x.*Z$/', '1'],
  ['text =~ /FOO/', '0'],
  ['text like /(?i)FOO/', '1'],
  ['text =~ /^(?i)XYZFOO/', '1'],
  ['text like /FOO/i', '1'],
  ['absent like /a/', '0'],
  // Numeric.
  ['abs(negative)', '2.5'],
  ['ceil(negative)', '-2'],
  ['floor(negative)', '-3'],
  ['greatest(1, n, 3)', '10'],
  ['least(1, n, 3)', '1'],
  ['greatest(absent, 3)', '3'],
  ['log(1)', '0'],
  ['log(0)', undefined],
  ['sqrt(16)', '4'],
  ['sqrt(-1)', undefined],
  ['round(2.5)', '3'],
  ['round(negative)', '-3'],
  ['round(1.005, 2)', '1.01'],
  ['round(1234, -2)', '1200'],
  ['haversine(0, 0, 0, 180)', '20015.0868'],
  ['toNumber("1e3")', '1000'],
  ['toNumber("0x10")', undefined],
  ['toNumber(" 1")', undefined],
  ['toInt("12.9")', '12'],
  ['toInt(3000000000)', undefined],
  ['toLong("9223372036854775807")', '9223372036854775807'],
  ['toLong("9223372036854775808")', undefined],
  ['toDouble("2.50")', '2.5'],
  // General.
  ['isPresent(n)', '1'],
  ['ispresent(nothing)', '0'],
  ['ispresent(empty)', '1'],
  ['coalesce(absent, nothing, n)', '10'],
  ['if(n > 5, "large", "small")', 'large'],
  ['case(n > 50, "huge", n > 5, "large", "small")', 'large'],
  ['case(n > 50, "huge", "small")', 'small'],
  ['case(n > 50, "huge")', undefined],
  ['isNumeric(n)', '1'],
  ['isNumeric(text)', '0'],
  ['messageSize("grün")', '5'],
  ['histogram(n, 3)', '9'],
  // JSON.
  ['jsonParse("{\\"a\\":[1,2]}")', '{"a":[1,2]}'],
  ['jsonParse("1")', undefined],
  ['jsonParse("oops")', undefined],
  ['jsonStringify(jsonParse(map))', '{"a":{"b.c":[10,{"d":"deep"}]}}'],
  ['jsonArraySize(list)', '5'],
  ['jsonArraySize(text)', undefined],
  ['jsonArrayContains(list, "a")', '1'],
  ['jsonArrayContains(list, "A")', '0'],
  ['jsonArrayContains(list, 1)', '1'],
  ['jsonArrayContains(text, "a")', '0'],
  ['toupper(jsonParse(map))', undefined],
  ['jsonParse(map) = jsonParse(map)', '0'],
  // Addresses.
  ['isValidIp(ip)', '1'],
  ['isValidIp("300.1.1.1")', '0'],
  ['isValidIpV4(ip6)', '0'],
  ['isValidIpV6(ip6)', '1'],
  ['isIpInSubnet(ip, "192.0.2.0/24")', '1'],
  ['isIpInSubnet(ip6, "2001:db8::/32")', '1'],
  ['isIpInSubnet(ip, "2001:db8::/32")', '0'],
  ['isIpv4InSubnet(ip, "192.0.2.0/29")', '1'],
  ['isIpv4InSubnet(ip, "192.0.2.8/29")', '0'],
  ['isIpv6InSubnet(ip6, "::/0")', '1'],
  ['isIpv6InSubnet("::ffff:1.2.3.4", "::ffff:0:0/96")', '1'],
  ['ipv4ToNumber("10.0.0.1")', '167772161'],
  ['ipv4ToNumber(ip6)', undefined],
  ['isPrivateIP("172.31.0.1")', '1'],
  ['isPrivateIP("172.32.0.1")', '0'],
  ['isPublicIP("8.8.8.8")', '1'],
  ['isPublicIP("127.0.0.1")', '0'],
  ['isReservedIP("169.254.1.1")', '1'],
  // Strings.
  ['isempty(empty)', '1'],
  ['isempty(absent)', '1'],
  ['isempty(blank)', '0'],
  ['isblank(blank)', '1'],
  ['concat(text, "-", n)', 'xyZfooxyZ-10'],
  ['ltrim(text, "xyZ")', 'fooxyZ'],
  ['rtrim(text, "xyZ")', 'xyZfoo'],
  ['trim(text, "xyZ")', 'foo'],
  ['ltrim("xyZxyfooxyZ", "xyZ")', 'fooxyZ'],
  ['trim("  a ")', 'a'],
  ['strlen("a😀b")', '3'],
  ['toupper("aß")', 'ASS'],
  ['tolower(text)', 'xyzfooxyz'],
  ['substr(text, 3, 3)', 'foo'],
  ['substr(text, 3)', 'fooxyZ'],
  ['substr("😀b", 1)', 'b'],
  ['substr(text, 99)', ''],
  ['replace("foo", "o", "0")', 'f00'],
  ['replace("a", "a", "$&")', '$&'],
  ['regexReplace("a1b22", "[0-9]+", "#")', 'a#b#'],
  ['regexReplace("ab", "(a)(b)", "\\\\2$1")', 'ba'],
  ['regexReplace("ab", /B/i, "$&")', 'a$&'],
  ['strcontains(text, "foo")', '1'],
  ['strcontains(text, "FOO")', '0'],
  ['strcontains(text, "FOO", true)', '1'],
  ['startsWith(text, "xyZ")', '1'],
  ['endsWith(text, "foo")', '0'],
  ['urlencode("a b/ü(*)")', 'a%20b%2F%C3%BC%28%2A%29'],
  ['urldecode("a+b%2F%C3%BC")', 'a b/ü'],
  ['urldecode("%zz")', undefined],
  ['base64encode("hü")', 'aMO8'],
  ['base64decode("aMO8")', 'hü'],
  ['base64decode("?")', undefined],
  ['split("a,b,,c", ",")', '["a","b","","c"]'],
  ['hexToAscii("48656c6c6f")', 'Hello'],
  ['hexToAscii("4")', undefined],
  ['hexToDec("0xff")', '255'],
  ['hexToDec("xyz")', undefined],
  ['decToHex(255)', '0xff'],
  ['decToHex(-255.9)', '-0xff'],
  ['md5("abc")', '900150983cd24fb0d6963f7d28e17f72'],
  ['sha256("abc")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  // Time.
  ['@timestamp', '2023-11-14 22:13:20.000'],
  ['@ingestionTime', '2023-11-14 22:13:20.007'],
  ['bin(5m)', '2023-11-14 22:10:00.000'],
  ['bin(300s)', '2023-11-14 22:13:00.000'],
  ['datefloor(@timestamp, 1h)', '2023-11-14 22:00:00.000'],
  ['dateceil(@timestamp, 1h)', '2023-11-14 23:00:00.000'],
  ['dateceil(@timestamp, 10s)', '2023-11-14 22:13:20.000'],
  ['datefloor(@timestamp, 1mo)', '2023-11-01 00:00:00.000'],
  ['dateceil(@timestamp, 1qtr)', '2024-01-01 00:00:00.000'],
  ['datefloor(@timestamp, 1y)', '2023-01-01 00:00:00.000'],
  ['datefloor(@timestamp, 1w)', '2023-11-13 00:00:00.000'],
  ['fromMillis(0)', '1970-01-01 00:00:00.000'],
  ['toMillis(@timestamp)', String(startMs)],
  ['now()', String(startMs / 1000 + 3600)],
  ['queryStartTime()', '0'],
  ['queryTimeRange()', String(2 * startMs)],
  ['fromMillis(parseDate(when, "yyyy-MM-dd HH:mm:ss"))', '2026-03-01 12:30:45.000'],
  ['fromMillis(parseDate(when, "yyyy-MM-dd HH:mm:ss", "Europe/Berlin"))', '2026-03-01 11:30:45.000'],
  ['parseDate("31/Jun/2026", "dd/MMM/yyyy")', undefined],
  ['parseDate("2026-01-01T00:00:00+01:00", "yyyy-MM-dd\'T\'HH:mm:ssXXX")', '1767222000000'],
  ['parseDate("01:05 PM", "hh:mm a")', '47100000'],
  ['formatDate(@timestamp, "%Y-%m-%d %H:%M:%S")', '2023-11-14 22:13:20'],
  ['strftime(@timestamp, "%a %d %b %y %j %%", "UTC")', 'Tue 14 Nov 23 318 %'],
  ['strftime(@timestamp, "%F %T %z", "America/New_York")', '2023-11-14 17:13:20 -0500'],
];

describe('functions', () => {
  it.each(cases)('%s is %s', (expression, value) => {
    expect(valueOf(expression, sample)).toBe(value);
  });

  it('takes many units of time', () => {
    for (const unit of [
      'ms',
      'msecs',
      'second',
      'secs',
      'min',
      'minutes',
      'hr',
      'hrs',
      'days',
      'w',
      'mon',
      'q',
      'yr',
    ]) {
      expect(valueOf(`bin(1${unit})`)).toMatch(/^\d{4}-/);
    }
    expect(failureOf('fields bin(1ss)').message).toContain('a period such as 5m is expected');
    expect(failureOf('fields bin(1 + 1)').message).toContain('a period such as 5m is expected');
    expect(failureOf('fields bin(1.5m)').message).toContain('a period such as 5m is expected');
  });

  it('refuses what it does not know, with the place', () => {
    expect(failureOf('fields frobnicate(n)')).toMatchObject({ offset: 7, endOffset: 20, line: 1, column: 8 });
    expect(failureOf('fields abs()').message).toContain('the function abs takes 1 arguments');
    expect(failureOf('fields substr(a)').message).toContain('takes 2 to 3 arguments');
    expect(failureOf('fields isIpInSubnet(ip, "10.0.0.0/99")').message).toContain('not a subnet');
    expect(failureOf('fields parseDate(a, "QQ")').message).toContain('letters that are not supported');
    expect(failureOf('fields formatDate(a, "%Q")').message).toContain('directives that are not supported');
    expect(failureOf('fields formatDate(a, "%Y", "Mars")').message).toContain('there is no time zone Mars');
    expect(failureOf('fields count(*)').message).toContain('unexpected function found count');
  });

  it('refuses regular expressions that JavaScript reads otherwise', () => {
    for (const pattern of [String.raw`\Qa\E`, String.raw`\h`, '[[:alpha:]]', 'a(?i)b', '(a', 'a++']) {
      expect(failureOf(`filter @message like /${pattern}/`).message).toMatch(/supported|invalid/);
    }
    expect(failureOf('filter @message like /a/q').message).toContain('flag q');
    expect(valueOf(String.raw`text like /\Axy\p{Lu}f/`, sample)).toBe('1');
  });
});
