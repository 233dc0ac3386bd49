/** The XMPP gateway's part of the settings. */
import { z } from "zod";
import { SignpostError } from "../../errors.js";
import {
  allOrNone,
  type HostAndPort,
  hostAndPort,
  hostName,
  type RegistryConfig,
  registryKey,
  registryUrl,
} from "../../settings/networkSettings.js";
import {
  ENS_NAME,
  ENS_SETTINGS,
  type EnsConfig,
  ensConfig,
  SIZE_LIMIT,
} from "../../settings/relayNodeSettings.js";
import { domainName, parsedBy } from "../../settings/settingKinds.js";
import { settingsPart } from "../../settings/settingsPart.js";
import { CANARY_SETTINGS, type CanaryConfig, canaryOf } from "./canary/canarySettings.js";

export interface XmppConfig {
  /** ENS name of the relay node whose mailboxes it empties. */
  readonly relayNode: string | null;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
  readonly ens: EnsConfig;
  /** Null: not set up. */
  readonly component: ComponentConfig | null;
  /** Null: users come with names of their own. */
  readonly registry: RegistryConfig | null;
  readonly secrets: {
    /** By which the server knows the component. */
    readonly component: string | null;
    /** An API key of the domain of the names. */
    readonly registryKey: string | null;
    /** Of the canary's account. */
    readonly canaryPassword: string | null;
  };
  /** Null: no canary is sent. */
  readonly canary: CanaryConfig | null;
}

export interface ComponentConfig {
  /** Of the server's component port. */
  readonly host: string;
  readonly port: number;
  /** Host name of the component, and of the addresses of DM3 users. */
  readonly domain: string;
  /** The server's users are at this host. */
  readonly nativeDomain: string;
}

const THIS = "the XMPP gateway";
const USUAL_PORT = 5347;
/** A stanza with it still passes the usual limits of servers (256 KiB). */
const LARGEST_INLINE = 131_072;

export const xmppSettings = settingsPart(
  "The XMPP gateway",
  {
    XMPP_COMPONENT: hostName.optional().meta({
      description:
        "The gateway's host name at the XMPP server, as the server's settings have it, e.g. dm3.chat.example. DM3 users have their addresses there.",
    }),
    XMPP_SECRET: z.string().min(1).max(1_024).optional().meta({
      description: "The component's secret, as the XMPP server's settings have it.",
      secret: true,
    }),
    XMPP_DOMAIN: hostName.optional().meta({
      description: "The host of the server's users, e.g. chat.example.",
    }),
    XMPP_SERVER: parsedBy(hostAndPort).default({ host: "127.0.0.1", port: USUAL_PORT }).meta({
      description:
        "Where the XMPP server takes components (XEP-0114), as host:port; 127.0.0.1:5347 without it. The connection is not encrypted: keep it on one machine or in a private network.",
    }),
    XMPP_NAMES: domainName.optional().meta({
      description:
        "The domain below which the server's users get ENS names, e.g. users.example.eth. Without it only users with names of their own are connected.",
    }),
    XMPP_REGISTRY_URL: registryUrl,
    XMPP_REGISTRY_KEY: registryKey,
    ...CANARY_SETTINGS,
    RELAY_ENS_NAME: ENS_NAME,
    RELAY_SIZE_LIMIT: SIZE_LIMIT,
    ...ENS_SETTINGS,
  },
  (settings): XmppConfig => {
    const component = componentOf(settings);
    if (component !== null && settings.RELAY_SIZE_LIMIT > LARGEST_INLINE) {
      throw wrong(
        `RELAY_SIZE_LIMIT is more than ${LARGEST_INLINE}, which XMPP servers do not carry; lower it. Files go by reference.`,
      );
    }
    return {
      relayNode: settings.RELAY_ENS_NAME ?? null,
      sizeLimit: settings.RELAY_SIZE_LIMIT,
      ens: ensConfig(settings),
      component,
      registry: registryOf(settings),
      canary: canaryOf(settings),
      secrets: {
        component: settings.XMPP_SECRET ?? null,
        registryKey: settings.XMPP_REGISTRY_KEY ?? null,
        canaryPassword: settings.XMPP_CANARY_PASSWORD ?? null,
      },
    };
  },
);

function componentOf(settings: {
  readonly XMPP_COMPONENT?: string | undefined;
  readonly XMPP_SECRET?: string | undefined;
  readonly XMPP_DOMAIN?: string | undefined;
  readonly XMPP_SERVER: HostAndPort;
}): ComponentConfig | null {
  const { XMPP_COMPONENT, XMPP_SECRET, XMPP_DOMAIN } = settings;
  const given = { XMPP_COMPONENT, XMPP_SECRET, XMPP_DOMAIN };
  if (!allOrNone(given, THIS)) return null;
  if (given.XMPP_COMPONENT === given.XMPP_DOMAIN) {
    throw wrong("XMPP_COMPONENT must be another host than XMPP_DOMAIN, e.g. dm3.chat.example.");
  }
  const { XMPP_COMPONENT: domain, XMPP_DOMAIN: nativeDomain } = given;
  return { ...settings.XMPP_SERVER, domain, nativeDomain };
}

function registryOf(settings: {
  readonly XMPP_NAMES?: string | undefined;
  readonly XMPP_REGISTRY_URL?: string | undefined;
  readonly XMPP_REGISTRY_KEY?: string | undefined;
}): RegistryConfig | null {
  const { XMPP_NAMES, XMPP_REGISTRY_URL, XMPP_REGISTRY_KEY } = settings;
  const given = { XMPP_NAMES, XMPP_REGISTRY_URL, XMPP_REGISTRY_KEY };
  if (!allOrNone(given, THIS)) return null;
  return { names: given.XMPP_NAMES, url: given.XMPP_REGISTRY_URL };
}

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
