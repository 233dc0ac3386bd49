#!/usr/bin/env bash
# Seen: dm3's web client seals the names of all contacts of an account by one key and one nonce (messenger-widget, useStorage.tsx,
# encryptSync), so that one name is always the same text in the storage. ChaCha20 with the same key and nonce is the same key stream: the XOR
# of two sealed names is the XOR of the names. Whoever keeps the rows and knows one of the names reads the others, as far as it is long, and
# address names are all equally long. The function `increment` of the library would make another nonce, but gets a copy of it, and
# changes nothing.
# Expected: what the operator of a storage knows of one contact says nothing of the others.
# With: @dm3-org/dm3-lib-crypto 1.7.1 and @dm3-org/dm3-lib-shared 1.7.1 (git head 5da0cafd is the same in this).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dm3-org/dm3-lib-crypto@1.7.1 @dm3-org/dm3-lib-shared@1.7.1 ajv@8.11.0 ajv-formats@2.1.1
cat >look.cjs <<'PROGRAM'
const { createKeyPair, encrypt } = require("@dm3-org/dm3-lib-crypto");
const { sha256 } = require("@dm3-org/dm3-lib-shared");

(async () => {
  const { privateKey } = await createKeyPair();
  const nonce = sha256("0x71cb05ee1b1f506ff321da3dac38f25c0c9ce6e1.addr.example.eth").slice(0, 26);
  // as the client seals the name of a contact
  const sealed = async (name) => Buffer.from((await encrypt(privateKey, name, nonce, 1)).ciphertext, "base64");
  const known = "0x1563915e194d8cfba1943570603f7606a3115508.addr.example.eth";
  const secret = "0x5cbdd86a2fa8dc4bddd8a8f69dba48572eec07fb.addr.example.eth";
  const [one, other] = [await sealed(known), await sealed(secret)];
  const read = Buffer.from(known).map((byte, at) => byte ^ one[at] ^ other[at]).toString();
  console.log("known:           ", known);
  console.log("read without key:", read);
  process.exit(read === secret ? 0 : 1);
})();
PROGRAM
node look.cjs
