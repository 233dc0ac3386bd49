/** The same change at several resolvers, as far as the account that is given owns them. */
import type { Plan } from "../../admin/change.js";
import type { AdminAccount } from "../../chain/adminAccount.js";
import { hasReverted } from "../../chain/confirmations.js";
import type { Connection } from "../../chain/connection.js";
import { readResolver, type ResolverState } from "../../chain/resolverState.js";
import { refused } from "../../chain/unsentTransaction.js";
import { isSignpostError } from "../../errors.js";
import { accountsGiven, openAccount } from "../resolver/accountOptions.js";
import { addressOf } from "../resolver/chainOptions.js";
import { wantedSetting } from "../resolver/changeSetting.js";
import { agreeOnChange, assertAnswerable, sendAgreed } from "../resolver/sendChange.js";
import type { Session } from "../resolver/session.js";
import type { Terminal } from "../resolver/terminal.js";
import type { AskedResolver, KnownResolver } from "./resolversAsked.js";

/** In the steps that are printed, every chain has a node of its own. */
const NODE_OF_CHAIN = { rpc: "" };

type WithoutConnection = Omit<Session, "connection">;

export interface ChangeEverywhere {
  readonly plan: (state: ResolverState) => Plan;
  /** Asked once more after the yes, directly before it is sent. Throws TRANSACTION_REFUSED or UNREACHABLE. */
  readonly assertStill?: (one: KnownResolver) => Promise<void>;
}

/** What came of it at one resolver. */
export interface Tried {
  readonly at: KnownResolver;
  /** Failed: nothing was sent, or what was sent changed nothing. Unknown: it was sent, or may have been, and is not known to stand. */
  readonly kind: "changed" | "unchanged" | "declined" | "failed" | "unknown";
}

/**
 * One after the other; stops at the first no. What is refused at one resolver is told, and the next one has its turn. After
 * a transaction that is not known to stand, nothing more is sent on that chain. Throws what is wrong with the account, as long as
 * nothing was sent.
 */
export async function changeWhereOwned(
  asked: readonly AskedResolver[],
  change: ChangeEverywhere,
  session: WithoutConnection,
): Promise<readonly Tried[]> {
  if (asked.length === 0 || accountsGiven(session.flags).length === 0) return [];
  assertAnswerable(session);
  const accountOn = accountPerChain(session);
  const unsureChains = new Set<bigint>();
  const tried: Tried[] = [];
  for (const one of asked) {
    if (one.state === null || !mayOwn(one.state, session) || unsureChains.has(one.chainId))
      continue;
    const kind = await tryAt(one);
    if (kind === null) continue;
    tried.push({ at: one, kind });
    if (kind === "declined") break;
    if (kind === "unknown") unsureChains.add(one.chainId);
  }
  return tried;

  /** Null where the account does not own it. */
  async function tryAt(one: KnownResolver): Promise<Tried["kind"] | null> {
    try {
      const account = await accountOn(one.connection);
      if (account.address !== one.state.owner) return null;
      return await changeOne(one, change, account, session);
    } catch (error) {
      // what was sent before has to be told all the same
      if (!tried.some(isSent) || !isSignpostError(error)) throw error;
      session.terminal.tell(`${one.resolver}: ${error.message}`);
      return "failed";
    }
  }
}

function isSent({ kind }: Tried): boolean {
  return kind === "changed" || kind === "unknown";
}

async function changeOne(
  one: KnownResolver,
  { plan, assertStill }: ChangeEverywhere,
  account: AdminAccount,
  { flags, terminal }: WithoutConnection,
): Promise<Tried["kind"]> {
  const { connection, resolver } = one;
  const session = { flags, terminal, connection };
  const wanted = wantedSetting(connection, resolver, NODE_OF_CHAIN, plan);
  let isSending = false;
  try {
    const answer = await agreeOnChange(wanted, account, session);
    if (answer.kind !== "agreed") return answer.kind;
    if (assertStill !== undefined) {
      const state = await readResolver(connection.provider, resolver);
      await assertStill({ ...one, state });
      assertOwnedBy(account.address, state);
    }
    isSending = true;
    return (await sendAgreed(answer, wanted, account, session)).kind;
  } catch (error) {
    if (!isSignpostError(error, ...(isSending ? UNSURE : NOT_SENT))) throw error;
    terminal.tell(`${resolver}: ${error.message}`);
    return isSending && !hasReverted(error) ? "unknown" : "failed";
  }
}

/** Throws TRANSACTION_REFUSED: the contract would take its fee, and change nothing. */
function assertOwnedBy(account: string, { owner }: ResolverState): void {
  if (owner === account) return;
  throw refused(`meanwhile ${owner} owns the resolver, and ${account} can change nothing there.`);
}

const NOT_SENT = ["TRANSACTION_REFUSED", "UNREACHABLE"] as const;
/** Of sending, waiting and reading back. */
const UNSURE = ["TRANSACTION_FAILED", "UNREACHABLE", "INVALID_REQUEST"] as const;

/** A node is not asked for an account that is not the owner's. */
function mayOwn({ owner }: ResolverState, { flags }: WithoutConnection): boolean {
  return flags.rpcAccount === undefined || addressOf(flags.rpcAccount) === owner;
}

/** Opens the account once for each chain, and asks for its passphrase once. */
function accountPerChain({
  flags,
  terminal,
}: WithoutConnection): (connection: Connection) => Promise<AdminAccount> {
  const opened = new Map<bigint, Promise<AdminAccount>>();
  const asking = askingOnce(terminal);
  return (connection) => {
    const account = opened.get(connection.chainId) ?? openAccount(connection, flags, asking);
    opened.set(connection.chainId, account);
    return account;
  };
}

function askingOnce(terminal: Terminal): Terminal {
  let secret: Promise<string> | undefined;
  return { ...terminal, askSecret: (question) => (secret ??= terminal.askSecret(question)) };
}
