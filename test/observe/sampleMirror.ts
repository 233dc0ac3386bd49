import { FROM_THE_BEGINNING, type Mirror } from "../../src/mirror/mirror.js";

/** Everything of it was here at the first second of 1970, and it was heard at the second one. */
export const SAMPLE_MIRROR: Mirror = {
  domain: "a.eth",
  primary: { url: "https://primary.example/", network: null },
  progress: FROM_THE_BEGINNING,
  addedAtMs: 250,
  copiedAtMs: 500,
  caughtUpAtMs: 1_000,
  heardAtMs: 2_000,
  facts: { reservations: null, notes: [] },
  failures: 3,
  failure: "It is away.",
  problems: 4,
};
