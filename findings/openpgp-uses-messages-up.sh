#!/usr/bin/env bash
# Seen: openpgp 6.3.2 uses a message object up. After one try with another's key, the right key no longer opens it. Verified a
# second time, a signed message has no signatures at all and there is no error: it looks like one that nobody signed.
# Expected: the same object and key give the same answer, as with passwords, detached signatures and cleartext messages. Whoever
# tries several keys in turn has to read the message anew for each. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit openpgp@6.3.2
cat > seen.mjs <<'JS'
import { createMessage, decrypt, encrypt, generateKey, readMessage, sign, verify } from "openpgp";
const keys = { userIDs: [{ email: "a@mail.test" }], format: "object" };
const [{ privateKey: mine, publicKey }, { privateKey: another }] = [await generateKey(keys), await generateKey(keys)];

const encrypted = await encrypt({ message: await createMessage({ text: "hello" }), encryptionKeys: publicKey });
const read = () => readMessage({ armoredMessage: encrypted });
const opened = async (message, decryptionKeys) => (await decrypt({ message, decryptionKeys }).catch(() => null))?.data ?? "not opened";
const once = await read();
console.log(`one object: another's key ${await opened(once, another)}, then mine ${await opened(once, mine)}`);
console.log(`read anew: another's key ${await opened(await read(), another)}, then mine ${await opened(await read(), mine)}`);

const armoredMessage = await sign({ message: await createMessage({ text: "hello" }), signingKeys: mine });
const message = await readMessage({ armoredMessage });
for (const time of ["first", "second"]) {
  const { data, signatures } = await verify({ message, verificationKeys: publicKey });
  const verified = await Promise.all(signatures.map((signature) => signature.verified));
  console.log(`verified a ${time} time: ${data}, signatures [${verified}]`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
one object: another's key not opened, then mine not opened
read anew: another's key not opened, then mine hello
verified a first time: hello, signatures [true]
verified a second time: hello, signatures []
TEXT
)" ] || { echo "openpgp behaves differently now."; exit 1; }
