/** Whether the gateway can carry messages. */
import { fromDatabase } from "../../db/databaseError.js";
import type { Pool } from "../../db/pool.js";
import { isSignpostError } from "../../errors.js";
import type { Readiness } from "../../http/readiness.js";
import type { ComponentConfig } from "./settings.js";
import type { WhileActive } from "./whileActive.js";

export interface ReadinessParts {
  readonly pool: Pool;
  readonly active: Pick<WhileActive, "isActive">;
  readonly network: { readonly isConnected: () => boolean };
  readonly component: Pick<ComponentConfig, "domain" | "host" | "port">;
}

export function xmppReadiness({ pool, active, network, component }: ReadinessParts): Readiness {
  const { domain, host, port } = component;
  return async () => ({
    reasons: await databaseReasons(pool),
    // the relay node beside it takes messages all the same, and they wait
    warnings:
      active.isActive() && !network.isConnected()
        ? [
            `The XMPP gateway is not connected as ${domain} to ${host}:${port}: messages wait. Look for the XMPP server, its component port and XMPP_SECRET.`,
          ]
        : [],
  });
}

async function databaseReasons(pool: Pool): Promise<readonly string[]> {
  try {
    await fromDatabase(pool.query("select 1"));
    return [];
  } catch (error) {
    if (isSignpostError(error)) return [error.message];
    throw error;
  }
}
