// Gives every user of the table a name. Run it as often as you like: what is there already is "unchanged".
//
//   node docs/examples/sample-app/connect-users.mjs <users.csv> <domain>
//
// SIGNPOST_URL and SIGNPOST_API_KEY (scopes names:read, names:write) say where, and in whose right.
import { createClient } from "signpost/sdk";
import { nameOf, readUsers, withOwnNames } from "./usersTable.mjs";

const [file, domain] = process.argv.slice(2);
const { SIGNPOST_URL, SIGNPOST_API_KEY } = process.env;
const MOST_ITEMS = 10_000;

const signpost = createClient({ url: SIGNPOST_URL, apiKey: SIGNPOST_API_KEY });
const users = await readUsers(file);
const counts = {};
const named = withOwnNames(users, domain, ({ id, username }, reason) => {
  console.error(`user ${id}, ${username}: ${reason}`);
  counts.refused = (counts.refused ?? 0) + 1;
});

for (let first = 0; first < named.length; first += MOST_ITEMS) {
  const items = named.slice(first, first + MOST_ITEMS).map((user) => itemOf(user));
  // each by itself: one bad user name does not hold up the others
  for (const { name, outcome, warning, error } of await signpost.batch(items, { atomic: false })) {
    if (error) console.error(`${name}: ${error.code}: ${error.message}`);
    if (warning) console.error(warning);
    const what = error ? "refused" : outcome;
    counts[what] = (counts[what] ?? 0) + 1;
  }
}

console.log(`${users.length} users:`, JSON.stringify(counts));
if (counts.refused) process.exitCode = 1;

/** What of a user is public. Their e-mail address is not. */
function itemOf(user) {
  return { name: nameOf(user, domain), records: { texts: { avatar: user.avatar } } };
}
