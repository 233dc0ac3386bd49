#!/usr/bin/env bash
# Seen: dkimSign of mailauth 7.1.0, given what its TypeScript types require (signingDomain, selector and privateKey, with
# signatureData optional), signs nothing: an empty text, no errors and no warnings. Only keys inside of signatureData sign, and
# options of signatureData alone, as its README has them, do not fit its types.
# Expected: a signature, or an error. A sender that follows the types sends unsigned mail and never learns of it. Fails when what
# is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit mailauth@7.1.0 typescript@6.0.3 @types/node@20.19.43
cat > seen.mjs <<'JS'
import { generateKeyPairSync } from "node:crypto";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = key.export({ type: "pkcs8", format: "pem" });
const signature = { signingDomain: "mail.test", selector: "s", privateKey };
for (const [name, options] of Object.entries({
  "as the types require": signature,
  "as the README has it": { signatureData: [signature] },
})) {
  const { signatures, errors, warnings } = await dkimSign("From: a@mail.test\r\n\r\nhello\r\n", options);
  const signed = signatures === "" ? "unsigned" : "signed";
  console.log(`${name}: ${signed}, ${errors.length} errors, ${warnings.length} warnings`);
}
JS
cat > readme.ts <<'TS'
import { dkimSign } from "mailauth/lib/dkim/sign.js";
const signature = { signingDomain: "mail.test", selector: "s", privateKey: "" };
await dkimSign("", { signatureData: [signature] });
TS
seen=$(node seen.mjs)
types=$(npx tsc --noEmit --strict --module nodenext --target es2022 --types node --skipLibCheck readme.ts || true)
seen="$seen
types of the README's call: $(grep -c "is missing the following properties" <<< "$types" || true) errors"
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
as the types require: unsigned, 0 errors, 0 warnings
as the README has it: signed, 0 errors, 0 warnings
types of the README's call: 1 errors
TEXT
)" ] || { echo "mailauth behaves differently now."; exit 1; }
