// Prints everything that ever happened to a name, and in whose right.
//
//   node docs/examples/sample-app/show-history.mjs <name>
//
// SIGNPOST_URL and SIGNPOST_API_KEY (scope names:read) say where, and in whose right.
import { createClient } from "signpost/sdk";

const [name] = process.argv.slice(2);
const { SIGNPOST_URL, SIGNPOST_API_KEY } = process.env;
const signpost = createClient({ url: SIGNPOST_URL, apiKey: SIGNPOST_API_KEY });

for await (const { entry } of signpost.names.history(name)) {
  const { number, atMs, operation, authority } = entry;
  const by = authority.kind === "service" ? `API key ${authority.keyId}` : authority.kind;
  console.log(`${number}  ${new Date(atMs).toISOString()}  ${operation}  by ${by}`);
}
