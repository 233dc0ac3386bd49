/** Messages that the relay node of this process kept a moment ago: they need not be read from the database to be injected. */
import type { AcceptedMessage } from "../relay/submit.js";

export interface Newcomers {
  /** False where it is not remembered. @param account as a key */
  readonly note: (account: string, message: AcceptedMessage) => boolean;
  /**
   * Those behind this number of the mailbox, in their order, `most` of them; they are forgotten. "unknown" where others may be in between.
   */
  readonly takeBehind: (
    account: string,
    number: number,
    most: number,
  ) => readonly AcceptedMessage[] | "unknown";
  readonly forget: (account: string) => void;
}

/** Characters of all that wait for their turn. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

export function newcomers(mostCharacters = MOST_CHARACTERS): Newcomers {
  const waiting = new Map<string, AcceptedMessage[]>();
  let characters = 0;

  function put(account: string, messages: AcceptedMessage[]): void {
    if (messages.length > 0) waiting.set(account, messages);
    else waiting.delete(account);
  }

  function without(messages: readonly AcceptedMessage[]): void {
    for (const { envelope } of messages) characters -= envelope.length;
  }

  return {
    note: (account, message) => {
      if (characters + message.envelope.length > mostCharacters) return false;
      characters += message.envelope.length;
      put(account, [...(waiting.get(account) ?? []), message]);
      return true;
    },
    takeBehind: (account, number, most) => {
      const all = waiting.get(account) ?? [];
      const behind = all.filter((one) => one.number > number);
      without(all.filter((one) => one.number <= number));
      put(account, behind);
      let last = number;
      let seen = 0;
      const taken = [];
      for (const message of behind) {
        // each is there directly behind the one before
        if (message.after > last || taken.length === most) break;
        seen++;
        // noted twice
        if (message.number <= last) continue;
        taken.push(message);
        last = message.number;
      }
      const isUnknown = behind.length > 0 && taken.length === 0;
      const gone = isUnknown ? behind.length : seen;
      without(behind.slice(0, gone));
      put(account, behind.slice(gone));
      return isUnknown ? "unknown" : taken;
    },
    forget: (account) => {
      without(waiting.get(account) ?? []);
      waiting.delete(account);
    },
  };
}
