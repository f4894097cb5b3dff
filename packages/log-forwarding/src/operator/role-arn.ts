// Finding the role in a Secret: alone, or anywhere in an AWS configuration file.

/** The first role ARN in `text`; undefined when there is none. */
export function roleArnIn(text: string): string | undefined {
  // The partition goes on until a colon here: the original's `.*` would reach into another ARN of the same line.
  return /(arn:aws[^:\s]*:(?:iam|sts)::\d{12}:role\/\S+)/.exec(text)?.[1];
}
