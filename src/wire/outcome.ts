/** What became of a write. */
import { z } from "zod";

export const outcomeSchema = z.strictObject({
  name: z.string(),
  outcome: z.enum(["created", "changed", "deleted", "unchanged"]),
});

/** Of the profile, where the name itself may have been there before. */
export const profileOutcomeSchema = z.strictObject({
  name: z.string(),
  outcome: z.enum(["created", "replaced", "unchanged"]),
});

/** Of a writer's message (ERC-7884); `data`, 0x hex, is what the function returns, as ERC-3668 answers have it. */
export const operationOutcomeSchema = outcomeSchema.extend({ data: z.string() });

/** Of a wallet's signed request, with the sequence that it has used. */
export const requestOutcomeSchema = outcomeSchema.extend({ sequence: z.number() });
