/**
 * A router for ERC-3668 requests: functions of a contract that exists offchain only. It has the shape of
 * `@ensdomains/ccip-read-router`, which can no longer be installed:
 *
 *   const router = createCcipRouter();
 *   router.add({ type: "function double(uint256) pure returns (uint256)", handle: ([x]) => [x * 2n] });
 *   await router.call({ to, data }); // { data: ABI-encoded output }
 *
 * Failures are thrown, as everywhere here; the HTTP surface turns them into a status and `{message}`.
 */
import { abiFunction, selectorOf } from "../abi/abiFunction.js";
import { SignpostError } from "../errors.js";

/** A call: `to` is the contract that asked (20 bytes), `data` its call data; more fields are the caller's. */
export interface CcipCall {
  readonly to: Uint8Array;
  readonly data: Uint8Array;
}

interface CcipRoute<
  In extends readonly unknown[],
  Out extends readonly unknown[],
  Call extends CcipCall,
> {
  /** Human-readable type of the function, see `abiFunction`. */
  readonly type: string;
  /** Gets the decoded arguments and the call; returns the values to encode. */
  readonly handle: (args: In, call: Call) => Out | Promise<Out>;
}

export interface CcipRouter<Call extends CcipCall = CcipCall> {
  /** Adds a function; throws INTERNAL when one with the same selector is there already. */
  add<In extends readonly unknown[], Out extends readonly unknown[]>(
    route: CcipRoute<In, Out, Call>,
  ): void;
  /** Throws INVALID_CALL_DATA for an unknown function or undecodable arguments, and what `handle` throws. */
  call(call: Call): Promise<{ data: Uint8Array }>;
}

export function createCcipRouter<Call extends CcipCall = CcipCall>(): CcipRouter<Call> {
  const routes = new Map<string, (call: Call) => Promise<Uint8Array>>();
  return {
    add<In extends readonly unknown[], Out extends readonly unknown[]>({
      type,
      handle,
    }: CcipRoute<In, Out, Call>) {
      const contractFunction = abiFunction<In, Out>(type);
      if (routes.has(contractFunction.selector)) {
        throw new SignpostError("INTERNAL", `${contractFunction.signature} was added twice.`);
      }
      routes.set(contractFunction.selector, async (call) =>
        contractFunction.encodeOutput(
          ...(await handle(contractFunction.decodeInput(call.data), call)),
        ),
      );
    },
    async call(call) {
      const selector = selectorOf(call.data);
      const route = routes.get(selector);
      if (!route) {
        throw new SignpostError(
          "INVALID_CALL_DATA",
          `This gateway does not answer the function ${selector}; it answers ${[...routes.keys()].join(", ")}.`,
        );
      }
      return { data: await route(call) };
    },
  };
}
