/** Relay nodes that are registered at a service, as everybody may see them. */
import { flag, type Infer, integer, list, nullable, number, object, oneOf, text } from "./shape.js";

const state = oneOf("works", "unreachable", "wrong", "unproven");

const shown = {
  name: text,
  /** Null until it was checked. */
  url: nullable(text),
  /** Whether its operator wants it in public lists. */
  listed: flag,
  /** Null until it was checked. */
  state: nullable(state),
  /** Completes a sentence that begins with the node; null where it works. */
  reason: nullable(text),
  /** Unix time in milliseconds: since when it is in this state, and when it was checked last. */
  sinceMs: nullable(number),
  checkedMs: nullable(number),
  /** Good checks among all of the last 30 days, 0 to 1. */
  uptime30Days: nullable(number),
};

const listedNodeSchema = object(shown);

export const listedNodesPageSchema = object({
  nodes: list(listedNodeSchema),
  /** Goes into `after`. */
  next: nullable(text),
});

export const shownNodeSchema = object({
  ...shown,
  /** Of the state, the newest first; 100 at most. */
  changes: list(object({ atMs: number, state, reason: nullable(text) })),
  /** In UTC, the newest first; 90 at most. */
  days: list(object({ day: text, checks: integer, good: integer })),
});

export type ListedNode = Infer<typeof listedNodeSchema>;
export type ShownRelayNode = Infer<typeof shownNodeSchema>;
