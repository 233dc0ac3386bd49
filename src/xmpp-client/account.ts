/** The user's account at the gateway: the name that it gives, and its link. */
import type { NormalName } from "../ens/normalize.js";
import { assertNormalName } from "../ens/normalName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { KeyValue } from "../sending/keyValue.js";
import { type Greeting, greeting, link, type LinkParts } from "./gateway.js";
import type { Jids } from "./jid.js";
import type { Questions } from "./questions.js";

export interface AccountParts extends Pick<LinkParts, "keys" | "profile" | "wallet"> {
  readonly questions: Questions;
  readonly jids: Jids;
  /** Null: the one that the gateway gives. */
  readonly name: NormalName | null;
  readonly store: KeyValue;
  readonly nowMs: () => number;
}

export interface Account {
  greeting(): Promise<Greeting>;
  /** @throws UNREACHABLE, GATEWAY_REFUSED; INVALID_REQUEST where there is no name to link */
  link(): Promise<{ readonly greeting: Greeting; readonly name: NormalName }>;
  /** The name to write under. Throws like `greeting` before it was known once, and INVALID_REQUEST. */
  ownName(): Promise<NormalName>;
  /** As far as it is known now. */
  knownName(): NormalName | null;
}

const NAME = "name";
const MOST_AHEAD_SEC = 600;

export function createAccount(parts: AccountParts): Account {
  const { questions, jids, store } = parts;
  let known: NormalName | null = parts.name;
  const nameNow = () => known;

  async function ask(): Promise<Greeting> {
    const told = await greeting(questions, jids);
    if (parts.name === null && told.name !== null && told.name !== known) {
      known = told.name;
      await store.set(NAME, known);
    }
    return told;
  }

  /** Signed for now; and once more where another device, or a link that was ended, has a later time. */
  async function linkNow(told: Greeting, name: NormalName): Promise<void> {
    const nowSec = Math.floor(parts.nowMs() / 1000);
    const { keys, profile, wallet } = parts;
    const signed = { keys, profile, wallet, name };
    try {
      await link(questions, jids, told, { ...signed, signedAtSec: nowSec });
    } catch (error) {
      if (!isSignpostError(error, "GATEWAY_REFUSED")) throw error;
      const { notBeforeSec = null } = error.details;
      if (notBeforeSec === null || notBeforeSec <= nowSec) throw error;
      // no gateway takes one that is further ahead, and nobody makes the key sign for years to come
      if (notBeforeSec > nowSec + MOST_AHEAD_SEC) throw error;
      await link(questions, jids, told, { ...signed, signedAtSec: notBeforeSec });
    }
  }

  return {
    greeting: ask,
    async link() {
      const told = await ask();
      const name = parts.name ?? told.name;
      if (name === null) throw nameless(jids.gateway);
      await linkNow(told, name);
      return { greeting: told, name };
    },
    async ownName() {
      if (known !== null) return known;
      const kept = await store.get(NAME);
      if (typeof kept === "string") {
        assertNormalName(kept);
        return (known ??= kept);
      }
      await ask();
      return nameNow() ?? never(jids.gateway);
    },
    knownName: nameNow,
  };
}

function never(gateway: string): never {
  throw nameless(gateway);
}

function nameless(gateway: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${gateway} gives this account no ENS name. Give the option name: one that has this profile already.`,
    { field: "name" },
  );
}
