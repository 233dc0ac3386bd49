/**
 * The error codes of the registry, with what each tells a program. They stand here and not in `registry`, because the
 * service API sends them and its clients read them.
 */
import {
  type Infer,
  integer,
  list,
  nullable,
  number,
  object,
  oneOf,
  openObject,
  text,
} from "./shape.js";

export const registryDetails = {
  /**
   * The name belongs to another owner: another wallet, or the service. `owner` is the wallet that owns it, `wallet` the
   * one that wants it, `twin` the name that is owned, where dm3's clients take the two for one.
   */
  NAME_TAKEN: object({ name: text }, { owner: text, wallet: text, twin: text }),
  /** The name is kept for somebody else, or for nobody; `twin`: it is one name with this one to dm3's clients. */
  NAME_RESERVED: object({ name: text }, { twin: text }),
  /** The name is suspended: nobody but who suspended it can change that. */
  NAME_SUSPENDED: object({ name: text, by: oneOf("service", "admin"), reason: text }),
  /** The owner of the name signed for it: the service can suspend it, but not change it. */
  HELD_BY_OWNER: object({ name: text }, { owner: text }),
  /** The domain's policy does not let wallets do this. */
  POLICY_FORBIDS: object({ name: text, domain: text }),
  /** A profile that was replaced or deleted once is offered again; `wallet` is the one that gave the name up. */
  SUPERSEDED_PROFILE: object({ name: text }, { wallet: text }),
  /** A statement is older than the one that the name has, of which `signedAfterSec` is the time; in seconds of Unix time. */
  SUPERSEDED_STATEMENT: object({ name: text, signedAfterSec: integer }),
  /** The domain is answered for, but not changed here; `to` is the service where it is changed now. */
  DOMAIN_FROZEN: object({ domain: text }, { to: text }),
  /** A place in the feed of changes that is of another feed: of another domain, or of the time before a restore. */
  CURSOR_OUTDATED: object({}),
  /** The name is no longer as the writer believed (If-Match, If-None-Match): its version now; null for no such name. */
  VERSION_CONFLICT: object({ name: text, version: nullable(text) }),
  /**
   * A signed request has a sequence that was used before, or skips one, or opened a session already; or a writer's message
   * is too old.
   */
  WRONG_SEQUENCE: object(
    { name: text },
    {
      /** Of a signed request: the sequence to sign it with. */
      next: integer,
      /** Of a writer's message: it has to expire later than this, in seconds of Unix time. */
      expiresAfter: integer,
    },
  ),
  /** The deadline of a signed request has passed; in seconds of Unix time. */
  REQUEST_EXPIRED: object({ deadline: number }),
  /** A writer's message (ERC-7884) asks for a function that is not carried out here. */
  FUNCTION_NOT_SUPPORTED: object({ selector: text, supported: list(text) }),
  /** A request or a path names a resolver that this installation does not serve. */
  UNKNOWN_RESOLVER: object(
    {},
    {
      /** As the request named them; the chain in decimal. */
      chainId: text,
      resolver: text,
      /** Those that do answer for the domain. */
      resolvers: list(object({ chainId: text, resolver: text })),
    },
  ),
  /** A name lies under no domain that this installation serves for that resolver. */
  UNKNOWN_DOMAIN: object(
    {},
    {
      name: text,
      subdomain: text,
      /** Where the name lies under an alias domain: the one whose records it is answered with. */
      aliasOf: text,
    },
  ),
  /** No API key was given, or an unknown one. */
  UNAUTHORIZED: openObject({}),
  /** The API key is valid, but not for this domain, or not for this kind of work. */
  FORBIDDEN: object(
    {},
    {
      name: text,
      /** The domain in whose right the name was to be used. */
      domain: text,
      /** Where the name lies under an alias domain: the one whose records it is answered with, which may be changed. */
      aliasOf: text,
      /** The id of the API key, and the scope that it lacks. */
      key: text,
      scope: text,
      /** The action that is not allowed. */
      action: text,
    },
  ),
  /**
   * More was asked for than a limit allows: that of an API key, or of strangers; `retryAfterSec` says when to come back.
   * Never on the path of lookups.
   */
  LIMIT_EXCEEDED: object({}, { limit: integer, retryAfterSec: number }),
};

/** Its codes, each with its details. */
export type RegistryErrors = {
  readonly [Code in keyof typeof registryDetails]: Infer<(typeof registryDetails)[Code]>;
};

declare module "../errors.js" {
  interface ErrorDetails extends RegistryErrors {}
}
