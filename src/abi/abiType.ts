/** A value type of the contract ABI, as encode and decode over bytes; `typeByName` has them all. */
export interface AbiType {
  /** Canonical name, as it stands in a function signature. */
  readonly name: string;
  /** Dynamic values stand in the tail, behind an offset; static ones are one word in the head. */
  readonly dynamic: boolean;
  /** How many bytes the value takes where it stands. Throws INTERNAL for a value that is not of this type. */
  size(value: unknown): number;
  /** Writes a value whose size was asked before into zeros, and returns that size. */
  write(value: unknown, target: Uint8Array, position: number): number;
  /** Throws INVALID_CALL_DATA for bytes that are not of this type. */
  decode(data: Uint8Array, position: number): unknown;
}
