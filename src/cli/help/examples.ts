/** One example for each command: in its `--help`, and in docs/cli.md. A test parses each as the command line does. */

const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const WALLET = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
const SERVED = `--chain 1 --resolver ${RESOLVER}`;
const ADMIN = "--keystore owner.json";
const OF = "--resolver users.example.eth";
const VIEW =
  "--host db.internal --database app --user signpost --table signpost_users --label username";

/** By the command's words. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  resolve: "resolve alice.users.example.eth --rpc https://eth.example.com",
  publish: "publish alice.eth --onchain --profile profile.json --keystore owner.json",
  doctor: "doctor alice.users.example.eth --rpc https://eth.example.com",
  serve: "serve registry status --env-file /etc/signpost.env",
  export: "export users.example.eth --out users.ndjson",
  import: "import users.ndjson",
  completion: "completion bash > ~/.local/share/bash-completion/completions/signpost",

  "message send":
    "message send bob.users.example.eth --from alice.users.example.eth --keys keys.json",
  "message inbox": "message inbox alice.users.example.eth --keys keys.json",
  "message encode":
    "message encode bob.users.example.eth --from alice.users.example.eth --keys keys.json",
  "message decode": "message decode envelope.json --to bob.users.example.eth --keys keys.json",
  "message keys": "message keys wallet.key",

  "domain add": `domain add users.example.eth ${SERVED}`,
  "domain connect": `domain connect users.example.eth ${SERVED}`,
  "domain disconnect": `domain disconnect users.example.eth ${SERVED}`,
  "domain take-over": "domain take-over users.example.eth",
  "domain replace-key": "domain replace-key users.example.eth",
  "domain policy": "domain policy users.example.eth --claims wallets --reserved-labels admin,root",
  "domain alias add": "domain alias add users.alias.eth users.example.eth",
  "domain alias remove": "domain alias remove users.alias.eth",
  "domain alias list": "domain alias list",
  "domain suspend": "domain suspend alice.users.example.eth --reason spam",
  "domain unsuspend": "domain unsuspend alice.users.example.eth",
  "domain freeze": "domain freeze users.example.eth --to https://new.example.com",
  "domain unfreeze": "domain unfreeze users.example.eth",
  "domain end-feed": "domain end-feed users.example.eth",
  "domain remove": "domain remove users.example.eth --with-names",
  "domain twins": "domain twins",
  "domain list": "domain list --json",

  "key add": "key add users.example.eth --label 'import job' --scopes names:read,names:write",
  "key list": "key list users.example.eth",
  "key usage": "key usage",
  "key limit": "key limit users.example.eth 2 --per-minute 600",
  "key revoke": "key revoke users.example.eth 2",

  "history verify": "history verify --all",
  "signer show": "signer show",
  "signer new": "signer new .signpost/next.key",
  "signer check": `signer check ${WALLET}`,
  "signer rotate": `signer rotate ${WALLET} ${ADMIN}`,
  "signer list": "signer list",
  "signer forget": `signer forget ${WALLET}`,
  "signer remember": `signer remember ${WALLET}`,

  "source add": `source add users.example.eth ${VIEW} --password-file db.password`,
  "source add-http":
    "source add-http users.example.eth --endpoint https://app.example.com/signpost",
  "source grants": `source grants ${VIEW}`,
  "source list": "source list",
  "source show": "source show users.example.eth",
  "source test": "source test alice.users.example.eth",
  "source scan": "source scan users.example.eth",
  "source problems": "source problems users.example.eth",
  "source remove": "source remove users.example.eth",
  "mirror add":
    "mirror add users.example.eth --from https://primary.example.com --key-file primary.key",
  "mirror list": "mirror list",
  "mirror show": "mirror show users.example.eth",
  "mirror promote":
    "mirror promote users.example.eth --to https://mirror.example.com --key-file promote.key",
  "mirror remove": "mirror remove users.example.eth",

  "relay show": "relay show",
  "relay rotate-keys": "relay rotate-keys",
  "relay retire-keys": "relay retire-keys 1",
  "relay prove": "relay prove relay.example.eth",
  "relay prove-network": "relay prove-network chat.example.eth --record network.json",
  "relay canary": "relay canary",
  "relay accounts": "relay accounts",
  "relay remove-account": `relay remove-account ${WALLET}`,

  "xmpp describe": "xmpp describe",
  "mail dkim-keys": "mail dkim-keys",
  "mail report-key": "mail report-key",
  "storage accounts": "storage accounts",
  "storage remove-account": "storage remove-account 0x52908400098527886E0F7030069857D2E4169EE7",

  "node check": "node check https://relay.example.com/ds",
  "node prove": "node prove relay.example.eth --key-file node.key",
  "node register": "node register relay.example.eth --proven proven.json",
  "node list": "node list --service https://signpost.example.com",
  "node show": "node show relay.example.eth --service https://signpost.example.com",

  "network prove": "network prove chat.example.eth --record network.json --key-file node.key",
  "network register": "network register chat.example.eth --record network.json",
  "network list": "network list --service https://signpost.example.com",
  "network show": "network show chat.example.eth --rpc https://eth.example.com",
  "network find": "network find bob@chat.example --rpc https://eth.example.com",

  "gateway register": "gateway register chat.example.eth",
  "gateway check": "gateway check chat.example.eth --rpc https://eth.example.com",
  "bridge register": "bridge register mail.example.eth",
  "bridge check": "bridge check mail.example.eth --rpc https://eth.example.com",

  "certificate sign":
    "certificate sign alice.users.example.eth --certificate alice.asc --address alice@example.com --keys keys.json",
  "certificate publish": "certificate publish alice.users.example.eth --record certificate.json",
  "certificate show": "certificate show alice.users.example.eth --rpc https://eth.example.com",

  "resolver deploy": `resolver deploy --signer ${WALLET} --gateway https://gateway.example.com --salt users.example.eth ${ADMIN}`,
  "resolver show": `resolver show ${OF}`,
  "resolver signers add": `resolver signers add ${WALLET} ${OF} ${ADMIN}`,
  "resolver signers remove": `resolver signers remove ${WALLET} ${OF} ${ADMIN}`,
  "resolver signers list": `resolver signers list ${OF}`,
  "resolver urls set": `resolver urls set --gateway https://gateway.example.com ${OF} ${ADMIN}`,
  "resolver validity set": `resolver validity set 360 ${OF} ${ADMIN}`,
  "resolver metadata set": `resolver metadata set https://api.example.com/v1 ${OF} ${ADMIN}`,
  "resolver operations set": `resolver operations set --none ${OF} ${ADMIN}`,
  "resolver ownership transfer": `resolver ownership transfer ${WALLET} ${OF} ${ADMIN}`,
  "resolver ownership accept": `resolver ownership accept ${OF} --keystore new-owner.json`,
  "resolver attach": `resolver attach users.example.eth --resolver ${RESOLVER} ${ADMIN}`,
  "resolver detach": `resolver detach users.example.eth ${ADMIN}`,
  "resolver export": `resolver export ${OF} --name users.example.eth`,

  "secrets status": "secrets status",
  "secrets rotate": "secrets rotate",
  "secrets new-key": "secrets new-key /etc/signpost/secrets.key",
};
