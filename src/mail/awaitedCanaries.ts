/** Canaries on their way: mails of ours that an operator's address somewhere else sends back here. */
import type { Evidence } from "./evidence.js";

/** How one came back: with a signature of ours that still holds, or why none counts. */
export type CanaryBack =
  { readonly isSigned: true } | { readonly isSigned: false; readonly comment: string };

export interface AwaitedCanaries {
  /** @param messageId without its brackets; nobody can guess it */
  readonly await: (messageId: string) => { readonly back: Promise<CanaryBack>; forget: () => void };
  readonly isAnyAwaited: () => boolean;
  /** @param messageId as it stands in the header */
  readonly isAwaited: (messageId: string) => boolean;
  readonly came: (messageId: string, evidence: Evidence | "too late") => void;
}

export function awaitedCanaries(): AwaitedCanaries {
  const awaited = new Map<string, (back: CanaryBack) => void>();
  return {
    await: (messageId) => {
      const written = `<${messageId}>`;
      const back = new Promise<CanaryBack>((resolve) => awaited.set(written, resolve));
      return { back, forget: () => void awaited.delete(written) };
    },
    isAnyAwaited: () => awaited.size > 0,
    isAwaited: (messageId) => awaited.has(messageId),
    came: (messageId, evidence) => awaited.get(messageId)?.(backOf(evidence)),
  };
}

function backOf(evidence: Evidence | "too late"): CanaryBack {
  if (evidence === "too late") {
    return { isSigned: false, comment: "the DNS did not answer in time" };
  }
  if (evidence.isStrong) return { isSigned: true };
  const { unknown, comment } = evidence;
  return { isSigned: false, comment: unknown === null ? comment : `${unknown} is not known` };
}
