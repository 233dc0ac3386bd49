/** The XMPP gateway, put together from parts that are handed in. */
import { connectNetwork } from "../../connecting/connectNetwork.js";
import type { EnsAccess } from "../../connecting/ensAccess.js";
import { contactStore } from "../../db/messaging/contactStore.js";
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { xmppNetwork } from "../../xmpp/xmppNetwork.js";
import { canaryPlan } from "./canary/canaryPlan.js";
import { XMPP } from "./migrations.js";
import type { ComponentConfig, XmppConfig } from "./settings.js";

export interface XmppOptions extends Omit<XmppConfig, "ens">, EnsAccess {
  readonly allowLoopback: boolean;
}

/** How the numbers are told. */
export const TOLD = { capability: XMPP, as: "the XMPP gateway" } as const;

/** Throws DATABASE_UNAVAILABLE, INVALID_CONFIGURATION, and what `Secrets` throws. */
export async function startXmpp(parts: Parts, options: XmppOptions): Promise<RunningCapability> {
  const { component, relayNode } = complete(options);
  const { domain, host, port } = component;
  return connectNetwork(parts, {
    ...{ ...options, ...TOLD, relayNode, place: domain },
    given: givenOf(options, component),
    notConnected: `The XMPP gateway is not connected as ${domain} to ${host}:${port}: messages wait. Look for the XMPP server, its component port and XMPP_SECRET.`,
    join: ({ pool, tables, relay, reportFailure }) => ({
      canary:
        options.canary &&
        canaryPlan({
          ...{ pool, relay, secrets: parts.secrets, canary: options.canary, gateway: domain },
          password: options.secrets.canaryPassword ?? "",
          lookup: options.lookups,
        }),
      open: () =>
        xmppNetwork({
          ...{ ...component, componentDomain: domain },
          secret: options.secrets.component ?? "",
          contacts: contactStore(pool, tables),
          report: reportFailure,
          nowMs: () => performance.now(),
        }),
    }),
  });
}

/** Throws INVALID_CONFIGURATION. */
function complete({ component, relayNode }: Pick<XmppOptions, "component" | "relayNode">) {
  if (component === null || relayNode === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The XMPP gateway is not set up. Set XMPP_COMPONENT, XMPP_SECRET, XMPP_DOMAIN, and RELAY_ENS_NAME.",
    );
  }
  assertNormalName(relayNode);
  return { component, relayNode };
}

function givenOf(
  { registry, secrets }: Pick<XmppOptions, "registry" | "secrets">,
  { domain: virtualDomain, nativeDomain }: ComponentConfig,
) {
  if (registry === null) return null;
  const { names: domain } = registry;
  assertNormalName(domain);
  return {
    names: { kind: "xmpp" as const, domain, nativeDomain, virtualDomain },
    registry: { ...registry, apiKey: secrets.registryKey ?? "" },
  };
}
