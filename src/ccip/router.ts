/**
 * A router for ERC-3668 requests: functions of a contract that exists offchain only. It has the shape of
 * `@ensdomains/ccip-read-router`, which can no longer be installed:
 *
 *   const router = createCcipRouter();
 *   router.add({ type: "function double(uint256) pure returns (uint256)", handle: ([x]) => [x * 2n] });
 *   await router.call({ to, data }); // { data: ABI-encoded output, basis: null }
 *
 * A router that is made with a type for it also hands on, beside the output, what the answer rests on: its handlers
 * return `{ values, basis }`, and `call` returns `{ data, basis }`.
 *
 * Failures are thrown, as everywhere here; the HTTP surface turns them into a status and `{message}`.
 */
import { abiFunction, selectorOf } from "../abi/abiFunction.js";
import type { Address } from "../ens/address.js";
import { SignpostError } from "../errors.js";

/** A call: `to` is the contract that asked, `data` its call data; more fields are the caller's. */
export interface CcipCall {
  readonly to: Address;
  readonly data: Uint8Array;
}

/** The values to encode and what they rest on; where nothing is handed on, the values alone. */
type Handled<Out, Basis> = Basis extends null ? Out : HandledWithBasis<Out, Basis>;

interface HandledWithBasis<Out, Basis> {
  readonly values: Out;
  readonly basis: Basis;
}

interface CcipRoute<
  In extends readonly unknown[],
  Out extends readonly unknown[],
  Call extends CcipCall,
  Basis,
> {
  /** Human-readable type of the function, see `abiFunction`. */
  readonly type: string;
  /** Gets the decoded arguments and the call. */
  readonly handle: (args: In, call: Call) => Handled<Out, Basis> | Promise<Handled<Out, Basis>>;
}

export interface CcipAnswer<Basis> {
  /** The ABI-encoded output. */
  readonly data: Uint8Array;
  /** As `handle` gave it. */
  readonly basis: Basis;
}

export interface CcipRouter<Call extends CcipCall = CcipCall, Basis = null> {
  /** Adds a function; throws INTERNAL when one with the same selector is there already. */
  add<In extends readonly unknown[], Out extends readonly unknown[]>(
    route: CcipRoute<In, Out, Call, Basis>,
  ): void;
  /** Throws INVALID_CALL_DATA for an unknown function or undecodable arguments, and what `handle` throws. */
  call(call: Call): Promise<CcipAnswer<Basis>>;
}

export function createCcipRouter<Call extends CcipCall = CcipCall, Basis = null>(): CcipRouter<
  Call,
  Basis
> {
  const routes = new Map<string, (call: Call) => Promise<CcipAnswer<Basis>>>();
  return {
    add<In extends readonly unknown[], Out extends readonly unknown[]>({
      type,
      handle,
    }: CcipRoute<In, Out, Call, Basis>) {
      const contractFunction = abiFunction<In, Out>(type);
      if (routes.has(contractFunction.selector)) {
        throw new SignpostError("INTERNAL", `${contractFunction.signature} was added twice.`);
      }
      routes.set(contractFunction.selector, async (call) => {
        const handled = await handle(contractFunction.decodeInput(call.data), call);
        const { values, basis } = withBasis<Out, Basis>(handled);
        return { data: contractFunction.encodeOutput(...values), basis };
      });
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
      return route(call);
    },
  };
}

function withBasis<Out extends readonly unknown[], Basis>(
  handled: Handled<Out, Basis>,
): HandledWithBasis<Out, Basis> {
  const isBare = Array.isArray(handled);
  return (isBare ? { values: handled, basis: null } : handled) as HandledWithBasis<Out, Basis>;
}
