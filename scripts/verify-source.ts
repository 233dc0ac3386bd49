// npx tsx scripts/verify-source.ts --resolver 0x... [--rpc URL] [--transaction 0x...] [--out FILE]
// Checks that a deployed resolver is what contracts/ compiles to, and prints what block explorers ask for.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { connect } from "../src/chain/connection.js";
import { checksumAddress, parseAddress } from "../src/ens/address.js";
import { isSignpostError } from "../src/errors.js";
import { verifySource } from "./sourceVerification.js";

const { values } = parseArgs({
  options: {
    resolver: { type: "string", default: "" },
    rpc: { type: "string", default: process.env["RPC_URL"] ?? "" },
    transaction: { type: "string" },
    out: { type: "string", default: "OffchainResolver.standard-input.json" },
  },
});

try {
  const resolver = checksumAddress(parseAddress(values.resolver));
  const connection = await connect(values.rpc);
  const verified = await verifySource(connection.provider, resolver, values.transaction);
  connection.close();
  await writeFile(values.out, `${JSON.stringify(verified.standardJsonInput, null, 2)}\n`);
  console.log(`The code at ${resolver} is what these sources compile to. A block explorer asks for:
  contract               ${verified.contract}
  compiler               v${verified.compiler}
  standard-JSON input    ${values.out}
  constructor arguments  ${verified.constructorArguments}`);
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`verify-source: ${error.message}`);
  process.exitCode = 1;
}
