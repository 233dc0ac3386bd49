#!/usr/bin/env bash
# Seen: the declarations of openpgp 6.3.2 import types from @openpgp/web-stream-tools, which is no dependency of it. TypeScript 5.9.3 fails
# with TS2307 where libraries are checked; with skipLibCheck, data that streams becomes `any`, and nobody is told.
# Expected: what the declarations import comes with the package. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm pkg set type=module > /dev/null
npm install --silent --no-fund --no-audit openpgp@6.3.2 typescript@5.9.3
cat > use.ts <<'TS'
import { createMessage } from "openpgp";

export const message = await createMessage({ text: "hello" });
export const text: number = message.getText(); // a text is no number
TS
compile() { npx tsc --noEmit --strict --target es2022 --module nodenext --lib es2022,dom "$@" use.ts || true; }
missing=$(compile | grep -c "TS2307.*@openpgp/web-stream-tools" || true)
unnoticed=$(compile --skipLibCheck | grep -c "use.ts" || true)
seen="not found: $([ "$missing" -gt 0 ] && echo yes || echo no), wrong uses noticed with skipLibCheck: $unnoticed"
echo "$seen"
[ "$seen" = "not found: yes, wrong uses noticed with skipLibCheck: 0" ] || { echo "openpgp behaves differently now."; exit 1; }
