/** The user's account at the gateway: the name that it gives, and links that are each later than the one before. */
import type { NormalName } from "../ens/normalize.js";
import { assertNormalName } from "../ens/normalName.js";
import { SignpostError } from "../errors.js";
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
const LINKED_AT = "linkedAtSec";

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

  async function nextSec(): Promise<number> {
    const last = await store.get(LINKED_AT);
    const nowSec = Math.floor(parts.nowMs() / 1000);
    // a clock that was wrong once must not forbid links for years
    const isNear = typeof last === "number" && last < nowSec + 300;
    const next = isNear ? Math.max(nowSec, last + 1) : nowSec;
    await store.set(LINKED_AT, next);
    return next;
  }

  return {
    greeting: ask,
    async link() {
      const told = await ask();
      const name = parts.name ?? told.name;
      if (name === null) throw nameless(jids.gateway);
      const { keys, profile, wallet } = parts;
      const signed = { keys, profile, wallet, name, signedAtSec: await nextSec() };
      await link(questions, jids, told, signed);
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
