import { formatEther } from "ethers";

/** Rounded: nobody reads eighteen digits. */
export function ether(wei: bigint): string {
  const amount = Number(formatEther(wei));
  return `${amount.toLocaleString("en", { maximumSignificantDigits: 4 })} ETH`;
}
