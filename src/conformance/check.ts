/** A check: what a set of facts says about one rule. It asks nobody anything. */
import type { Finding } from "../doctor/line.js";

export interface Check<Facts> {
  /** See docs/guides/node-check.md. */
  readonly id: string;
  examine(facts: Facts): Finding;
}
