/**
 * A service's own records, in JSON: all bytes in 0x hex. What a record means, and what is checked of it, says
 * `NameRecords`; `ownRecordsSchema` has the bounds.
 */
export interface OwnRecords {
  /** By coin type, in decimal (ENSIP-9). */
  readonly addresses?: Readonly<Record<string, string>> | undefined;
  readonly texts?: Readonly<Record<string, string>> | undefined;
  readonly contenthash?: string | null | undefined;
  /** The record `name()`. */
  readonly name?: string | null | undefined;
  readonly pubkey?: { readonly x: string; readonly y: string } | null | undefined;
  /** By content type, in decimal (ENSIP-4). */
  readonly abis?: Readonly<Record<string, string>> | undefined;
  /** By key (ENSIP-24). */
  readonly data?: Readonly<Record<string, string>> | undefined;
  /** By interface id, 0x and 8 lower-case digits: the contract that implements it. */
  readonly interfaces?: Readonly<Record<string, string>> | undefined;
}
