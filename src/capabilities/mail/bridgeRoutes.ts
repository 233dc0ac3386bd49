/** What the bridge answers over HTTP beside its relay node: introductions, contacts, and the key directory. */
import { Router } from "express";
import {
  clientNetworkBehind,
  type TrustedProxies,
  unreadableClients,
} from "../../http/clientAddress.js";
import type { Statuses } from "../../http/shownError.js";
import type { CapabilityRoute } from "../../service/capability.js";
import { addContactRoutes } from "./contactRoutes.js";
import { addIntroduction, type IntroductionParts } from "./introductionRoutes.js";
import { keyDirectory } from "./keyDirectory.js";
import { type ContactParts, virtualContacts } from "./virtualContacts.js";

const BRIDGE_STATUS: Statuses<
  "LIMIT_EXCEEDED" | "NOT_FOUND" | "UNREACHABLE" | "DATABASE_UNAVAILABLE"
> = {
  ...{ INVALID_REQUEST: 400, NOT_FOUND: 404, TOO_LARGE: 413, LIMIT_EXCEEDED: 429, INTERNAL: 500 },
  ...{ UNREACHABLE: 503, DATABASE_UNAVAILABLE: 503 },
};

export type BridgeRoutesParts = Omit<IntroductionParts, "networkOf"> &
  ContactParts & {
    readonly trusted: TrustedProxies;
    readonly reportFailure: (error: unknown) => void;
  };

export function bridgeRoutes(parts: BridgeRoutesParts): readonly CapabilityRoute[] {
  const networkOf = clientNetworkBehind(parts.trusted, (proxy) => {
    parts.reportFailure(unreadableClients(proxy));
  });
  const find = virtualContacts(parts);
  const own = Router({ strict: true });
  addIntroduction(own, { ...parts, networkOf });
  addContactRoutes(own, { find, networkOf });
  const { mailDomain } = parts;
  return [
    { kind: "handler", path: "/bridge", handler: own, statuses: BRIDGE_STATUS, isApi: true },
    {
      ...{ kind: "handler", path: "/.well-known/openpgpkey" },
      handler: keyDirectory({ mailDomain, find, networkOf }),
      ...{ statuses: BRIDGE_STATUS, isApi: true },
    },
  ];
}
