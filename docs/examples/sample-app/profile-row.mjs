// A row of a service's own table, as SQL: a user with a profile that their wallet signed. The user's part runs in their
// browser in a real app; here, each user gets a wallet of their own.
//
//   node docs/examples/sample-app/profile-row.mjs <username> <relay node's name> | psql ...
import { Wallet } from "ethers";
import { createProfile } from "signpost/sdk";

const [username, relayNode] = process.argv.slice(2);
const { address, signedUserProfile } = await createProfile(Wallet.createRandom(), [relayNode]);

const values = [
  username,
  address,
  JSON.stringify(signedUserProfile),
  `https://app.example/${username}.png`,
];
const quoted = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
console.log(`insert into users (username, wallet, profile, avatar) values (${quoted})
on conflict (username) do update set wallet = excluded.wallet, profile = excluded.profile;`);
