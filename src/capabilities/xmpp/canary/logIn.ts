/** The account by which a gateway is looked at: one of the server's own, as a user's app logs in with it. */
import { client, xml } from "@xmpp/client";
import type { Wallet } from "ethers";
import { SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";
import { xmppClientConnection, type XmppConnection } from "../../../sdk/xmppNode.js";

export interface CanaryAccount {
  /** Without a resource. */
  readonly address: string;
  readonly password: string;
  /** `host:port`; null: where the domain's DNS leads. */
  readonly server: string | null;
  /** Made for it, and the same each time: a gateway links an account to few wallets a day. */
  readonly wallet: Wallet;
}

export interface LoggedIn {
  readonly connection: XmppConnection;
  leave(): Promise<void>;
}

const LOGIN_MS = 15_000;

/** @throws UNREACHABLE, with what the server said */
export async function logIn(
  { address, password, server }: CanaryAccount,
  resource: string,
): Promise<LoggedIn> {
  const [username = "", domain = ""] = address.split("@");
  const xmpp = client({
    service: server === null ? domain : `xmpp://${server}`,
    ...{ domain, username, password, resource },
  });
  xmpp.reconnect.stop();
  let failure: unknown = null;
  xmpp.on("error", (error: unknown) => (failure ??= error));
  const leave = async () => {
    await xmpp.stop().catch(() => undefined);
  };
  const connection = xmppClientConnection(xmpp, xml);
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      xmpp.start(),
      new Promise((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error("it did not answer in time"));
        }, LOGIN_MS);
      }),
    ]);
    return { connection, leave };
  } catch (error) {
    await leave();
    const cause = failure ?? error;
    const text = cause instanceof Error ? cause.message : String(cause);
    const said = foreignText(text).replace(/\.$/, "");
    throw new SignpostError(
      "UNREACHABLE",
      `${address} could not log in: ${said}. Look for the server, the account and its password.`,
      { unreachable: [{ who: address, reason: said }] },
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}
