#!/usr/bin/env bash
# Seen: EnsResolver.getAddress of ethers 6.17.0 adds 0x80000000 to the coin type that it is asked for. Bitcoin is 0, and 0x80000000
# is the default address of all EVM chains (ENSIP-19): that one is returned, although the name has a Bitcoin address. The types
# of other coins, such as Solana's 501, become those of EVM chains, and resolvers fall back to the same default.
# Expected: the address for this coin type or null, as its documentation says. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit ethers@6.17.0
cat > seen.mjs <<'JS'
import { AbiCoder, BrowserProvider, EnsResolver, MulticoinProviderPlugin, dataSlice } from "ethers";
const abi = AbiCoder.defaultAbiCoder();
const EVM_DEFAULT = 0x80000000n;
const BITCOIN = `0x76a914${"bb".repeat(20)}88ac`;
/** What ethers wants for the addresses of other coins. */
class Coins extends MulticoinProviderPlugin {
  supportsCoinType = (coinType) => coinType === 0;
  decodeAddress = async (_coinType, data) => `Bitcoin's ${data}`;
}
let asked;
const resolver = (records) => {
  // addr(node, coinType) with the fallback of ENSIP-19
  const request = async ({ method, params }) => {
    if (method === "eth_chainId") return "0x1";
    const [, coinType] = abi.decode(["bytes32", "uint256"], dataSlice(params[0].data, 4));
    asked.push(coinType);
    const fallback = coinType > EVM_DEFAULT ? records[EVM_DEFAULT] : undefined;
    return abi.encode(["bytes"], [records[coinType] ?? fallback ?? "0x"]);
  };
  const provider = new BrowserProvider({ request }, 1).attachPlugin(new Coins("coins"));
  return new EnsResolver(provider, `0x${"22".repeat(20)}`, "alice.eth", false);
};
const show = async (name, records, coinType) => {
  asked = [];
  const address = await resolver(records).getAddress(coinType);
  console.log(`${name}: asked for ${asked.join()}, told ${address}`);
};
const both = { 0: BITCOIN, [EVM_DEFAULT]: `0x${"aa".repeat(20)}` };
await show("Bitcoin, with an EVM default", both, 0);
await show("Solana, with an EVM default", both, 501);
await show("Bitcoin, without", { 0: BITCOIN }, 0);
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
Bitcoin, with an EVM default: asked for 2147483648, told 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
Solana, with an EVM default: asked for 2147484149, told 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
Bitcoin, without: asked for 2147483648,0, told Bitcoin's 0x76a914bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb88ac
TEXT
)" ] || { echo "ethers behaves differently now."; exit 1; }
