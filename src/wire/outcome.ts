/** What became of a write. */
import { type Infer, nullable, number, object, oneOf, text } from "./shape.js";

const outcome = { name: text, outcome: oneOf("created", "changed", "deleted", "unchanged") };

/**
 * The version of the name afterwards, as its ETag has it, where no proxy can change it; null where the name is gone. Batches
 * and earlier services do not tell it.
 */
const further = {
  version: nullable(text),
  /** A sentence about a name that was written, but that not every client can use. */
  warning: text,
};

export const outcomeSchema = object(outcome, further);

/** Of the profile, where the name itself may have been there before. */
export const profileOutcomeSchema = object(
  { name: text, outcome: oneOf("created", "replaced", "unchanged") },
  further,
);

/** Of a writer's message (ERC-7884); `data`, 0x hex, is what the function returns, as ERC-3668 answers have it. */
export const operationOutcomeSchema = object({ ...outcome, data: text }, further);

/** Of a wallet's signed request, with the sequence that it has used. */
export const requestOutcomeSchema = object({ ...outcome, sequence: number }, further);

export type OutcomeAnswer = Infer<typeof outcomeSchema>;
export type ProfileOutcomeAnswer = Infer<typeof profileOutcomeSchema>;
export type RequestOutcomeAnswer = Infer<typeof requestOutcomeSchema>;
