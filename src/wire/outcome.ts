/** What became of a write. */
import { type Infer, number, object, oneOf, text } from "./shape.js";

const outcome = { name: text, outcome: oneOf("created", "changed", "deleted", "unchanged") };

export const outcomeSchema = object(outcome);

/** Of the profile, where the name itself may have been there before. */
export const profileOutcomeSchema = object({
  name: text,
  outcome: oneOf("created", "replaced", "unchanged"),
});

/** Of a writer's message (ERC-7884); `data`, 0x hex, is what the function returns, as ERC-3668 answers have it. */
export const operationOutcomeSchema = object({ ...outcome, data: text });

/** Of a wallet's signed request, with the sequence that it has used. */
export const requestOutcomeSchema = object({ ...outcome, sequence: number });

export type OutcomeAnswer = Infer<typeof outcomeSchema>;
export type ProfileOutcomeAnswer = Infer<typeof profileOutcomeSchema>;
export type RequestOutcomeAnswer = Infer<typeof requestOutcomeSchema>;
