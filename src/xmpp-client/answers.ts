/** Who waits for the gateway's answer to a submission. */
import { sleep } from "../messenger/sleep.js";

export type SubmissionAnswer =
  | { readonly kind: "accepted" }
  /** Said by the gateway where it has a code, otherwise by a server. */
  | {
      readonly kind: "error";
      readonly code: string | null;
      readonly condition: string;
      readonly sentence: string;
    }
  | { readonly kind: "none"; readonly sentence: string };

export interface Answers {
  /**
   * Sends and waits. "none" where no answer came in time, or the connection ended.
   * @param id of the stanza
   */
  after(id: string, address: string, send: () => Promise<void>): Promise<SubmissionAnswer>;
  /** False where nobody waits for it (any more). */
  take(id: string, address: string, answer: SubmissionAnswer): boolean;
  lost(): void;
}

export function createAnswers(answerMs: number): Answers {
  const waiting = new Map<string, (answer: SubmissionAnswer) => void>();
  const keyOf = (id: string, address: string) => `${id} ${address}`;

  return {
    async after(id, address, send) {
      const timing = new AbortController();
      const key = keyOf(id, address);
      const answer = new Promise<SubmissionAnswer>((resolve) => waiting.set(key, resolve));
      try {
        await send();
        const late = sleep(answerMs, timing.signal).then(() => none(`in ${answerMs} ms`));
        return await Promise.race([answer, late]);
      } finally {
        timing.abort();
        waiting.delete(key);
      }
    },
    take(id, address, answer) {
      const answered = waiting.get(keyOf(id, address));
      answered?.(answer);
      return answered !== undefined;
    },
    lost() {
      for (const answered of waiting.values()) answered(none("before the connection ended"));
    },
  };
}

const none = (when: string): SubmissionAnswer => ({
  kind: "none",
  sentence: `The gateway gave no answer ${when}. It is tried again.`,
});
