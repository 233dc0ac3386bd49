/** Prometheus' text format, taken apart. */

export interface ReadMetrics {
  /** By metric name, as in `# TYPE`. */
  readonly types: ReadonlyMap<string, string>;
  /** By series, as it is written: `name{label="value"}`. */
  readonly values: ReadonlyMap<string, number>;
}

export function readMetrics(text: string): ReadMetrics {
  const types = new Map<string, string>();
  const values = new Map<string, number>();
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type) types.set(type[1]!, type[2]!);
    else if (!line.startsWith("# HELP ")) {
      const series = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line);
      if (!series) throw new Error(`This is no line of Prometheus' text format: ${line}`);
      if (values.has(series[1]!)) throw new Error(`This series is there twice: ${line}`);
      values.set(series[1]!, Number(series[2]));
    }
  }
  return { types, values };
}
