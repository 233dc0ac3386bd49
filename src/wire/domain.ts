/** The domain of an API key, and its reserved names. */
import { flag, type Infer, list, nullable, number, object, oneOf, text } from "./shape.js";

export const resolverSchema = object({
  /** Decimal. */
  chainId: text,
  /** 0x hex of 20 bytes. */
  resolver: text,
});

export const domainSchema = object(
  {
    domain: text,
    owner: nullable(text),
    policy: object({
      claims: oneOf("service", "wallets"),
      addressNames: flag,
      aliases: flag,
      reservedLabels: list(text),
    }),
    resolvers: list(resolverSchema),
  },
  {
    /** Further names of the domain, below which lookups find the same records. Earlier versions have none. */
    aliasDomains: list(text),
    /** Null where its names can be changed here; `to`: the service where they are changed now. Earlier versions do not say. */
    frozen: nullable(object({ to: nullable(text) })),
    /** Whether the owner may sign in here. Earlier versions do not say. */
    ownerSignsIn: flag,
  },
);

export const frozenSchema = object({ domain: text, frozen: object({ to: text }) });

/** Whether the domain is frozen for the mirror that asks, and not by hand or for another one. */
export const frozenForSchema = object({ domain: text, isFrozenFor: flag });

export const reservationSchema = object({
  name: text,
  wallet: nullable(text),
  untilMs: nullable(number),
});

export const reservationsPageSchema = object({
  reservations: list(reservationSchema),
  next: nullable(text),
});

export type DomainAnswer = Infer<typeof domainSchema>;
export type Reservation = Infer<typeof reservationSchema>;

export interface ReservationInput {
  /** The wallet that the name is kept for; null, as when left out, for nobody's. */
  readonly wallet?: string | null | undefined;
  /** Unix time in milliseconds; null, as when left out, for good. */
  readonly untilMs?: number | null | undefined;
}
