// Takes a user down, or serves them again.
//
//   node docs/examples/sample-app/moderate.mjs suspend <name> <reason>
//   node docs/examples/sample-app/moderate.mjs unsuspend <name>
//
// SIGNPOST_URL and SIGNPOST_API_KEY (scope domain:admin) say where, and in whose right.
import { createClient } from "signpost/sdk";

const [action, name, reason] = process.argv.slice(2);
const { SIGNPOST_URL, SIGNPOST_API_KEY } = process.env;
const { names } = createClient({ url: SIGNPOST_URL, apiKey: SIGNPOST_API_KEY });

const result =
  action === "suspend" ? await names.suspend(name, reason) : await names.unsuspend(name);
console.log(
  result === null ? `There is no name ${name}.` : `${name}: ${action}, ${result.outcome}`,
);
if (result === null) process.exitCode = 1;
