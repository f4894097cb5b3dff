// aws-model: the operations and shapes of AWS's services, for whoever serves them and whoever calls them.
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
