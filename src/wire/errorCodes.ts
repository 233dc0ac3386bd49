/**
 * The error codes of the registry, with what each tells a program. They stand here and not in `registry`, because the
 * service API sends them and its clients read them.
 */
import { z } from "zod";

const text = z.string();

export const registryDetails = {
  /** The name belongs to another owner: another wallet, or the service. */
  NAME_TAKEN: z.object({
    name: text,
    /** The wallet that owns it. */
    owner: text.exactOptional(),
    /** The wallet that wants it. */
    wallet: text.exactOptional(),
  }),
  /** The name is kept for somebody else, or for nobody. */
  NAME_RESERVED: z.object({ name: text }),
  /** The name is suspended: nobody but who suspended it can change that. */
  NAME_SUSPENDED: z.object({ name: text, by: z.enum(["service", "admin"]), reason: text }),
  /** The owner of the name signed for it: the service can suspend it, but not change it. */
  HELD_BY_OWNER: z.object({ name: text, owner: text.exactOptional() }),
  /** The domain's policy does not let wallets do this. */
  POLICY_FORBIDS: z.object({ name: text, domain: text }),
  /** A profile that was replaced or deleted once is offered again; `wallet` is the one that gave the name up. */
  SUPERSEDED_PROFILE: z.object({ name: text, wallet: text.exactOptional() }),
  /** The name is no longer as the writer believed (If-Match, If-None-Match): its version now; null for no such name. */
  VERSION_CONFLICT: z.object({ name: text, version: text.nullable() }),
  /** A signed request has a sequence that was used before, or skips one; or a writer's message is too old. */
  WRONG_SEQUENCE: z.object({
    name: text,
    /** Of a signed request: the sequence to sign it with. */
    next: z.int().exactOptional(),
    /** Of a writer's message: it has to expire later than this, in seconds of Unix time. */
    expiresAfter: z.int().exactOptional(),
  }),
  /** The deadline of a signed request has passed; in seconds of Unix time. */
  REQUEST_EXPIRED: z.object({ deadline: z.number() }),
  /** A writer's message (ERC-7884) asks for a function that is not carried out here. */
  FUNCTION_NOT_SUPPORTED: z.object({ selector: text, supported: z.array(text) }),
  /** A request or a path names a resolver that this installation does not serve. */
  UNKNOWN_RESOLVER: z.object({
    /** As the request named them; the chain in decimal. */
    chainId: text.exactOptional(),
    resolver: text.exactOptional(),
    /** Those that do answer for the domain. */
    resolvers: z.array(z.object({ chainId: text, resolver: text })).exactOptional(),
  }),
  /** A name lies under no domain that this installation serves for that resolver. */
  UNKNOWN_DOMAIN: z.object({ name: text.exactOptional(), subdomain: text.exactOptional() }),
  /** No API key was given, or an unknown one. */
  UNAUTHORIZED: z.looseObject({}),
  /** The API key is valid, but not for this domain, or not for this kind of work. */
  FORBIDDEN: z.object({
    name: text.exactOptional(),
    /** The domain in whose right the name was to be used. */
    domain: text.exactOptional(),
    /** The id of the API key, and the scope that it lacks. */
    key: text.exactOptional(),
    scope: text.exactOptional(),
    /** The action that is not allowed. */
    action: text.exactOptional(),
  }),
  /** More was asked for than a limit allows: that of an API key, or of strangers. Never on the path of lookups. */
  LIMIT_EXCEEDED: z.object({
    limit: z.int().exactOptional(),
    /** When to come back. */
    retryAfterSec: z.number().exactOptional(),
  }),
};

/** Its codes, each with its details. */
export type RegistryErrors = {
  readonly [Code in keyof typeof registryDetails]: z.infer<(typeof registryDetails)[Code]>;
};

declare module "../errors.js" {
  interface ErrorDetails extends RegistryErrors {}
}
