#!/usr/bin/env bash
# Seen: postal-mime 4.0.0 joins the lines of format=flowed text without a look at their quote marks. Marks of a wrapped quote then
# stand inside of its text, and what the author wrote runs into the quote below it. Thunderbird writes such text by default.
# Expected: marks come off before lines are joined, and lines of another depth are not joined (RFC 3676, section 4.5), as
# mailparser 3.14.2 has it. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit postal-mime@4.0.0 mailparser@3.14.2
cat > seen.mjs <<'JS'
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
const HEADER = "MIME-Version: 1.0\r\nContent-Type: text/plain; format=flowed\r\n\r\n";
for (const body of ["> Shall we meet \r\n> at noon?\r\nYes", ">> Noon? \r\n> Rather not", "I agree to \r\n> pay"]) {
  const [postalMime, mailparser] = [await PostalMime.parse(HEADER + body), await simpleParser(HEADER + body)];
  console.log(`postal-mime ${JSON.stringify(postalMime.text.trimEnd())}, mailparser ${JSON.stringify(mailparser.text)}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
postal-mime "> Shall we meet > at noon?\nYes", mailparser "> Shall we meet at noon?\nYes"
postal-mime ">> Noon? > Rather not", mailparser ">> Noon? \n> Rather not"
postal-mime "I agree to > pay", mailparser "I agree to \n> pay"
TEXT
)" ] || { echo "They behave differently now."; exit 1; }
