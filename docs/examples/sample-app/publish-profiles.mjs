// Has every user of the table publish a DM3 profile. The users' part runs in their browsers in a real app: here, this
// program holds the sample's wallets, which all come from one well-known phrase.
//
//   node docs/examples/sample-app/publish-profiles.mjs <users.csv> <domain> <relay node's name>
//
// SIGNPOST_URL and SIGNPOST_API_KEY (scope profiles:write) say where, and in whose right.
import { HDNodeWallet } from "ethers";
import { createClient, createProfile } from "signpost/sdk";
import { nameOf, readUsers } from "./usersTable.mjs";

const PHRASE = "test test test test test test test test test test test junk";

const [file, domain, relayNode] = process.argv.slice(2);
const { SIGNPOST_URL, SIGNPOST_API_KEY } = process.env;
const signpost = createClient({ url: SIGNPOST_URL, apiKey: SIGNPOST_API_KEY });
const wallets = HDNodeWallet.fromPhrase(PHRASE, undefined, "m/44'/60'/0'/0");

const users = await readUsers(file);
const counts = {};
for (const user of users) {
  const published = await inTheBrowser(user);
  const { outcome } = await inYourBackend(user, published);
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}
console.log(`${users.length} profiles:`, JSON.stringify(counts));

/** The user's wallet signs twice. The secret keys stay with the user: they read and sign the messages. */
async function inTheBrowser({ id }) {
  const wallet = wallets.deriveChild(Number(id)); // window.ethereum, by connectWallet()
  const { address, signedUserProfile } = await createProfile(wallet, [relayNode]);
  return { address, signedUserProfile };
}

/** Signpost verifies the signature; whose account this is, only your app knows. */
async function inYourBackend(user, { address, signedUserProfile }) {
  if (address !== user.wallet) throw new Error(`${user.username} signed by another wallet.`);
  return signpost.profiles.put(nameOf(user, domain), { address, signedUserProfile });
}
