#!/usr/bin/env bash
# Seen: serializeTypedData of viem 2.57.20, which makes the JSON for eth_signTypedData_v4, empties the domain when `types` has no
# EIP712Domain. hashTypedData, signTypedData and verifyTypedData of viem work out that type by themselves. So a wallet that signs
# the JSON signs something else, for no name and no chain, and the signature does not verify.
# Expected: the domain is kept, as ethers 6.17.0 keeps it, or an error. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit viem@2.57.20 ethers@6.17.0
cat > seen.mjs <<'JS'
import { TypedDataEncoder } from "ethers";
import { hashTypedData, serializeTypedData } from "viem";
const domain = { name: "Notes", chainId: 1 };
const Note = [{ name: "text", type: "string" }];
const message = { text: "hello" };
const EIP712Domain = [{ name: "name", type: "string" }, { name: "chainId", type: "uint256" }];
const show = (name, json, hash) =>
  console.log(`${name}: domain ${JSON.stringify(json.domain)}, same hash ${hashTypedData(json) === hash}`);
for (const [name, types] of Object.entries({ "with EIP712Domain": { EIP712Domain, Note }, "without": { Note } })) {
  const typedData = { domain, types, primaryType: "Note", message };
  show(`viem ${name}`, JSON.parse(serializeTypedData(typedData)), hashTypedData(typedData));
}
show("ethers without", TypedDataEncoder.getPayload(domain, { Note }, message), TypedDataEncoder.hash(domain, { Note }, message));
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
viem with EIP712Domain: domain {"name":"Notes","chainId":1}, same hash true
viem without: domain {}, same hash false
ethers without: domain {"name":"Notes","chainId":"0x1"}, same hash true
TEXT
)" ] || { echo "They behave differently now."; exit 1; }
