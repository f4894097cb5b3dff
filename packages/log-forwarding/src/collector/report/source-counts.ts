// What went wrong while reading, counted.

export class SourceCounts {
  truncatedFiles = 0;
  readonly malformedLines = new Map<string, number>();

  refusedConfigs = 0;

  refusedConfig(): void {
    this.refusedConfigs += 1;
  }

  truncated(): void {
    this.truncatedFiles += 1;
  }

  malformed(kind: string): void {
    this.malformedLines.set(kind, (this.malformedLines.get(kind) ?? 0) + 1);
  }
}
