// The compact description of a service's wire shapes, as `scripts/gen-aws-models.ts` writes it into `generated/`.

export type Protocol = 'awsQuery' | 'ec2Query' | 'awsJson1.0' | 'awsJson1.1' | 'restXml';

/**
 * What a member holds. One letter for a primitive, `…[]` for a plain list of one, `…{}` for a plain map from strings
 * to one, otherwise the name of a shape of the model.
 *
 * - `s` string · `n` number · `b` boolean · `x` blob · `r` streaming blob
 * - `t` timestamp in the format of its place · `td` date-time · `th` http-date · `te` epoch seconds
 */
export type Ref = string;

/** How a member, list element, map key or map value stands on the wire, where that differs from its name. */
export interface Binding {
  readonly xmlName?: string;
  /** List or map without a wrapper element. */
  readonly flat?: 1;
  /** Attribute of the parent's element. */
  readonly attribute?: 1;
  /** Prefix and URI that the element declares. */
  readonly xmlns?: readonly [prefix: string, uri: string];
  /** Name in lower case. */
  readonly header?: string;
  /** Map of all headers with this prefix, lower case. */
  readonly headers?: string;
  readonly query?: string;
  /** Part of the path. */
  readonly label?: 1;
  /** The member alone is the body. */
  readonly payload?: 1;
  /** A part of the host name, as well as what else it is. */
  readonly host?: 1;
}

export type Member = Ref | readonly [Ref, Binding];

export interface StructureModel {
  readonly members: Readonly<Record<string, Member>>;
  /** So many of the members, from the first, are required. */
  readonly required?: number;
  /** Name of the root element. */
  readonly xmlName?: string;
}

export interface UnionModel {
  readonly union: Readonly<Record<string, Member>>;
  /** The union is an event stream. */
  readonly stream?: 1;
}

export interface ListModel {
  readonly list: Member;
}

export interface MapModel {
  readonly key: Member;
  readonly value: Member;
}

export type ShapeModel = StructureModel | UnionModel | ListModel | MapModel;

export interface OperationModel {
  /** Shape names; absent for no input or no output. */
  readonly input?: string;
  readonly output?: string;
  /** restXml only: method, path with labels, literal query (without `?`, maybe empty), status of success. */
  readonly http?: readonly [method: string, path: string, query: string, status: number];
  /** The request must carry Content-MD5 or a checksum. */
  readonly checksum?: 1;
  /** The whole output is the text of the root element. */
  readonly unwrapped?: 1;
}

/** A modelled error: wire code, HTTP status, and the member that carries the message (`message` or `Message`). */
export type ErrorModel = readonly [code: string, status: number, messageMember: string];

export interface ServiceModel {
  readonly service: string;
  readonly protocol: Protocol;
  /** API version, e.g. `2011-06-15`. */
  readonly version: string;
  readonly xmlNamespace: string;
  /** Prefix of X-Amz-Target. */
  readonly target: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
  /** Names of the operations that the service has and this model leaves out. */
  readonly otherOperations?: readonly string[];
  /** By shape name. */
  readonly errors: Readonly<Record<string, ErrorModel>>;
  readonly shapes: Readonly<Record<string, ShapeModel>>;
}
