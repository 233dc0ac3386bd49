/** What gateways and bridges have in common among their settings. */
import { z } from "zod";
import { SignpostError } from "../errors.js";

export interface RegistryConfig {
  /** ENS name below which users get names. */
  readonly names: string;
  /** Of the service API. */
  readonly url: string;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

export const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/,
    "must be a host name in lower case",
  );

export const registryUrl = z
  .url({ protocol: /^https?$/ })
  .optional()
  .meta({ description: "The service API of the registry that serves these names." });

export const registryKey = z
  .string()
  .regex(/^signpost_/, "must be an API key")
  .refine(
    (apiKey) => !apiKey.startsWith("signpost_session_"),
    "is the key of a session, which ends within an hour: make a lasting one (`signpost key add`)",
  )
  .optional()
  .meta({ description: "An API key of that domain there.", secret: true });

/**
 * Whether all of them are there.
 * @param of for people: "the XMPP gateway"
 * @throws INVALID_CONFIGURATION where some are missing
 */
export function allOrNone<Key extends string>(
  given: Readonly<Record<Key, string | undefined>>,
  of: string,
): given is Readonly<Record<Key, string>> {
  const names = Object.keys(given) as Key[];
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return missing.length === 0;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `${missing.join(", ")} is missing beside the others of ${of}; set it.`,
  );
}

/** @throws INVALID_CONFIGURATION */
export function hostAndPort(text: string): HostAndPort {
  const { ipv6, name, port } =
    /^(?:\[(?<ipv6>[0-9a-fA-F:]+)\]|(?<name>[^:\s[\]]+)):(?<port>[0-9]{1,5})$/.exec(text)?.groups ??
    {};
  const host = ipv6 ?? name;
  const number = Number(port);
  if (host !== undefined && number >= 1 && number <= 65_535) return { host, port: number };
  throw new SignpostError("INVALID_CONFIGURATION", "must be host:port, e.g. 127.0.0.1:5347");
}
