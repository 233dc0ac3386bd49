/** The one error code of the RPC surface itself. */
export interface RpcErrors {
  /** What was called is no method of DM3, or its parameter is none. */
  WRONG_CALL: { readonly reason: "no-call" | "unknown-method" | "no-envelope" | "no-json" };
}

declare module "../../errors.js" {
  interface ErrorDetails extends RpcErrors {}
}
