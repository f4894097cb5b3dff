import { XMLParser } from 'fast-xml-parser';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseXml, type XmlElement } from './xml-parse.ts';
import { escapeXml, unescapeXml } from './xml-text.ts';

describe('parseXml', () => {
  test('reads elements, attributes, text, CDATA and comments', () => {
    const document =
      '\ufeff<?xml version="1.0"?>\n<!-- c --><p:a xmlns:p="urn:x" p:b=\'1 &amp; 2\'> x<![CDATA[<&amp;>]]>' +
      '<!-- in --><q/>\r\n<q >1</q ></p:a> <!-- after -->\n';
    const root = parseXml(document);
    expect(root.name).toBe('a');
    expect([...root.attributes]).toEqual([['b', '1 & 2']]);
    expect(root.text).toBe(' x<&amp;>\n');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['q', ''],
      ['q', '1'],
    ]);
  });

  test.each([
    ['nothing', ''],
    ['text only', 'x'],
    ['unfinished', '<a>'],
    ['crossed tags', '<a><b></a></b>'],
    ['a prefix of the end tag', '<a></ab>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['a DTD', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['a DTD inside', '<a><!DOCTYPE b></a>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an unfinished comment', '<a><!-- </a>'],
    ['an unfinished CDATA section', '<a><![CDATA[</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['an element without a name', '<a>< b/></a>'],
    ['nesting without end', '<a>'.repeat(5000)],
  ])('refuses %s', (_, document) => {
    expect(() => parseXml(document)).toThrow(expect.objectContaining({ name: 'XmlError' }));
  });

  test('leaves references to undeclared entities alone', () => {
    expect(parseXml('<a>&x; &#65;&#x42; &#x110000;</a>').text).toBe('&x; AB &#x110000;');
  });

  test('never hangs or throws anything but its own error', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<a/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      ' b="1"',
      '<',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseXml(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ name: 'XmlError' });
        }
      }),
    );
  });

  test('agrees with a general parser on any document', () => {
    const oracle = new XMLParser({
      preserveOrder: true,
      trimValues: false,
      parseTagValue: false,
      processEntities: false,
    });
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc
        .tuple(
          fc.constantFrom('Key', 'Tag', 'V1', 'x-y'),
          fc.array(fc.oneof({ depthSize: 'small' }, fc.string().map(escapeXml), tie('tree')), {
            maxLength: 4,
          }),
        )
        .map(([name, parts]) => `<${name}>${parts.join('')}</${name}>`),
    }));
    fc.assert(
      fc.property(tree, (document) => {
        expect(outline(parseXml(document))).toEqual(oracleOutline(oracle.parse(document)[0]));
      }),
    );
  });
});

test('any text survives being written and read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(unescapeXml(escapeXml(text))).toBe(text);
      if (!/[^\P{Cc}\t\n\r]/u.test(text)) expect(parseXml(`<a>${escapeXml(text)}</a>`).text).toBe(text);
    }),
  );
});

test('a carriage return and control characters become references', () => {
  expect(escapeXml('a\rb\u0001"<&>\n')).toBe('a&#xD;b&#x1;&quot;&lt;&amp;&gt;\n');
});

type Outline = [name: string, text: string, children: Outline[]];

function outline({ name, text, children }: XmlElement): Outline {
  return [name, text, children.map(outline)];
}

function oracleOutline(node: Record<string, unknown>): Outline {
  const [name = ''] = Object.keys(node);
  const parts = node[name] as Record<string, unknown>[];
  const text = parts.map((part) => part['#text'] ?? '').join('');
  return [name, unescapeXml(text), parts.filter((part) => !('#text' in part)).map(oracleOutline)];
}
