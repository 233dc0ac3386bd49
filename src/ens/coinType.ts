/** Coin types: SLIP-44 numbers (ENSIP-9), and the EVM chains' own range (ENSIP-11, ENSIP-19). */

export const COIN_TYPE_ETH = 60n;

/** ENSIP-19: the address that a name gives for every EVM chain without one of its own. */
export const COIN_TYPE_DEFAULT_EVM = 0x8000_0000n;

/** Whether addresses of this coin type are 20-byte EVM addresses (ENSIP-19, `chainFromCoinType`). */
export function isEvmCoinType(coinType: bigint): boolean {
  return (
    coinType === COIN_TYPE_ETH || (coinType >= COIN_TYPE_DEFAULT_EVM && coinType <= 0xffff_ffffn)
  );
}
