// A service publishes one user, and a client finds them. Needs a running demo (`npm run demo`), then:
//
//   node docs/examples/publish-user.mjs [label]
//
// In your service, the wallet is the user's (in their browser) and the API key is in your secrets.
import { readFile } from "node:fs/promises";
import { Wallet } from "ethers";
import { createClient, createProfile, resolveProfile } from "signpost/sdk";

const demo = JSON.parse(await readFile(".signpost/demo.json", "utf8"));
const label = process.argv[2] ?? `user-${Date.now()}`;
const name = `${label}.${demo.domain}`;

// 1. The user signs twice: once to make their keys, once for the profile that holds them.
const wallet = Wallet.createRandom();
const { address, signedUserProfile } = await createProfile(wallet, [demo.relayNode]);

// 2. The service publishes what the user signed.
const signpost = createClient({ url: demo.apiUrl, apiKey: demo.apiKey });
await signpost.profiles.put(name, { address, signedUserProfile });
console.log(`published  ${name}`);

// 3. Any client resolves it. Only a demo needs the last two options.
const outcome = await resolveProfile(name, {
  rpc: demo.rpcUrl,
  ensRegistry: demo.ensRegistry,
  allowLoopback: true,
});
console.log(`${outcome.status}      ${outcome.sentence}`);
if (outcome.status !== "found" || outcome.address !== wallet.address) process.exitCode = 1;
