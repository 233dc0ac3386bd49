/**
 * Questions to the server that it answers behind everything that it read before (XEP-0199). An answer, whichever, says that the
 * stream is alive and that the server has read that far. It is no receipt: what a server has read it may still lose.
 */
import type { Element } from "ltx";
import type { SignpostError } from "../errors.js";
import { PING_NS } from "./namespaces.js";
import { attributeOf, xml } from "./xml.js";

export interface Pings {
  /** @throws what `end` was called with */
  readonly ask: () => Promise<void>;
  /** Whether the stanza was an answer to one of them. */
  readonly isAnswer: (stanza: Element) => boolean;
  /** How long the oldest one has waited, in ms. */
  readonly oldestMs: () => number;
  readonly end: (error: SignpostError) => void;
}

interface Asked {
  readonly atMs: number;
  readonly resolve: () => void;
  readonly reject: (error: SignpostError) => void;
}

/** @param nowMs of a clock that only goes forward */
export function pings(
  from: string,
  to: string,
  write: (stanza: string) => void,
  nowMs: () => number,
): Pings {
  const waiting = new Map<string, Asked>();
  let count = 0;
  let ended: SignpostError | null = null;
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(ended);
          return;
        }
        const id = `ping-${++count}`;
        waiting.set(id, { atMs: nowMs(), resolve, reject });
        const ping = xml("ping", { xmlns: PING_NS });
        write(xml("iq", { type: "get", id, from, to }, ping).toString());
      }),
    isAnswer: (stanza) => {
      const type = attributeOf(stanza, "type");
      if (stanza.getName() !== "iq" || (type !== "result" && type !== "error")) return false;
      const id = attributeOf(stanza, "id") ?? "";
      const asked = waiting.get(id);
      if (asked === undefined || attributeOf(stanza, "from") !== to) return false;
      waiting.delete(id);
      asked.resolve();
      return true;
    },
    oldestMs: () => {
      const [oldest] = waiting.values();
      return oldest === undefined ? 0 : nowMs() - oldest.atMs;
    },
    end: (error) => {
      ended = error;
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
    },
  };
}
