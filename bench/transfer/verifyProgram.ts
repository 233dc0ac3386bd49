/** The bare verification of some people's signatures, in a process of its own: prints how many milliseconds it took. */
import { assertSignedBy } from "../../src/dm3/profile/profileSignature.js";
import { loadEngines } from "../../src/native/engines.js";
import { personOf } from "./madeExport.js";

const [from = 0, to = 0] = process.argv.slice(2).map(Number);
const { ecdsaSign } = await loadEngines();
/** So many are held at a time. */
const AT_ONCE = 1_000;
let ms = 0;
for (let first = from; first < to; first += AT_ONCE) {
  const count = Math.min(AT_ONCE, to - first);
  const people = Array.from({ length: count }, (_, index) => personOf(first + index, ecdsaSign));
  const before = performance.now();
  for (const { address, signedUserProfile } of people) assertSignedBy(address, signedUserProfile);
  ms += performance.now() - before;
}
console.log(String(ms));
