// Label selectors as objects carry them (metav1.LabelSelector).

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

export interface LabelRequirement {
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Whether `labels` satisfy `selector`: none matches nothing, an empty one everything, an unknown operator nothing. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    labelsMatch(matchLabels, labels) &&
    matchExpressions.every((requirement) => requirementHolds(requirement, labels))
  );
}

/** Whether `labels` carry every label of `wanted`. */
export function labelsMatch(wanted: Readonly<Record<string, string>>, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** Whether `labels` satisfy one requirement; one with an unknown operator is satisfied by nothing. */
export function requirementHolds({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
