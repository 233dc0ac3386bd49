/** What became of a write. */
import { type Infer, number, object, oneOf, text } from "./shape.js";

const outcome = { name: text, outcome: oneOf("created", "changed", "deleted", "unchanged") };

/** A sentence about a name that was written, but that not every client can use. */
const warned = { warning: text };

export const outcomeSchema = object(outcome, warned);

/** Of the profile, where the name itself may have been there before. */
export const profileOutcomeSchema = object(
  { name: text, outcome: oneOf("created", "replaced", "unchanged") },
  warned,
);

/** Of a writer's message (ERC-7884); `data`, 0x hex, is what the function returns, as ERC-3668 answers have it. */
export const operationOutcomeSchema = object({ ...outcome, data: text }, warned);

/** Of a wallet's signed request, with the sequence that it has used. */
export const requestOutcomeSchema = object({ ...outcome, sequence: number }, warned);

export type OutcomeAnswer = Infer<typeof outcomeSchema>;
export type ProfileOutcomeAnswer = Infer<typeof profileOutcomeSchema>;
export type RequestOutcomeAnswer = Infer<typeof requestOutcomeSchema>;
