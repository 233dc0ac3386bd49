import { isSignpostError } from "../../errors.js";
import type { OutcomeNotes } from "../arrive/outcomes.js";

/** What the rules of here refuse is told, and the rest goes on. */
export async function importedOrRefused(
  notes: OutcomeNotes,
  kind: string,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    notes.note(kind, "imported");
  } catch (error) {
    const codes = [
      "NAME_TAKEN",
      "NAME_RESERVED",
      "FORBIDDEN",
      "INVALID_REQUEST",
      "INVALID_NAME",
    ] as const;
    if (!isSignpostError(error, ...codes)) throw error;
    notes.note(kind, "refused");
    notes.remark({ kind, name, outcome: "refused", reason: error.message });
  }
}
