/**
 * What wallets may do under a domain by themselves. The service always may, where no owner holds the name.
 *
 * What a new domain begins with, the database says (migration 0008).
 */
export interface DomainPolicy {
  /** Who takes free labels: the service for its users, or any wallet that comes first. */
  readonly claims: "service" | "wallets";
  /** A wallet may take the label that is its own address: `0x<40 lower-case digits>.<domain>`. */
  readonly addressNames: boolean;
  /** A wallet may take more than one name, beside the one that is made of its address. */
  readonly aliases: boolean;
  /** Labels that no wallet takes. */
  readonly reservedLabels: readonly string[];
}
