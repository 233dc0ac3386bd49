/** Chain and resolvers of the requests. */
import { getCreateAddress } from "ethers";

/** Hardhat's own. */
export const CHAIN_ID = 31_337n;

/** Hardhat's first account, which makes the same contracts on each new chain. */
export const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** In lower case. The first is asked in all cases but those about many resolvers. */
export const RESOLVERS: readonly string[] = Array.from({ length: 20 }, (_, nonce) =>
  getCreateAddress({ from: DEPLOYER, nonce }).toLowerCase(),
);
export const RESOLVER: `0x${string}` = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
