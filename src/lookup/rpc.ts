/** What wallets, viem, ethers and hardhat offer alike (EIP-1193): the SDK's view of a chain. */
export interface Eip1193Provider {
  request(args: { method: string; params: unknown[] }): Promise<unknown>;
}

/** What an RPC node answered instead of a result; `data` as it came. */
export class RpcFault extends Error {
  override readonly name = "RpcFault";
  constructor(
    message: string,
    readonly code: unknown,
    readonly data: unknown,
  ) {
    super(message);
  }
}
