// aws-model: the operations and shapes of AWS's services, and their values as XML and JSON, for whoever serves the
// services and whoever calls them.
export type { Constraint, ConstraintModel } from './constraint-model.ts';
export { loadConstraints, loadModel } from './load-model.ts';
export type * from './model.ts';
export type { ServiceName } from './service-name.ts';
export {
  type Dictionary,
  elementName,
  type List,
  type MemberSlot,
  type Shape,
  ShapeGraph,
  type Slot,
  type Structure,
  type TimestampFormat,
} from './shape.ts';
export { type RenderText, textReader, textWriter } from './wire/header-text.ts';
export { JsonReaders, JsonShapeError, type ReadJson } from './wire/json-read.ts';
export { JsonWriters, type WriteJson } from './wire/json-write.ts';
export { setOwn } from './wire/record.ts';
export { type ReadScalar, ScalarError, scalarReader } from './wire/scalar.ts';
export { decodeBase64, decodeFormText, decodePercent, decodeUtf8 } from './wire/text.ts';
export { parseTimestamp, renderDateTime, renderTimestamp } from './wire/timestamp.ts';
export { parseXml, type XmlElement, XmlError } from './wire/xml-parse.ts';
export { type ReadXml, XmlReaders } from './wire/xml-read.ts';
export { escapeXml, unescapeXml } from './wire/xml-text.ts';
export { type RenderDate, type WriteXml, XmlWriters } from './wire/xml-write.ts';
