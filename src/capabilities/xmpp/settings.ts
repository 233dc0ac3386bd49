/** The XMPP gateway's part of the settings. */
import { z } from "zod";
import { SignpostError } from "../../errors.js";
import {
  ENS_NAME,
  ENS_SETTINGS,
  type EnsConfig,
  ensConfig,
  SIZE_LIMIT,
} from "../../settings/relayNodeSettings.js";
import { domainName, parsedBy } from "../../settings/settingKinds.js";
import { settingsPart } from "../../settings/settingsPart.js";

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
  };
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

export interface RegistryConfig {
  /** ENS name below which users get names. */
  readonly names: string;
  readonly url: string;
}

const USUAL_PORT = 5347;
/** A stanza with it still passes the usual limits of servers (256 KiB). */
const LARGEST_INLINE = 131_072;

const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/,
    "must be a host name in lower case",
  );

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
    XMPP_REGISTRY_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({
        description: "The service API of the registry that serves XMPP_NAMES.",
      }),
    XMPP_REGISTRY_KEY: z
      .string()
      .regex(/^signpost_/, "must be an API key")
      .optional()
      .meta({ description: "An API key of the domain XMPP_NAMES there.", secret: true }),
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
      secrets: {
        component: settings.XMPP_SECRET ?? null,
        registryKey: settings.XMPP_REGISTRY_KEY ?? null,
      },
    };
  },
);

function componentOf(settings: {
  readonly XMPP_COMPONENT?: string | undefined;
  readonly XMPP_SECRET?: string | undefined;
  readonly XMPP_DOMAIN?: string | undefined;
  readonly XMPP_SERVER: { readonly host: string; readonly port: number };
}): ComponentConfig | null {
  const { XMPP_COMPONENT: domain, XMPP_SECRET: secret, XMPP_DOMAIN: nativeDomain } = settings;
  const given = { XMPP_COMPONENT: domain, XMPP_SECRET: secret, XMPP_DOMAIN: nativeDomain };
  if (!allOrNone(given)) return null;
  if (domain === undefined || secret === undefined || nativeDomain === undefined) return null;
  if (domain === nativeDomain) {
    throw wrong("XMPP_COMPONENT has to be another host than XMPP_DOMAIN, e.g. dm3.chat.example.");
  }
  return { ...settings.XMPP_SERVER, domain, nativeDomain };
}

function registryOf(settings: {
  readonly XMPP_NAMES?: string | undefined;
  readonly XMPP_REGISTRY_URL?: string | undefined;
  readonly XMPP_REGISTRY_KEY?: string | undefined;
}): RegistryConfig | null {
  const { XMPP_NAMES: names, XMPP_REGISTRY_URL: url, XMPP_REGISTRY_KEY: apiKey } = settings;
  const given = { XMPP_NAMES: names, XMPP_REGISTRY_URL: url, XMPP_REGISTRY_KEY: apiKey };
  if (!allOrNone(given)) return null;
  if (names === undefined || url === undefined || apiKey === undefined) return null;
  return { names, url };
}

/** Throws INVALID_CONFIGURATION where some are missing. */
function allOrNone(given: Readonly<Record<string, string | undefined>>): boolean {
  const missing = Object.keys(given).filter((name) => given[name] === undefined);
  if (missing.length === 0 || missing.length === Object.keys(given).length) {
    return missing.length === 0;
  }
  throw wrong(`${missing.join(", ")} is missing beside the others of the XMPP gateway; set it.`);
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const { ipv6, name, port } =
    /^(?:\[(?<ipv6>[0-9a-fA-F:]+)\]|(?<name>[^:\s[\]]+)):(?<port>[0-9]{1,5})$/.exec(text)?.groups ??
    {};
  const host = ipv6 ?? name;
  const number = Number(port);
  if (host === undefined || !(number >= 1 && number <= 65_535)) {
    throw wrong("must be host:port, e.g. 127.0.0.1:5347");
  }
  return { host, port: number };
}

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
