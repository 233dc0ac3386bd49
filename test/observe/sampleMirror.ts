import { FROM_THE_BEGINNING, type Mirror } from "../../src/mirror/mirror.js";

/** Everything of it was here at the first second of 1970, and it was heard at the second one. */
export const SAMPLE_MIRROR: Mirror = {
  domain: "a.eth",
  primary: { url: "https://primary.example/", network: null },
  progress: FROM_THE_BEGINNING,
  addedAtMs: 250,
  promoter: "6f1c2a52-7f3e-4b59-9d3a-3f5e0c5d8a11",
  promotingTo: null,
  isPromoting: false,
  copiedAtMs: 500,
  caughtUpAtMs: 1_000,
  heardAtMs: 2_000,
  facts: { reservations: null, notes: [] },
  failures: 3,
  failure: "It is away.",
  problems: 4,
};
