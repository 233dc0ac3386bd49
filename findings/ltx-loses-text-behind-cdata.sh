#!/usr/bin/env bash
# Seen: ltx 3.1.2, the parser of @xmpp/client and @xmpp/component, loses the text that stands in an element behind a CDATA section, a
# comment or a processing instruction, up to the next tag. A stanza's body that is written with CDATA arrives shortened, without an error.
# Expected: the whole text, as saxes 6.0.0 reads it. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit ltx@3.1.2 saxes@6.0.0
cat > seen.mjs <<'JS'
import { parse } from "ltx";
import { SaxesParser } from "saxes";
const bySaxes = (xml) => {
  const parser = new SaxesParser();
  let text = "";
  parser.on("text", (some) => (text += some));
  parser.on("cdata", (some) => (text += some));
  parser.on("error", (error) => (text = error.message));
  parser.write(xml).close();
  return text;
};
for (const xml of [
  "<body>one <![CDATA[two]]> three</body>",
  "<body>one <!-- two --> three</body>",
  "<body>one <?two?> three</body>",
  "<body>one <![CDATA[two]]> three <br/> four</body>",
]) {
  console.log(`${xml}: ltx "${parse(xml).getText()}", saxes "${bySaxes(xml)}"`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
<body>one <![CDATA[two]]> three</body>: ltx "one two", saxes "one two three"
<body>one <!-- two --> three</body>: ltx "one ", saxes "one  three"
<body>one <?two?> three</body>: ltx "one ", saxes "one  three"
<body>one <![CDATA[two]]> three <br/> four</body>: ltx "one two four", saxes "one two three  four"
TEXT
)" ] || { echo "It behaves differently now."; exit 1; }
