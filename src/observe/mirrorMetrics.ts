/** How domains of other installations are followed here, as numbers. Of a mirror that was never whole there is no distance. */
import type { Mirror } from "../mirror/mirror.js";
import type { Publisher } from "./publish.js";

export interface MirrorSample {
  readonly mirrors: readonly Mirror[];
  readonly nowMs: number;
}

export function publishMirrors(publish: Publisher, sample: () => MirrorSample): void {
  const gauge = (
    name: string,
    help: string,
    valueOf: (one: Mirror, nowMs: number) => number | null,
  ) => {
    publish.gauge(name, help, "max", () => {
      const { mirrors, nowMs } = sample();
      return mirrors.flatMap((one) => {
        const value = valueOf(one, nowMs);
        return value === null ? [] : [{ labels: { domain: one.domain }, value }];
      });
    });
  };
  gauge(
    "signpost_mirror_behind_seconds",
    "At most so old is what a mirror has of its primary.",
    ({ caughtUpAtMs, copiedAtMs }, nowMs) =>
      caughtUpAtMs === null || copiedAtMs === null
        ? null
        : Math.max(0, nowMs - caughtUpAtMs) / 1000,
  );
  gauge(
    "signpost_mirror_not_copied_seconds",
    "So long ago a mirror was added that was not copied as a whole since; 0 when it was.",
    ({ addedAtMs, copiedAtMs }, nowMs) =>
      copiedAtMs === null ? Math.max(0, nowMs - addedAtMs) / 1000 : 0,
  );
  gauge(
    "signpost_mirror_heard_timestamp_seconds",
    "When the primary answered last.",
    ({ heardAtMs }) => heardAtMs && heardAtMs / 1000,
  );
  gauge(
    "signpost_mirror_failures",
    "Questions to the primary that failed, since it answered last.",
    ({ failures }) => failures,
  );
  gauge(
    "signpost_mirror_names_not_taken",
    "Names that are not here as the primary has them.",
    ({ problems }) => problems,
  );
}
