#!/usr/bin/env bash
# Seen: openpgp 6.3.2 cannot use any key on a Brainpool curve under Node, nor one on secp256k1 where those are allowed. It requires
# eckey-utils then, which its package.json has only for its own developers. Certificates of GnuPG users look broken: "Could not find
# valid self-signature".
# Expected: its README lists these curves as supported, with Node's crypto. A package brings what it requires, or says that it needs
# it. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit openpgp@6.3.2
mkdir complete
(cd complete && npm init -y > /dev/null && npm install --silent --no-fund --no-audit openpgp@6.3.2 eckey-utils@0.7.14)
cat > make.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { generateKey } from "openpgp";
const config = { rejectCurves: new Set() };
for (const curve of ["nistP256", "brainpoolP256r1", "secp256k1"]) {
  const { publicKey } = await generateKey({ type: "ecc", curve, userIDs: [{ email: "a@mail.test" }], format: "binary", config });
  writeFileSync(`${process.argv[2]}/${curve}`, publicKey);
}
JS
cat > use.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createMessage, encrypt, readKey } from "openpgp";
const config = { rejectCurves: new Set() };
for (const curve of ["nistP256", "brainpoolP256r1", "secp256k1"]) {
  const key = await readKey({ binaryKey: readFileSync(`${process.argv[2]}/${curve}`) });
  const message = await createMessage({ text: "hello" });
  const outcome = await encrypt({ message, encryptionKeys: key, config }).then(
    () => "encrypted",
    ({ message }) => `${message.split("\n")[0].replace(/key \w+/, "key")}`,
  );
  console.log(`${curve}: ${outcome}`);
}
JS
cp make.mjs use.mjs complete
(cd complete && node make.mjs "$folder")
seen="as it is installed
$(node use.mjs "$folder")
with eckey-utils beside it
$(cd complete && node use.mjs "$folder")"
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
as it is installed
nistP256: encrypted
brainpoolP256r1: Error encrypting message: Could not find valid self-signature in key: Cannot find module 'eckey-utils'
secp256k1: Error encrypting message: Could not find valid self-signature in key: Cannot find module 'eckey-utils'
with eckey-utils beside it
nistP256: encrypted
brainpoolP256r1: encrypted
secp256k1: encrypted
TEXT
)" ] || { echo "openpgp behaves differently now."; exit 1; }
