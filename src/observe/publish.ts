/**
 * From our own numbers to a Prometheus registry: they are read when somebody asks, so that counting them costs
 * nothing but an addition. The names follow https://prometheus.io/docs/practices/naming/.
 */
import type { Metric, Registry } from "prom-client";
import { BOUNDS_SEC, type DurationCounts } from "./durationCounts.js";
import { orLast } from "./slowReadings.js";

type Labels = Readonly<Record<string, string>>;

/** How the numbers of several processes become one. */
type Aggregator = "sum" | "min" | "max" | "first";

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** A histogram's counts. */
export interface Buckets {
  /** The upper bounds, rising. */
  readonly bounds: readonly number[];
  /** How many were at or below each of them. */
  cumulative(): number[];
  readonly count: number;
  readonly sum: number;
}

interface Description {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly aggregator: Aggregator;
}

export interface Publisher {
  counter(name: string, help: string, read: () => Iterable<Sample>): void;
  /** @param read no sample where something is not known; a scrape waits a second for it, then tells what it told last */
  gauge(
    name: string,
    help: string,
    aggregator: Aggregator,
    read: () => Iterable<Sample> | Promise<Iterable<Sample>>,
  ): void;
  histogram(name: string, help: string, read: () => Iterable<[Labels, Buckets]>): void;
  durations(name: string, help: string, read: () => Iterable<[Labels, DurationCounts]>): void;
}

interface NamedSample extends Sample {
  readonly metricName?: string;
}

export function publisher(registry: Registry): Publisher {
  function publish(
    description: Description,
    read: () => Iterable<NamedSample> | Promise<Iterable<NamedSample>>,
  ): void {
    const metric = {
      ...description,
      get: async () => ({
        ...description,
        values: [...(await read())].map((sample) => ({ labels: {}, ...sample })),
      }),
    };
    // a registry needs no more of a metric than this; its own aggregation of processes makes such ones, too
    registry.registerMetric(metric as unknown as Metric);
  }

  function histogram(name: string, help: string, read: () => Iterable<[Labels, Buckets]>): void {
    publish({ name, help, type: "histogram", aggregator: "sum" }, () =>
      [...read()].flatMap(([labels, counts]) => histogramSamples(name, labels, counts)),
    );
  }

  return {
    counter(name, help, read) {
      publish({ name, help, type: "counter", aggregator: "sum" }, read);
    },
    gauge(name, help, aggregator, read) {
      publish({ name, help, type: "gauge", aggregator }, orLast(read));
    },
    histogram,
    durations(name, help, read) {
      histogram(name, help, function* () {
        for (const [labels, counts] of read()) yield [labels, secondsOf(counts)];
      });
    },
  };
}

function secondsOf(counts: DurationCounts): Buckets {
  const { count, sumSec } = counts;
  return { bounds: BOUNDS_SEC, cumulative: () => counts.cumulative(), count, sum: sumSec };
}

function histogramSamples(name: string, labels: Labels, counts: Buckets): NamedSample[] {
  const bucket = (le: string, value: number) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le },
    value,
  });
  return [
    ...counts.cumulative().map((value, at) => bucket(String(counts.bounds[at]), value)),
    bucket("+Inf", counts.count),
    { metricName: `${name}_sum`, labels, value: counts.sum },
    { metricName: `${name}_count`, labels, value: counts.count },
  ];
}
