/** Numbers of a canary; none where there is no canary. */
import type { Publisher } from "../observe/publish.js";
import { known } from "../observe/samples.js";
import type { CanaryFigures } from "./canaryWatch.js";

/** @param capability in their names: `signpost_<capability>_canary_…` */
export function publishCanary(
  publish: Publisher,
  capability: string,
  figures: () => CanaryFigures | null,
  nowMs: () => number,
): void {
  // every process sends its own, or one of them for all: their answers are not added up
  const gauge = (
    name: string,
    help: string,
    how: "min" | "max",
    read: (figures: CanaryFigures) => number | null,
  ) => {
    publish.gauge(`signpost_${capability}_canary_${name}`, help, how, () => {
      const last = figures();
      return last === null ? [] : known(read(last));
    });
  };
  gauge("well", "Whether the last canary came back.", "min", ({ isWell }) => Number(isWell));
  gauge("seconds", "How long the last canary that came back took.", "max", ({ tookMs }) =>
    tookMs === null ? null : tookMs / 1000,
  );
  gauge("age_seconds", "Since a canary last came back.", "max", ({ wellMs }) =>
    wellMs === null ? null : (nowMs() - wellMs) / 1000,
  );
}
