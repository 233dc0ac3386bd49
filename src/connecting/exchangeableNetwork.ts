/** The network of the process while it is the active one, and none while it waits. */
import { SignpostError } from "../errors.js";
import type { Network, NetworkEvents } from "../messaging/network.js";

export interface ExchangeableNetwork extends Pick<
  Network,
  "inject" | "isConnected" | "tell" | "keepsWhatItIsTold"
> {
  readonly start: (events: NetworkEvents) => void;
  readonly stop: () => Promise<void>;
}

export function exchangeableNetwork(open: () => Network): ExchangeableNetwork {
  let current: Network | null = null;
  const connected = (): Network => {
    if (current !== null) return current;
    throw new SignpostError("UNREACHABLE", "This process is not the active component.");
  };
  return {
    get keepsWhatItIsTold() {
      return current?.keepsWhatItIsTold ?? false;
    },
    isConnected: () => current?.isConnected() ?? false,
    inject: async (...page) => connected().inject(...page),
    tell: async (end) => connected().tell(end),
    start: (events) => {
      current = open();
      current.start(events);
    },
    stop: async () => {
      const before = current;
      current = null;
      await before?.stop();
    },
  };
}
