/** The error code of ABI-encoded bytes that cannot be read. */
export interface AbiErrors {
  /** Bytes that claim to be a call, an ERC-3668 request or a result are not one that we can decode. */
  INVALID_CALL_DATA: { readonly name?: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends AbiErrors {}
}
