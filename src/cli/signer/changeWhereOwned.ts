/** The same change at several resolvers, as far as the account that is given owns them. */
import type { Plan } from "../../admin/change.js";
import type { AdminAccount } from "../../chain/adminAccount.js";
import type { Connection } from "../../chain/connection.js";
import type { ResolverState } from "../../chain/resolverState.js";
import { isSignpostError } from "../../errors.js";
import { accountsGiven, openAccount } from "../resolver/accountOptions.js";
import { addressOf } from "../resolver/chainOptions.js";
import { wantedSetting } from "../resolver/changeSetting.js";
import { assertAnswerable, type Outcome, sendChange } from "../resolver/sendChange.js";
import type { Session } from "../resolver/session.js";
import type { Terminal } from "../resolver/terminal.js";
import type { AskedResolver } from "./resolversAsked.js";

/** In the steps that are printed, every chain has a node of its own. */
const NODE_OF_CHAIN = { rpc: "" };

/**
 * One after the other; stops at the first no. What the chain or its node refuses at one resolver is told, and the next one
 * has its turn. Throws TRANSACTION_FAILED, and what is wrong with the account.
 */
export async function changeWhereOwned(
  asked: readonly AskedResolver[],
  plan: (state: ResolverState) => Plan,
  session: Omit<Session, "connection">,
): Promise<readonly Outcome["kind"][]> {
  const { flags, terminal } = session;
  if (asked.length === 0 || accountsGiven(flags).length === 0) return [];
  assertAnswerable(session);
  const accountOn = accountPerChain(session);
  const outcomes: Outcome["kind"][] = [];
  for (const { connection, state } of asked) {
    if (state === null || !mayOwn(state, session)) continue;
    const account = await accountOn(connection);
    if (account.address !== state.owner) continue;
    const wanted = wantedSetting(connection, state.address, NODE_OF_CHAIN, plan);
    try {
      const { kind } = await sendChange(wanted, account, { ...session, connection });
      outcomes.push(kind);
      if (kind === "declined") break;
    } catch (error) {
      if (!isSignpostError(error, "TRANSACTION_REFUSED", "UNREACHABLE")) throw error;
      terminal.tell(`${state.address}: ${error.message}`);
    }
  }
  return outcomes;
}

/** A node is not asked for an account that is not the owner's. */
function mayOwn({ owner }: ResolverState, { flags }: Omit<Session, "connection">): boolean {
  return flags.rpcAccount === undefined || addressOf(flags.rpcAccount) === owner;
}

/** Opens the account once for each chain, and asks for its passphrase once. */
function accountPerChain({
  flags,
  terminal,
}: Omit<Session, "connection">): (connection: Connection) => Promise<AdminAccount> {
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
